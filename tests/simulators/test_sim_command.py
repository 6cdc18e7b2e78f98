"""The fake from the command line."""

import json
import signal
import subprocess
import sys

import httpx
import pytest


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT])
def test_it_says_one_line_when_ready_and_ends_cleanly_when_told_to(end: signal.Signals) -> None:
    command = [sys.executable, "-m", "simulators.kie", "--port", "0", "--key", "k", "--credits", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert ready.keys() == {"name", "url"}
        assert ready["name"] == "kie"
        assert ready["url"].startswith("http://127.0.0.1:")
        with httpx.Client(trust_env=False) as http:
            answer = http.get(f"{ready['url']}/api/v1/chat/credit", headers={"Authorization": "Bearer k"})
        assert answer.json() == {"code": 200, "msg": "success", "data": 7}
        process.send_signal(end)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")
