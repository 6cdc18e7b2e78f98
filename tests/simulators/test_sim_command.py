"""The fakes from the command line."""

import json
import signal
import subprocess
import sys

import httpx
import pytest

BALANCE = {
    "kie": ("/api/v1/chat/credit", {"code": 200, "msg": "success", "data": 7}),
    "sunoapi": ("/api/v1/generate/credit", {"code": 200, "msg": "success", "data": 7}),
    "aimusicapi": (
        "/v2/credits", {"code": 200, "message": "success", "data": {"credits": 7, "used_credits": 0}},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("name", "end"), [("kie", signal.SIGINT), *((name, signal.SIGTERM) for name in BALANCE)])
def test_it_says_one_line_when_ready_and_ends_cleanly_when_told_to(name: str, end: signal.Signals) -> None:
    path, balance = BALANCE[name]
    command = [sys.executable, "-m", f"simulators.{name}", "--port", "0", "--key", "k", "--credits", "7"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout
        ready = json.loads(process.stdout.readline())
        assert ready.keys() == {"name", "url"}
        assert ready["name"] == name
        assert ready["url"].startswith("http://127.0.0.1:")
        with httpx.Client(trust_env=False) as http:
            answer = http.get(f"{ready['url']}{path}", headers={"Authorization": "Bearer k"})
        assert answer.json() == balance
        process.send_signal(end)
        rest, errors = process.communicate(timeout=10)
    assert (process.returncode, rest, errors) == (0, "", "")
