"""What a person tells one cover from another by. Nothing is made of it, and nobody is sent it."""

from posixpath import basename, splitext
from urllib.parse import unquote, urlsplit

from reprise.domain.request import CoverRequest, Source

SUFFIXES = (".mp3", ".wav", ".flac", ".ogg", ".oga", ".opus", ".m4a", ".mp4", ".aac")
"""Of songs. The end of a link without one says nothing to anybody, and may be a secret."""

UPLOADS = "uploads/"
LONGEST_NAME = 200
"""Characters; a prompt may have thousands."""


def name_of(request: CoverRequest) -> str | None:
    """The title; else the song's name, and what it was to become: `harbour - lo-fi jazz`."""
    if request.title:
        return request.title
    wish = request.style or request.prompt or request.voice or request.lyrics
    words = " - ".join(" ".join(part.split()) for part in (song_of(request.source), wish) if part)
    return words[:LONGEST_NAME] or None


def song_of(source: Source) -> str | None:
    """Its file name, without the suffix; an upload has one only where it was named."""
    if source.name:
        return splitext(basename(source.name.replace("\\", "/")))[0] or None
    if source.key:
        return None if source.key.startswith(UPLOADS) else splitext(basename(source.key))[0]
    stem, suffix = splitext(basename(unquote(urlsplit(source.url or "").path)))
    return stem if suffix.lower() in SUFFIXES else None
