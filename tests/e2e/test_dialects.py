"""Clients of all five vendors, pointed at the running stack, served by all five providers."""

import contextlib
import json
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from reprise.dialects import DIALECTS
from reprise.dialects.dialect import Knock
from reprise.domain.assess import assess
from reprise.providers import capabilities

from local.vendors import VENDORS
from tests.e2e.caller import Caller
from tests.e2e.clients import CLIENTS, Session

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the stack")]


class Mailbox:
    """A client's callback URL: keeps what was posted, in order."""

    def __init__(self) -> None:
        self.got: dict[str, list[Any]] = {}
        mailbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                mailbox.got.setdefault(self.path, []).append(json.loads(body))
                self.send_response(200)
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, name: str) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/{name}"

    def wait(self, name: str, count: int, seconds: float = 30) -> list[Any]:
        until = time.monotonic() + seconds
        while len(self.got.get(f"/{name}", [])) < count:
            assert time.monotonic() < until, self.got.get(f"/{name}")
            time.sleep(0.1)
        time.sleep(0.5)  # one that came twice would come now
        return self.got[f"/{name}"]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture(scope="module")
def mailbox() -> Iterator[Mailbox]:
    box = Mailbox()
    yield box
    box.close()


@pytest.fixture(scope="module")
def sessions(caller: Caller) -> Iterator[dict[str, Session]]:
    with contextlib.ExitStack() as cleanup:
        found = {name: Session.open(name, caller.stack.api_url, caller.stack.api_key) for name in CLIENTS}
        for session in found.values():
            cleanup.callback(session.http.close)
        yield found


@pytest.fixture(scope="module")
def source(uploaded: dict[str, str]) -> str:
    return f"upload:{uploaded['upload']}"


def gap(dialect: str, provider: str, source: str) -> str | None:
    """Why this provider cannot serve this vendor's client, from capability data alone."""
    call = httpx.Request("POST", "https://x/", **CLIENTS[dialect].submit(source, "https://client.example/"))
    headers = {name.lower(): value for name, value in call.headers.items()}
    wish = DIALECTS[dialect].parse(Knock("POST", CLIENTS[dialect].path, {}, headers, call.read()), "owner")
    broken = assess(wish.request, capabilities()[provider]).violations
    return f"no {broken[0].field}" if broken else None


def finished(session: Session, task: str, seconds: float = 90) -> list[str]:
    until = time.monotonic() + seconds
    while (links := session.links(task)) is None:
        assert time.monotonic() < until, (session.dialect, task)
        time.sleep(0.3)
    return links


def test_every_dialect_is_served_by_every_provider_that_can(
    caller: Caller, sessions: dict[str, Session], source: str, capsys: pytest.CaptureFixture[str]
) -> None:
    gaps = {(d, p): gap(d, p, source) for d in CLIENTS for p in VENDORS}
    answers = {(d, p): sessions[d].submit(source, **{"X-Reprise-Provider": p}) for d, p in gaps}
    cells: dict[tuple[str, str], str] = {}
    for (dialect, provider), answer in answers.items():
        if gaps[dialect, provider]:
            assert "task" not in answer.text or answer.json().get("code") != 200, answer.text
            cells[dialect, provider] = gaps[dialect, provider] or ""
            continue
        links = finished(sessions[dialect], sessions[dialect].task(answer))
        audio = httpx.get(links[0], follow_redirects=True)
        assert (audio.status_code, audio.content[:3]) == (200, b"ID3"), (dialect, provider)
        cells[dialect, provider] = f"{len(links)} take{'s' * (len(links) > 1)}"
    with capsys.disabled():
        print("\n" + table(cells), file=sys.stderr)  # noqa: T201 - the table is what people want to see
    assert sum(cells[pair] == gaps[pair] for pair in cells) == 8, "musicgpt swaps voices, the others restyle"


def table(cells: dict[tuple[str, str], str]) -> str:
    head = "dialect \\ provider".ljust(20) + "".join(name.ljust(13) for name in VENDORS)
    rows = [name.ljust(20) + "".join(cells[name, one].ljust(13) for one in VENDORS) for name in CLIENTS]
    return "\n".join([head, *rows])


