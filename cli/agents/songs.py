"""Songs as agents name them, and how a call that is made again is known.

A cover's request names an uploaded song by its upload. So that the same file makes the same request, what it was
uploaded as is kept: one small file a song, named by a digest. What is kept came to be at once, and whole: of two
processes that upload the same song, both go on with the upload of the first.
"""

import hashlib
import json
import os
import stat
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reprise.client import Reprise, SongError, Upload
from reprise.domain.audio import MOST_SOURCE_BYTES, audio_type

from cli.profiles import Config
from local.errors import LocalError

KEPT_SECONDS = 6 * 24 * 3600
"""The inbox keeps uploads for seven days, the API an Idempotency-Key as long."""
HEAD_BYTES = 64


@dataclass(frozen=True, slots=True)
class Uploads:
    client: Reprise
    owner: str
    folder: Path

    @classmethod
    def of(cls, client: Reprise, owner: str) -> "Uploads":
        return cls(client, owner, Config.read().path.parent / "uploads")

    def source(self, song: str) -> str | Upload:
        """A link as it is; a file is uploaded, unless it was in these days. Raises SongError and LocalError."""
        if "://" in song:
            return song
        path = _audio(Path(song))
        with path.open("rb") as file:
            mark = self.folder / f"{self.owner}-{hashlib.file_digest(file, 'sha256').hexdigest()}"
        try:
            self._forget_old()
            return _kept(mark) or self._keep(mark, self.client.upload(path))
        except OSError as error:
            mend = "make that folder writable: without it, a call made again could buy again"
            raise LocalError(f"{self.folder} cannot keep what was uploaded: {error.strerror}.", mend) from error

    def _keep(self, mark: Path, upload: Upload) -> Upload:
        """The first one's, whoever that is."""
        part = self.folder / f".{uuid.uuid4().hex}"
        part.write_text(upload.id)
        try:
            os.link(part, mark)
        except FileExistsError:
            return _kept(mark) or upload
        finally:
            part.unlink()
        return upload

    def _forget_old(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for mark in self.folder.iterdir():
            if time.time() - mark.stat().st_mtime > KEPT_SECONDS:
                mark.unlink(missing_ok=True)


def call_key(source: str | Upload, wish: Mapping[str, object]) -> str:
    """The Idempotency-Key of a call: the same song and the same wishes have the same one."""
    told = ["upload", source.id] if isinstance(source, Upload) else ["url", source]
    return "mcp-" + hashlib.sha256(json.dumps([told, wish], sort_keys=True).encode()).hexdigest()


def _kept(mark: Path) -> Upload | None:
    try:
        return Upload(mark.read_text())
    except FileNotFoundError:
        return None


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
