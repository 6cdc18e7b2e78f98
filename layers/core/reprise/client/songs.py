"""A song on its way in: a link as it is, a file by the presigned form into the inbox bucket."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import httpx

from reprise.client.errors import SongError
from reprise.client.transport import MOST_TRIES, Sleep, Transport, pause
from reprise.domain.audio import audio_type

HEAD_BYTES = 64
UPLOAD_SECONDS = 300.0
LONGEST_NAME = 256
"""Characters of a song's name that the API takes."""
A_SONG = "give a path, a https link, an open file of bytes (io.BytesIO), or what `client.upload` gave back"


@dataclass(frozen=True, slots=True)
class Upload:
    """A song in the inbox bucket, for seven days: as many covers of it as you like. `name` is its file's."""

    id: str
    name: str = ""


Song = str | Path | IO[bytes] | Upload
"""A link (`https://...`), a path, an open file of bytes that can seek, or what was uploaded before."""


@dataclass(frozen=True, slots=True)
class Songs:
    transport: Transport
    sleep: Sleep

    def source(self, song: Song, before: Callable[[], object] | None = None) -> dict[str, str]:
        """As a cover's body names it; a file is uploaded first, and `before` that is called."""
        if isinstance(song, str) and "://" in song:
            return {"url": song}
        there = song if isinstance(song, Upload) else self.upload(song, before)
        return {"upload": there.id, **({"name": there.name} if there.name else {})}

    def upload(self, song: str | Path | IO[bytes], before: Callable[[], object] | None = None) -> Upload:
        """Raises SongError where it cannot be read, is no audio, or is refused."""
        with _opened(song) as file:
            head = _head(file)
            kind = audio_type(head)
            if kind is None:
                what = "is empty" if not head else "is not audio"
                raise SongError(f"{_name(song)} {what}", "give an mp3, wav, flac, ogg, m4a or aac file")
            if before:
                before()
            form = self.transport.json("POST", "/v1/uploads", json={"content_type": kind.content_type})
            most = form["max_bytes"]
            if (size := file.seek(0, 2)) > most:
                raise SongError(f"{_name(song)} has {size:,} bytes; at most {most:,} are taken", "an mp3 is smaller")
            self._send(form, file, kind.content_type)
            return Upload(form["upload"], _named(song))

    def _send(self, form: dict[str, Any], file: IO[bytes], kind: str) -> None:
        """A form may be sent again: it writes the same object."""
        for tries in range(1, MOST_TRIES + 1):
            file.seek(0)
            parts = {"file": ("song", file, kind)}
            try:
                answer = self.transport.http.post(form["url"], data=form["fields"], files=parts, timeout=UPLOAD_SECONDS)
            except httpx.TransportError as error:
                if tries == MOST_TRIES:
                    raise SongError(f"The upload broke off: {error}", "check the connection and try again") from error
            else:
                if answer.is_success:
                    return
                if answer.status_code < 500 or tries == MOST_TRIES:
                    raise SongError(f"The bucket refused the song: {answer.status_code}", "upload it once more")
            self.sleep(pause(tries))


def _opened(song: str | Path | IO[bytes]) -> AbstractContextManager[IO[bytes]]:
    if isinstance(song, str | Path):
        return _file(Path(song))
    if not (hasattr(song, "seek") and hasattr(song, "read")):
        raise SongError(f"A song is no {type(song).__name__}", A_SONG)
    return nullcontext(song)


@contextmanager
def _file(path: Path) -> Iterator[IO[bytes]]:
    try:
        file = path.open("rb")
    except OSError as error:
        raise SongError(f"{path} cannot be read: {error.strerror}", "name an audio file, or a https link") from error
    with file:
        yield file


def _head(file: IO[bytes]) -> bytes:
    try:
        file.seek(0)
        head = file.read(HEAD_BYTES)
    except (OSError, ValueError) as error:  # a pipe cannot seek, a file may be closed
        raise SongError(f"The song cannot be read: {error}", A_SONG) from error
    if not isinstance(head, bytes):
        raise SongError("The song is open as text", A_SONG)
    return head


def _named(song: str | Path | IO[bytes]) -> str:
    """Its file's name, as a list shows it; an open file may have none."""
    path = song if isinstance(song, str | Path) else getattr(song, "name", "")
    name = Path(path).name if isinstance(path, str | Path) else ""
    return name.encode(errors="replace").decode()[-LONGEST_NAME:]


def _name(song: object) -> str:
    return str(song) if isinstance(song, str | Path) else "the song"