def test_a_kie_client_hears_text_first_and_complete_although_aimlapi_did_the_work(
    sessions: dict[str, Session], source: str, mailbox: Mailbox
) -> None:
    answer = sessions["kie"].submit(source, mailbox.url("kie"), **{"X-Reprise-Provider": "aimlapi"})
    task = sessions["kie"].task(answer)
    bodies = mailbox.wait("kie", 3)
    assert [body["data"]["callbackType"] for body in bodies] == ["text", "first", "complete"]
    assert {body["data"]["task_id"] for body in bodies} == {task}
    (row,) = bodies[-1]["data"]["data"]
    assert httpx.get(row["audio_url"], follow_redirects=True).content[:3] == b"ID3"


def test_every_vendors_client_is_called_back_at_its_vendors_stages(
    sessions: dict[str, Session], source: str, mailbox: Mailbox
) -> None:
    for name in ("sunoapi", "aimusicapi", "musicgpt"):
        sessions[name].submit(source, mailbox.url(f"own-{name}"))
    suno = mailbox.wait("own-sunoapi", 3)
    assert [body["data"]["callbackType"] for body in suno] == ["text", "first", "complete"]
    clips = mailbox.wait("own-aimusicapi", 3)
    assert [clip["status"] for clip in clips[0]] == ["text", "text"]
    assert {clip["status"] for clip in clips[-1]} == {"complete"}
    (done,) = mailbox.wait("own-musicgpt", 1)
    assert (done["success"], done["conversion_type"]) == (True, "Cover")
    assert httpx.get(done["audio_url"], follow_redirects=True).content[:3] == b"ID3"


@pytest.mark.parametrize("name", list(CLIENTS))
def test_a_wrong_key_is_refused_in_the_vendors_words(caller: Caller, name: str, source: str) -> None:
    nobody = Session.open(name, caller.stack.api_url, "rk_nobody")
    with nobody.http:
        answer = nobody.submit(source)
    said = answer.json()
    assert 401 in (answer.status_code, said.get("code")), answer.text
    assert "type" not in said


@pytest.mark.parametrize("name", list(CLIENTS))
def test_a_client_that_submits_again_with_the_same_key_buys_once(
    sessions: dict[str, Session], name: str, source: str
) -> None:
    first, again = (sessions[name].submit(source, **{"Idempotency-Key": f"once-{name}"}) for _ in range(2))
    assert sessions[name].task(first) == sessions[name].task(again)
    finished(sessions[name], sessions[name].task(first))


def test_balances_voices_and_paths_that_are_not_there(sessions: dict[str, Session]) -> None:
    assert sessions["kie"].http.get("/api/v1/chat/credit").json()["data"] > 0
    assert sessions["sunoapi"].http.get("/api/v1/generate/credit").json()["data"] > 0
    assert sessions["aimusicapi"].http.get("/api/v2/credits").json()["data"]["credits"] > 0
    assert sessions["aimlapi"].http.get("/v2/billing").json()["currency"] == "USD"
    voices = sessions["musicgpt"].http.get("/api/public/v1/getAllVoices").json()
    assert voices["total"] >= len(voices["voices"]) > 0
    assert sessions["kie"].http.get("/api/v1/no-such-thing").json()["code"] == 404


def test_a_song_inside_the_body_is_covered(sessions: dict[str, Session], song_bytes: bytes) -> None:
    form = {"voice_id": "velvet-alto", "audio_url": ""}
    files = {"audio_file": ("song.mp3", song_bytes, "audio/mpeg")}
    answer = sessions["musicgpt"].http.post("/api/public/v1/Cover", data=form, files=files)
    assert finished(sessions["musicgpt"], answer.json()["task_id"])


def test_a_body_that_the_gateway_cannot_take_names_the_upload_route(sessions: dict[str, Session]) -> None:
    files = {"audio_file": ("song.mp3", bytes(4_600_000), "audio/mpeg")}
    answer = sessions["musicgpt"].http.post("/api/public/v1/Cover", data={"voice_id": "x"}, files=files)
    assert (answer.status_code, "/v1/uploads" in answer.text) == (413, True), answer.text
