"""The lines that docs/webhooks.md gives to receivers take what we sign, and nothing else."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import pytest
from reprise.signing import headers, secret_of

from tests.template import ROOT

PAGE = (ROOT / "docs/webhooks.md").read_text()
MASTER = b"m" * 48
SECRET, OLD, STRANGE = (secret_of(MASTER, "owner/job", one) for one in (2, 1, 3))
BODY = '{"type":"cover.text","été":1}'.encode()


def snippet(language: str, containing: str) -> str:
    (found,) = (one for one in re.findall(rf"```{language}\n(.*?)```", PAGE, re.S) if containing in one)
    return str(found)


def signed() -> dict[str, str]:
    return headers(MASTER, "abc-1", datetime.now(UTC), BODY, [SECRET, OLD])


def test_the_python_lines() -> None:
    names: dict[str, object] = {}
    exec(snippet("python", "standardwebhooks"), names)  # noqa: S102 - our own page
    event_of = names["event_of"]
    assert callable(event_of)
    assert event_of(BODY, signed(), SECRET)["type"] == "cover.text"
    assert event_of(BODY, signed(), OLD) is not None
    assert event_of(BODY, signed(), STRANGE) is None
    assert event_of(BODY, {**signed(), "webhook-signature": "nonsense"}, SECRET) is None


@pytest.mark.skipif(shutil.which("node") is None, reason="no node here")
@pytest.mark.parametrize(
    ("secret", "body", "shift", "verdict"),
    [
        (SECRET, BODY, 0, "true"),
        (OLD, BODY, 0, "true"),
        (STRANGE, BODY, 0, "false"),
        (SECRET, BODY + b" ", 0, "false"),
        (SECRET, BODY, 400, "false"),
    ],
)
def test_the_node_lines(tmp_path: Path, secret: str, body: bytes, shift: int, verdict: str) -> None:
    moment = datetime.fromtimestamp(datetime.now(UTC).timestamp() - shift, UTC)
    told = headers(MASTER, "abc-1", moment, BODY, [SECRET, OLD])
    given = f"Buffer.from({json.dumps(body.decode())}), {json.dumps(told)}, {json.dumps(secret)}"
    script = tmp_path / "verify.js"
    script.write_text(snippet("js", "createHmac") + f"\nconsole.log(verified({given}));\n")
    done = subprocess.run(["node", str(script)], capture_output=True, text=True, check=True)  # noqa: S607
    assert done.stdout.strip() == verdict


@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_the_openssl_lines(tmp_path: Path) -> None:
    told = signed()
    (tmp_path / "body.json").write_bytes(BODY)
    here = {"SECRET": SECRET, "WEBHOOK_ID": told["webhook-id"], "WEBHOOK_TIMESTAMP": told["webhook-timestamp"]}
    lines = snippet("bash", "openssl dgst")
    path = "/usr/local/bin:/usr/bin:/bin"
    done = subprocess.run(
        ["bash", "-c", lines],  # noqa: S607
        cwd=tmp_path,
        env={**here, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"v1,{done.stdout.strip()}" in told["webhook-signature"].split(" ")
