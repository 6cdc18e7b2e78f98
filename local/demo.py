"""One cover from beginning to end: start everything, upload a song, watch, save the takes, stop."""

import contextlib
import errno
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from reprise.domain.audio import audio_type

from local.checks import head_of, title_of, usable_out, usable_song, usable_style
from local.errors import LocalError
from local.show import Progress, note, summary
from local.stack import HOME, Stack, running_stack
from local.studio import installed, python
from local.vendors import STUDIO, VENDORS

Job = dict[str, Any]
TERMINAL = frozenset({"succeeded", "failed", "canceled"})
WAIT_SECONDS = 20
LONGEST_NAME = 200  # bytes; file systems take 255


def demo(
    song: str | None,
    style: str,
    out: Path,
    *,
    provider: str | None = None,
    pace: float = 1.0,
    home: Path = HOME / "demo",
) -> int:
    """0 if the takes are in `out`, else 1."""
    provider = provider or _usual()
    path = usable_song(song) if song else None
    style, out = usable_style(style), usable_out(out)
    path, title = (path, title_of(path)) if path else own_song(home)
    note("Starting an AWS of your own, without an account: about five seconds.")
    own = provider == STUDIO
    if own and not installed():
        raise LocalError(
            "The studio is not installed.", "see what `make demo` says about .venv-studio, or PROVIDER=kie"
        )
    fakes = () if own else (provider,)
    with (
        running_stack(home, pace=pace, simulators=fakes, studio=own, takes=python()) as running,
        _client(running.stack) as api,
    ):
        note(f"The API answers at {running.stack.api_url}")
        job = cover(api, provider, path, title, style)
        entries = _json(api.get(f"/v1/covers/{job['id']}/timeline"))["entries"]
        files = [save(api, job, track, out) for track in job["tracks"]] if job["state"] == "succeeded" else []
    summary(job, entries, files)
    note("This stack has stopped again. `make up` starts one that stays, with a page to listen on.")
    return 0 if files else 1


def _usual() -> str:
    """The studio, which makes real music; a fake where its packages could not be installed."""
    if installed():
        return STUDIO
    note("The studio is not installed (.venv-studio): a fake of kie.ai makes the takes instead.")
    return VENDORS[0]


def cover(api: httpx.Client, provider: str, song: Path, title: str, style: str) -> Job:
    """Upload, order, and watch until the job is over."""
    with Progress(f"{title} as {style}") as progress:
        asked = {"source": {"upload": upload(api, song)}, "provider": provider, **wish(api, provider, title, style)}
        job = _json(api.post("/v1/covers", json=asked))
        return watch(api, job, progress.show)


def wish(api: httpx.Client, provider: str, title: str, style: str) -> dict[str, Any]:
    """What this provider can be asked for. One that swaps voices takes no style: the first voice of its list sings."""
    known = {one["provider"]: one for one in _json(api.get("/v1/providers"))["providers"]}
    fields = known[provider]["fields"]
    wishes = {"style": style, "title": title, "instrumental": True}
    asked = {name: value for name, value in wishes.items() if name in fields}
    return asked | {"voice": _voice(api)} if "voice" in known[provider]["required"] else asked


def _voice(api: httpx.Client) -> str:
    key = api.headers["Authorization"].removeprefix("Bearer ")
    voices = _json(api.get("/musicgpt/getAllVoices", headers={"Authorization": key}))["voices"]
    return str(voices[0]["voice_id"])


def upload(api: httpx.Client, song: Path) -> str:
    """The song goes straight to the inbox bucket by a presigned form; its id comes back."""
    known = audio_type(head_of(song))
    kind = known.content_type if known else "application/octet-stream"
    name = song.name.encode(errors="replace").decode()
    form = _json(api.post("/v1/uploads", json={"filename": name, "content_type": kind}))
    if song.stat().st_size > form["max_bytes"]:
        raise LocalError(f"{song.name} is larger than {form['max_bytes']:,} bytes.", "take a smaller file")
    with song.open("rb") as content:
        answer = httpx.post(form["url"], data=form["fields"], files={"file": (name, content, kind)}, timeout=120)
    if answer.is_error:
        raise LocalError(f"The bucket refused the song: {answer.status_code} {answer.text[:300]}", "see the answer")
    return str(form["upload"])


