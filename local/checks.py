"""What the user gave the demo, looked at before anything starts: a minute is not lost on what cannot work."""

import tempfile
from pathlib import Path

from reprise.domain.audio import MOST_SOURCE_BYTES, audio_type
from reprise.errors import UnusableAudioError
from reprise.media import PacketProbe
from reprise.providers.kie import CAPABILITIES

from local.errors import LocalError

HEAD_BYTES = 64
LONGEST_STYLE = 400
"""Characters of a STYLE; what all models but the oldest take."""
LONGEST_TITLE = 80
"""Characters of a title that every model takes."""


def usable_song(given: str) -> Path:
    """The song as a path, if it is a file that the fake vendor's original would take."""
    if "://" in given:
        raise LocalError(f"SONG is a file on this machine, not an address: {given}", "download it, and name the file")
    song = Path(given)
    if not song.is_file():
        what = "a folder" if song.is_dir() else "no file"
        raise LocalError(f"SONG is {what}: {given}", "give SONG an audio file: mp3, wav, flac, ogg, m4a or aac")
    _like_audio(song)
    _not_too_long(song)
    return song


def usable_style(given: str) -> str:
    style = given.strip()
    if not style:
        raise LocalError("STYLE is empty.", 'say what the cover should sound like: STYLE="lo-fi jazz"')
    if len(style) > LONGEST_STYLE:
        raise LocalError(f"STYLE has {len(style)} characters.", f"say it in at most {LONGEST_STYLE}")
    return style


def usable_out(out: Path) -> Path:
    """The folder, made if need be, once something could really be written to it."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=out) as probe:
            probe.write(b"x")
    except OSError as error:
        reason = "it is a file" if isinstance(error, FileExistsError) else error.strerror
        raise LocalError(
            f"OUT cannot take the covers: {out}: {reason}", "give OUT a folder that you may write to"
        ) from error
    return out


def title_of(song: Path) -> str:
    """The file's name without its type, as text that any provider takes."""
    return song.stem.encode(errors="replace").decode()[:LONGEST_TITLE].strip() or "Untitled"


def head_of(song: Path) -> bytes:
    with song.open("rb") as content:
        return content.read(HEAD_BYTES)


def _like_audio(song: Path) -> None:
    try:
        size, head = song.stat().st_size, head_of(song)
    except OSError as error:
        raise LocalError(
            f"SONG cannot be read: {song}: {error.strerror}", "give SONG a file that you may read"
        ) from error
    if size == 0:
        raise LocalError(f"SONG is empty: {song}", "give SONG an audio file")
    if size > MOST_SOURCE_BYTES:
        most = f"{MOST_SOURCE_BYTES / 1e6:.0f} MB"
        raise LocalError(f"SONG has {size / 1e6:.1f} MB: {song}", f"take one of at most {most}; an mp3 is far smaller")
    if audio_type(head) is None:
        raise LocalError(f"SONG is not audio: {song}", "give SONG an mp3, wav, flac, ogg, m4a or aac file")


def _not_too_long(song: Path) -> None:
    most = CAPABILITIES.source.most_seconds
    try:
        seconds = PacketProbe().seconds(song)
    except UnusableAudioError as error:
        raise LocalError(f"SONG cannot be used: {song}: {error}", "check that it plays, or convert it anew") from error
    if most is not None and seconds > most:
        raise LocalError(
            f"SONG is {seconds / 60:.1f} minutes long: {song}", f"take one of at most {most / 60:.0f} minutes"
        )
