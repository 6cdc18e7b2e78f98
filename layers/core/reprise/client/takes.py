"""Takes as files: named by what they are, checked, and never over another file."""

import hashlib
import mimetypes
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from reprise.client.errors import UnreachableError
from reprise.client.transport import MOST_TRIES, Transport, pause

if TYPE_CHECKING:
    from reprise.client.transport import Sleep
    from reprise.http.shapes.covers import Cover, Track

LONGEST_NAME = 180
"""Bytes; file systems take 255."""


def save(transport: Transport, sleep: "Sleep", cover: "Cover", folder: Path) -> list[Path]:
    """All takes in the bucket. One that lies in the folder already is not fetched again. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = [track for track in cover["tracks"] if track["status"] == "kept"]
    return [_one(transport, sleep, cover, track, folder / name_of(cover, track)) for track in kept]


def name_of(cover: "Cover", track: "Track") -> str:
    """`Harbour Fog - lo-fi jazz (1).mp3`, as any file system takes it. Without a title the song's name is there."""
    asked = cover["request"]
    title = track["title"] or asked.get("title") or cover["song"] or cover["id"]
    words = f"{title} - {asked.get('style') or asked.get('voice') or cover['provider']}"
    plain = re.sub(r"[^\w .,'()+&-]", "_", words).strip(" .") or cover["id"]
    short = plain.encode()[:LONGEST_NAME].decode(errors="ignore").strip()
    suffix = mimetypes.guess_extension(track["content_type"] or "") or ".mp3"
    return f"{short} ({track['number']}){suffix}"


def _one(transport: Transport, sleep: "Sleep", cover: "Cover", track: "Track", path: Path) -> Path:
    places = _places(path)
    for place in places:
        if not place.exists():
            break
        if _digest(place) == track["sha256"]:
            return place
    part = path.parent / f".{uuid.uuid4().hex}.part"
    try:
        _fetch(transport, sleep, f"/v1/covers/{cover['id']}/tracks/{track['number']}/audio", track, part)
        return part.replace(_reserved(place, places))
    finally:
        part.unlink(missing_ok=True)


def _fetch(transport: Transport, sleep: "Sleep", link: str, track: "Track", path: Path) -> None:
    """By a fresh link each time; the API key stays with the API. Raises UnreachableError."""
    for tries in range(1, MOST_TRIES + 1):
        fresh = transport.json("GET", link)["audio_url"]
        try:
            with transport.http.stream("GET", fresh) as answer, path.open("wb") as file:
                answer.raise_for_status()
                for piece in answer.iter_bytes():
                    file.write(piece)
        except httpx.HTTPError:
            pass
        else:
            if track["sha256"] in (None, _digest(path)):
                return
        if tries < MOST_TRIES:
            sleep(pause(tries))
    raise UnreachableError(
        f"Take {track['number']} could not be fetched whole", "it stays in the bucket: save it again later"
    )


def _places(path: Path) -> Iterator[Path]:
    """This name, and then with a number behind it."""
    yield path
    for number in range(2, 10_000):
        yield path.with_name(f"{path.stem} {number}{path.suffix}")
    raise FileExistsError(f"{path}: too many takes of this name")


def _reserved(place: Path, places: Iterator[Path]) -> Path:
    """Of two that save at once, each gets a name."""
    while True:
        try:
            place.touch(exist_ok=False)
        except FileExistsError:
            place = next(places)
        else:
            return place


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
