"""The look at a song before money is spent on it. Whatever it costs is bounded: bytes, seconds, and the walk's hour."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import NamedTemporaryFile

from reprise.domain import audio
from reprise.domain.assess import SourceFacts
from reprise.domain.request import Source
from reprise.domain.violation import Violation
from reprise.errors import FetchError, PassingFetchError, TooMuchAudioError, UnusableAudioError
from reprise.ports import HEAD_BYTES, Fetcher, Found, Inbox, Probe

LINK = "source.url"

MOST_LINK_BYTES = 50 * 1024 * 1024 + 1
"""The strictest limit that a vendor names (AI/ML API) and one byte, so that a file just above it is still measured."""

ENOUGH = 12
"""Bytes without which nobody can tell what something is."""

MOST_SECONDS = 6
"""For the whole look at a link: a caller is waiting, and the paid call comes after it."""


@dataclass(frozen=True, slots=True)
class SourceLook:
    """SourceProbe. Where a link is slow, large or in trouble, what is known is told: the provider is the judge then.

    `fetcher` should give up after MOST_SECONDS.
    """

    inbox: Inbox
    fetcher: Fetcher
    probe: Probe

    def __call__(self, source: Source, found: Found | None = None) -> SourceFacts:
        with NamedTemporaryFile(prefix="song-") as scratch:
            path = Path(scratch.name)
            if source.key:
                return self._object(source.key, found or self.inbox.look(source.key), path)
            return self._link(source.url or "", path)

    def _object(self, key: str, found: Found | None, path: Path) -> SourceFacts:
        field = "source.upload" if key.startswith("uploads/") else "source"
        missing = SourceFacts(fault=Violation(field, "missing", "there is no such upload"))
        if found is None:
            return missing
        if found.size > audio.MOST_SOURCE_BYTES:
            return _too_large(field, found.size)
        known = _told(field, found.size, found.head)
        if known.fault:
            return known
        try:
            there = self.inbox.download(key, path, audio.MOST_SOURCE_BYTES)
        except TooMuchAudioError as error:  # written over since the look
            return _too_large(field, error.size)
        return self._measured(field, known, path) if there else missing

    def _link(self, url: str, path: Path) -> SourceFacts:
        try:
            download = self.fetcher.fetch(url, path, MOST_LINK_BYTES)
        except (PassingFetchError, TooMuchAudioError) as error:
            head = _head(path)
            return _told(LINK, error.size, head) if len(head) >= ENOUGH else SourceFacts(size=error.size)
        except FetchError as error:
            return SourceFacts(fault=Violation(LINK, "unfetchable", str(error)))
        known = _told(LINK, download.size, download.head)
        return known if known.fault else self._measured(LINK, known, path)

    def _measured(self, field: str, known: SourceFacts, path: Path) -> SourceFacts:
        try:
            return replace(known, seconds=self.probe.seconds(path))
        except TooMuchAudioError as error:
            return replace(known, fault=Violation(field, "too-long", str(error)))
        except UnusableAudioError as error:
            return replace(known, fault=Violation(field, "not-audio", str(error), length=known.size))


def _told(field: str, size: int | None, head: bytes) -> SourceFacts:
    kind = audio.audio_type(head)
    if kind:
        return SourceFacts(size=size, format=kind.suffix)
    fault = Violation(field, "not-audio", audio.NO_SONG, length=size)
    return SourceFacts(size=size, fault=fault, page=field == LINK and head != b"")


def _too_large(field: str, size: int | None) -> SourceFacts:
    fault = Violation(field, "too-large", f"{size} bytes", size, audio.MOST_SOURCE_BYTES)
    return SourceFacts(size=size, fault=fault)


def _head(path: Path) -> bytes:
    """Of a download that was given up; it may not even have begun."""
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)
