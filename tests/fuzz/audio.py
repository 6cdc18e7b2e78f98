"""Any bytes as a song: a type or none, a fault or none, a length or UnusableAudioError."""

import contextlib
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reprise"]):
    from reprise.domain.audio import audio_type, fault
    from reprise.errors import UnusableAudioError
    from reprise.media import PacketProbe

PROBE = PacketProbe()
FOLDER = Path(tempfile.mkdtemp())


def one(data: bytes) -> None:
    head = data[:512]
    kind, said = audio_type(head), fault(len(data), head)
    assert said is not None or kind is not None
    song = FOLDER / "song"
    song.write_bytes(data)
    with contextlib.suppress(UnusableAudioError):
        assert PROBE.seconds(song) > 0


if __name__ == "__main__":
    atheris.Setup(sys.argv, one)
    atheris.Fuzz()
