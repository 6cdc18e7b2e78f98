"""One cover from beginning to end: start everything, upload a song, watch, save the takes, stop."""

import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from local.errors import LocalError
from local.show import Progress, note, summary
from local.stack import HOME, Stack, running_stack

Job = dict[str, Any]
TERMINAL = frozenset({"succeeded", "failed", "canceled"})
TYPES = {".wav": "audio/wav", ".mp3": "audio/mpeg", ".flac": "audio/flac", ".m4a": "audio/mp4", ".ogg": "audio/ogg"}
WAIT_SECONDS = 20


def demo(song: Path | None, style: str, out: Path, *, pace: float = 1.0, home: Path = HOME / "demo") -> int:
    """0 if the takes are in `out`, else 1."""
    song, title = (song, song.stem) if song else _own_song(home)
    if not song.is_file():
        raise LocalError(f"There is no song at {song}.", "give --song an audio file")
    note("Starting an AWS of your own, without an account: about five seconds.")
    with running_stack(home, pace=pace) as running, _client(running.stack) as api:
        note(f"The API answers at {running.stack.api_url}")
        job = cover(api, song, title, style)
        entries = _json(api.get(f"/v1/covers/{job['id']}/timeline"))["entries"]
        files = [save(api, job, track, out) for track in job["tracks"]] if job["state"] == "succeeded" else []
    summary(job, entries, files)
    return 0 if files else 1


def cover(api: httpx.Client, song: Path, title: str, style: str) -> Job:
    """Upload, order, and watch until the job is over."""
    with Progress(f"{song.name} as {style}") as progress:
        asked = {"source": {"upload": upload(api, song)}, "style": style, "title": title, "instrumental": True}
        job = _json(api.post("/v1/covers", json=asked | {"provider": "kie"}))
        return watch(api, job, progress.show)


def upload(api: httpx.Client, song: Path) -> str:
    """The song goes straight to the inbox bucket by a presigned form; its id comes back."""
    kind = TYPES.get(song.suffix.lower()) or mimetypes.guess_type(song.name)[0] or "application/octet-stream"
    form = _json(api.post("/v1/uploads", json={"filename": song.name, "content_type": kind}))
    if song.stat().st_size > form["max_bytes"]:
        raise LocalError(f"{song.name} is larger than {form['max_bytes']:,} bytes.", "take a smaller file")
    with song.open("rb") as content:
        answer = httpx.post(form["url"], data=form["fields"], files={"file": (song.name, content, kind)}, timeout=120)
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
    name = " - ".join([job["request"].get("title") or track.get("title") or job["id"], job["request"]["style"]])
    out.mkdir(parents=True, exist_ok=True)
    path = out / f"{_safe(name)} ({track['number']}){suffix}"
    path.write_bytes(answer.content)
    return path, track


def _own_song(home: Path) -> tuple[Path, str]:
    from local.song import TITLE, render

    path = home / "song.wav"
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
    raise LocalError(
        f"{answer.request.method} {answer.request.url.path} was answered with {answer.status_code} ({said}).",
        "the function's log in .local/demo/logs says more",
    )


def _safe(name: str) -> str:
    return re.sub(r"[^\w\- ,.()]+", "_", name).strip() or "cover"
