"""From a file to two takes, and everything that is promised of them."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from studio import audio, cover, fonts, hearing, loudness, mix
from studio.cover import Cover
from studio.errors import NoFontError, NoMelodyError, NotAudioError, StudioError
from studio.mix import RATE
from studio.model import Wave
from studio.wish import Wish
from tests.studio.songs import played

SECONDS = 17.5


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("song") / "song.mp3"
    audio.encode(played(rate=RATE), RATE, path)
    return path


@pytest.fixture(scope="module")
def stages() -> list[tuple[str, Mapping[str, Any]]]:
    return []


@pytest.fixture(scope="module")
def made(song: Path, tmp_path_factory: pytest.TempPathFactory, stages: list[tuple[str, Mapping[str, Any]]]) -> Cover:
    out = tmp_path_factory.mktemp("out")
    return cover.cover(song, Wish(style="jazz"), "job-1", out, lambda *one: stages.append(one), stems=True)


def sound(path: Path) -> Wave:
    return audio.decode(path, RATE)


def test_the_stages_come_in_order(made: Cover, stages: list[tuple[str, Mapping[str, Any]]]) -> None:
    assert [name for name, _ in stages] == ["text", "first", "complete"]
    assert stages[0][1]["style"] == "jazz-trio"
    assert stages[1][1]["take"] == str(made.takes[0].audio)
    assert len(stages[2][1]["takes"]) == 2


def test_nothing_of_take_two_is_begun_until_take_one_can_be_heard(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    encode, mixed = audio.encode, mix.mixed

    def encoded(sound: Wave, rate: int, path: Path) -> None:
        encode(sound, rate, path)
        done.append(path.name)

    def begun(*score: Any) -> Wave:
        done.append("mixed")
        return mixed(*score)

    monkeypatch.setattr(audio, "encode", encoded)
    monkeypatch.setattr(mix, "mixed", begun)
    cover.cover(song, Wish(style="8-bit"), "job-5", tmp_path, lambda stage, _: done.append(stage))
    assert done == ["text", "mixed", "take-1.mp3", "first", "mixed", "take-2.mp3", "complete"]


def test_a_song_that_is_known_is_not_heard_again(
    made: Cover, song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = hearing.listen(song)
    assert known.heard == made.heard
    monkeypatch.setattr(hearing, "analyse", lambda *_: pytest.fail("it was heard again"))
    again = cover.cover(song, Wish(style="jazz"), "job-1", tmp_path, known=known)
    assert [one.audio.read_bytes() for one in again.takes] == [one.audio.read_bytes() for one in made.takes]
    assert again.picture.read_bytes() == made.picture.read_bytes()


def test_the_words_that_meant_nothing_are_reported(song: Path, tmp_path: Path) -> None:
    report = cover.cover(song, Wish(style="zither 8-bit"), "job-6", tmp_path).report
    assert report["ignored"] == ["zither"]
    assert "8-bit" in report["understood"][0]


def test_all_files_are_there(made: Cover) -> None:
    for take in made.takes:
        assert take.lead is not None
        for path in (take.audio, take.midi, take.lead):
            assert path.stat().st_size > 500
        assert sound(take.audio).shape[1] / RATE == pytest.approx(take.seconds, abs=0.1)
    assert made.picture.read_bytes().startswith(b"\x89PNG")
    assert "Chords:" in made.sheet.read_text()


def test_takes_are_loud_enough_and_not_too_loud(made: Cover) -> None:
    for take in made.takes:
        assert loudness.lufs(sound(take.audio), RATE) == pytest.approx(-16, abs=1.5)
        assert loudness.true_peak(sound(take.audio)) <= -1


def test_the_two_takes_are_not_the_same_sound(made: Cover) -> None:
    one, two = (sound(take.audio) for take in made.takes)
    assert abs(one.shape[1] - two.shape[1]) > RATE // 10


def test_the_same_job_gives_the_same_bytes(made: Cover, song: Path, tmp_path: Path) -> None:
    again = cover.cover(song, Wish(style="jazz"), "job-1", tmp_path)
    for one, two in zip(made.takes, again.takes, strict=True):
        assert one.audio.read_bytes() == two.audio.read_bytes()
        assert one.midi.read_bytes() == two.midi.read_bytes()
    assert made.picture.read_bytes() == again.picture.read_bytes()


def test_a_singer_is_kept_in_time_and_in_the_new_key(song: Path, tmp_path: Path) -> None:
    wish = Wish(style="synthwave", instrumental=False, pitch=2, voice="brighter")
    kept = cover.cover(song, wish, "job-2", tmp_path)
    assert kept.takes[0].seconds == pytest.approx(SECONDS, abs=4)
    assert any("lifted" in one for one in kept.report["warnings"])
    spectrum = np.abs(np.fft.rfft(sound(kept.takes[0].audio).mean(axis=0)[: 12 * RATE]))
    hertz = np.fft.rfftfreq(12 * RATE, 1 / RATE)

    def strength(pitch: float) -> float:
        wanted = 440 * 2 ** ((pitch - 69) / 12)
        return float(spectrum[np.abs(hertz - wanted) < 0.015 * wanted].max())

    assert strength(66) > 2 * strength(65)


def test_the_source_stays_as_loud_as_is_asked(song: Path, tmp_path: Path) -> None:
    own = sound(song).mean(axis=0)

    def likeness(weight: float) -> float:
        wish = Wish(style="ambient", audio_weight=weight)
        take = sound(cover.cover(song, wish, "job-3", tmp_path).takes[0].audio).mean(axis=0)[: own.size]
        return float(abs(take @ own[: take.size]) / np.linalg.norm(take) / np.linalg.norm(own))

    assert likeness(1.0) > 0.35 > 0.1 > likeness(0.0)


def test_without_a_font_the_synthetic_styles_still_play(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fonts, "find", lambda _=None: None)
    made = cover.cover(song, Wish(style="jazz"), "job-4", tmp_path)
    assert made.understood.style.synthetic
    assert made.report["soundfont"] is None


def test_a_sampled_style_without_a_font_is_refused(made: Cover) -> None:
    from studio.arrange import arrange
    from studio.style import styles

    tracks = arrange(made.heard, styles()["folk"], Wish(), "s", 0).tracks
    with pytest.raises(NoFontError):
        mix.played(tracks[0], None, 5.0)


def test_noise_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "noise.wav"
    audio.encode(np.random.default_rng(1).normal(0, 0.2, (1, 8 * 22050)).astype(np.float32), 22050, path)
    with pytest.raises(NoMelodyError) as caught:
        cover.cover(path, Wish(), "job", tmp_path / "out")
    assert caught.value.code == "no_melody"
    assert not (tmp_path / "out").exists()


def test_every_refusal_has_a_code_of_its_own() -> None:
    kinds = StudioError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert NotAudioError.code == "not_audio"


def test_a_voice_that_is_nobody_s_colour_is_refused(song: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="voice is one of"):
        cover.cover(song, Wish(voice="somebody famous"), "job", tmp_path)
