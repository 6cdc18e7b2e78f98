"""The reference audio: a link, a data URI, or bare Base64."""

import base64
import binascii
import hashlib
from urllib.parse import unquote_to_bytes, urlsplit

import httpx

from simulators import audio
from simulators.sources import SourceError, fetched, unsigned

MAX_BYTES = 50 * 1024 * 1024
MIN_SECONDS, MAX_SECONDS = 6, 360


def kind(given: str) -> str:
    """url, data or base64; only a hint until the thing is decoded."""
    scheme = given[:8].lower()
    return "url" if scheme.startswith(("http://", "https://")) else "data" if scheme.startswith("data:") else "base64"


def is_reference(given: str) -> bool:
    try:
        return bool(urlsplit(given).hostname if kind(given) == "url" else _decoded(given))
    except ValueError:
        return False


def loaded(client: httpx.Client, given: str) -> bytes:
    """The song, or SourceError with the vendor's free text."""
    if kind(given) == "url":
        try:
            return fetched(client, given, MAX_BYTES)
        except SourceError as error:
            raise SourceError(f"failed to download reference_audio_url: {error}") from error
    song = _decoded(given)
    if len(song) > MAX_BYTES:
        raise SourceError("reference audio is larger than 50 MB")
    return song


def measured(song: bytes) -> float:
    """The length of the song, if it is audio of an allowed length."""
    try:
        seconds = audio.seconds(song)
    except audio.NotAudioError as error:
        raise SourceError("reference audio format is not supported") from error
    if seconds < MIN_SECONDS:
        raise SourceError("reference audio is shorter than allowed")
    if seconds > MAX_SECONDS:
        raise SourceError("reference audio is longer than allowed")
    return seconds


def mark(given: str) -> str:
    """The same for the same song, however its link was signed."""
    return unsigned(given) if kind(given) == "url" else hashlib.sha256(given.encode()).hexdigest()


def _decoded(given: str) -> bytes:
    """ValueError when it is neither form."""
    if kind(given) == "data":
        head, comma, body = given.partition(",")
        if not comma:
            raise ValueError("a data URI without data")
        if not head.lower().endswith(";base64"):
            return unquote_to_bytes(body)
        given = body
    try:
        return base64.b64decode("".join(given.split()), validate=True)
    except binascii.Error as error:
        raise ValueError("not Base64") from error