def watch(api: httpx.Client, job: Job, seen: Callable[[Job], None]) -> Job:
    """Each change of the job as it happens. The ETag says which one is known, so that none is waited for in vain."""
    seen(job)
    while job["state"] not in TERMINAL:
        known = {"If-None-Match": f'"{job["version"]}"'}
        job = _json(api.get(f"/v1/covers/{job['id']}", params={"wait": WAIT_SECONDS}, headers=known), job)
        seen(job)
    return job


def save(api: httpx.Client, job: Job, track: Job, out: Path) -> tuple[Path, Job]:
    """One take under a name that says what it is. The API redirects to the bucket; the key does not travel there."""
    answer = api.get(f"/v1/covers/{job['id']}/tracks/{track['number']}/audio", follow_redirects=True)
    _refuse_error(answer)
    suffix = mimetypes.guess_extension(track.get("content_type") or "") or ".mp3"
    asked = job["request"]
    title = asked.get("title") or track.get("title") or job["id"]
    name = " - ".join([title, asked.get("style") or asked.get("voice") or job["provider"]])
    try:
        return write_new(out, f"{_safe(name)} ({track['number']})", suffix, answer.content), track
    except OSError as error:
        raise LocalError(f"A take could not be saved to {out}: {error.strerror}", "make room, or give OUT") from error


def write_new(out: Path, name: str, suffix: str, content: bytes) -> Path:
    """Under this name, or with a number behind it: an earlier run's take is never overwritten."""
    out.mkdir(parents=True, exist_ok=True)
    for ending in ("", *(f" {number}" for number in range(2, 10_000))):
        with contextlib.suppress(FileExistsError), (path := out / f"{name}{ending}{suffix}").open("xb") as file:
            file.write(content)
            return path
    raise FileExistsError(errno.EEXIST, "too many takes of this name")


def own_song(home: Path) -> tuple[Path, str]:
    from local.song import TITLE, render

    path = home / "song.mp3"
    path.parent.mkdir(parents=True, exist_ok=True)
    render(path)
    return path, TITLE


def _client(stack: Stack) -> httpx.Client:
    headers = {"Authorization": f"Bearer {stack.api_key}"}
    return httpx.Client(base_url=stack.api_url, headers=headers, timeout=WAIT_SECONDS + 15, trust_env=False)


def _json(answer: httpx.Response, unchanged: Job | None = None) -> Job:
    if answer.status_code == httpx.codes.NOT_MODIFIED and unchanged is not None:
        return unchanged
    _refuse_error(answer)
    content: Job = answer.json()
    return content


def _refuse_error(answer: httpx.Response) -> None:
    if not answer.is_error:
        return
    try:
        problem = answer.json()
    except ValueError:
        problem = {}
    words = [problem.get("title") or problem.get("message") or answer.reason_phrase, problem.get("detail")]
    said = ": ".join(word for word in words if word)
    what = f"{answer.request.method} {answer.request.url.path} was answered with {answer.status_code} ({said})."
    if answer.is_server_error:
        raise LocalError(what, "the function's log in .local/demo/logs says more")
    rules = [f"\n  {entry['field']}: {entry['message']}" for entry in problem.get("errors", ())]
    raise LocalError(what + "".join(rules), "change what the answer names")


def _safe(name: str) -> str:
    plain = re.sub(r"[^\w\- ,.()]+", "_", name).encode()[:LONGEST_NAME].decode(errors="ignore")
    return plain.strip() or "cover"
