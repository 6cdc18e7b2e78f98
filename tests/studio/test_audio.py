"""Files in and out: what is kept, what is refused and why."""

from pathlib import Path

import numpy as np
import pytest

from studio import audio
from studio.errors import NotAudioError, ProtectedError, TooLongError
from studio.model import Wave

RATE = 44100


def tone(seconds: float = 2.0, channels: int = 2) -> Wave:
    moment = np.arange(round(seconds * RATE)) / RATE
    return np.stack([0.5 * np.sin(2 * np.pi * 440 * (side + 1) * moment) for side in range(channels)]).astype(
        np.float32
    )


@pytest.mark.parametrize("kind", [".wav", ".flac"])
@pytest.mark.parametrize("channels", [1, 2])
def test_lossless_comes_back_as_it_went(tmp_path: Path, kind: str, channels: int) -> None:
    path = tmp_path / f"tone{kind}"
    audio.encode(tone(channels=channels), RATE, path)
    back = audio.decode(path, RATE)
    assert back.shape == (channels, 2 * RATE)
    assert np.abs(back - tone(channels=channels)).max() < 1e-4


def test_mp3_sounds_like_what_it_was(tmp_path: Path) -> None:
    audio.encode(tone(), RATE, tmp_path / "tone.mp3")
    back = audio.decode(tmp_path / "tone.mp3", RATE)
    assert back.shape[1] == pytest.approx(2 * RATE, abs=3000)
    assert back[:, 10000:80000].std() == pytest.approx(tone().std(), rel=0.05)


def test_one_plane_is_mono(tmp_path: Path) -> None:
    audio.encode(tone()[0], RATE, tmp_path / "mono.wav")
    assert audio.decode(tmp_path / "mono.wav", RATE).shape[0] == 1


def test_another_rate_keeps_the_pitch(tmp_path: Path) -> None:
    audio.encode(tone(channels=1), RATE, tmp_path / "tone.wav")
    back = audio.decode(tmp_path / "tone.wav", 22050)[0]
    assert back.size == pytest.approx(RATE, abs=50)
    assert np.argmax(np.abs(np.fft.rfft(back[:22050]))) == 440


def test_resampling_an_array_is_the_same() -> None:
    half = audio.resample(tone(channels=1), RATE, 22050)[0]
    assert np.argmax(np.abs(np.fft.rfft(half[:22050]))) == 440
    assert audio.resample(tone(), RATE, RATE).shape == tone().shape


@pytest.mark.parametrize("content", [b"", b"hello, I am a text\n" * 99, bytes(range(256)) * 99])
@pytest.mark.parametrize("suffix", [".mp3", ".wav", ".m4a"])
def test_what_is_no_audio_is_refused(tmp_path: Path, content: bytes, suffix: str) -> None:
    path = tmp_path / f"what{suffix}"
    path.write_bytes(content)
    with pytest.raises(NotAudioError):
        audio.decode(path, RATE)


def test_a_missing_file_is_no_audio(tmp_path: Path) -> None:
    with pytest.raises(NotAudioError):
        audio.decode(tmp_path / "none.mp3", RATE)


def test_too_long_is_told_while_decoding(tmp_path: Path) -> None:
    audio.encode(tone(), RATE, tmp_path / "tone.wav")
    with pytest.raises(TooLongError):
        audio.decode(tmp_path / "tone.wav", RATE, most_seconds=1.5)


def test_a_damaged_middle_is_played_over(tmp_path: Path) -> None:
    path = tmp_path / "tone.mp3"
    audio.encode(tone(8.0), RATE, path)
    content = bytearray(path.read_bytes())
    content[len(content) // 2 : len(content) // 2 + 3000] = bytes(3000)
    path.write_bytes(content)
    assert audio.decode(path, RATE).shape[1] > 6 * RATE


def test_a_shop_s_lock_is_told_apart_from_damage(tmp_path: Path) -> None:
    import av

    path = tmp_path / "bought.m4a"
    with av.open(str(path), mode="w", format="mp4") as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        assert isinstance(stream, av.AudioStream)
        frame = av.AudioFrame.from_ndarray(tone(channels=1), format="fltp", layout="mono")
        frame.sample_rate = RATE
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    assert audio.decode(path, RATE).size
    content = path.read_bytes()
    assert content.count(b"mp4a") == 1
    path.write_bytes(content.replace(b"mp4a", b"drms"))
    with pytest.raises(ProtectedError):
        audio.decode(path, RATE)
