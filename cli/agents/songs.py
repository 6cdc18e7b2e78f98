"""Songs as agents name them, and how a call that is made again is known.

The Idempotency-Key of a call is made of the song's own bytes (or its link) and the wishes; the API keeps it for seven
days. It wants the same request with the same key, and a request names a song by its upload: so what a file was uploaded
as is kept, in one small file a song. That is there at once and whole: of two processes that upload the same song, both
go on with the upload of the first. Where it is lost, the API refuses the repetition (`key-reused`): nothing is bought.
"""

import hashlib
import json
import os
import stat
import time
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from reprise.client import InvalidError, Reprise, SongError, Upload
from reprise.domain.audio import MOST_SOURCE_BYTES, audio_type

from cli.profiles import Config

KEPT_SECONDS = 6 * 24 * 3600
"""The inbox keeps uploads for seven days."""
HEAD_BYTES = 64

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Named:
    """`mark` is the same for the same bytes, or the same link."""

    source: str | Upload
    mark: str

    def key(self, wish: Mapping[str, object]) -> str:
        """The Idempotency-Key of a call without one of its own."""
        return "mcp-" + hashlib.sha256(json.dumps([self.mark, wish], sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Uploads:
    client: Reprise
    owner: str
    folder: Path

    @classmethod
    def of(cls, client: Reprise, owner: str) -> "Uploads":
        return cls(client, owner, Config.read().path.parent / "uploads")

    def asked(self, named: str, ask: Callable[[Named], T]) -> T:
        """What `ask` makes of the song; asked once more where the upload that is kept is none any more (a new stack,
        an emptied bucket), which costs nothing: such a request is refused before anything is stored."""
        try:
            return ask(self.song(named))
        except InvalidError as error:
            if not any(one["field"] == "source.upload" for one in error.errors):
                raise
            return ask(self.song(named, anew=True))

    def song(self, named: str, *, anew: bool = False) -> Named:
        """A link as it is; a file is uploaded, unless it was in these days. Raises ApiError."""
        if "://" in named:
            return Named(named, named)
        path = _audio(Path(named))
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        with suppress(OSError):
            self._forget_old()
        place = self.folder / f"{self.owner}-{digest}"
        if anew:
            with suppress(OSError):
                place.unlink(missing_ok=True)
        return Named(_kept(place) or self._keep(place, self.client.upload(path)), digest)

    def _keep(self, place: Path, upload: Upload) -> Upload:
        """The first one's, whoever that is. Where nothing can be kept, a repetition is refused instead."""
        part = self.folder / f".{uuid.uuid4().hex}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part.write_text(f"{upload.id}\n{upload.name}")
            os.link(part, place)
        except FileExistsError:
            return _kept(place) or upload
        except OSError:
            return upload
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)
        return upload

    def _forget_old(self) -> None:
        for place in self.folder.iterdir():
            if time.time() - place.stat().st_mtime > KEPT_SECONDS:
                place.unlink(missing_ok=True)


def _kept(place: Path) -> Upload | None:
    """With the name that its file had then: the same bytes by another name are the same request."""
    try:
        upload_id, _, name = place.read_text().partition("\n")
    except OSError:
        return None
    return Upload(upload_id, name)


def _audio(named: Path) -> Path:
    """A regular file that begins as audio does: nothing else that the user may read leaves the machine."""
    try:
        path = named.expanduser().absolute()
        told = path.stat()
        if not stat.S_ISREG(told.st_mode):
            raise SongError(f"{path} is no regular file", "name an audio file, or a https link")
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except (OSError, ValueError, RuntimeError) as error:  # a name with a zero byte, a home that nobody has
        said = getattr(error, "strerror", None) or error
        raise SongError(f"{named} cannot be read: {said}", "name an audio file by its whole path") from error
    if audio_type(head) is None:
        raise SongError(f"{path} is not audio", "name an mp3, wav, flac, ogg, m4a or aac file, or a https link")
    if told.st_size > MOST_SOURCE_BYTES:
        what = f"{path} has {told.st_size:,} bytes; at most {MOST_SOURCE_BYTES:,} are taken"
        raise SongError(what, "an mp3 is smaller")
    return path
