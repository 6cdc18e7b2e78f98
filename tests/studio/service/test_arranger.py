"""The real engine behind the service: a song comes out as two takes, silence as a refusal."""

import io
import wave
from pathlib import Path

import av
import pytest

from studio.server.arranger import ENGINE, wish_of
from studio.server.asked import Asked
from tests.studio.service.conftest import Launch
from tests.studio.service.kit import Town, until

LINK = "https://songs.example/a.mp3"
REAL = {"engine": "studio.server.arranger:ENGINE", "memory_mb": "1500"}
PATIENCE = 120.0


def test_what_was_asked_for_is_said_in_the_engines_words() -> None:
    full = Asked(
        LINK, prompt="dreamy", style="lo-fi", negative_style="drums", instrumental=True, voice="deeper", pitch=-2,
        style_weight=0.0, weirdness=1.0, audio_weight=0.25,
    )  # fmt: skip
    wish = wish_of(full)
    assert (wish.style, wish.negative, wish.instrumental) == ("lo-fi, dreamy", "drums", True)
    assert (wish.voice, wish.pitch) == ("deeper", -2)
    assert (wish.style_weight, wish.weirdness, wish.audio_weight) == (0.0, 1.0, 0.25)


def test_what_was_not_asked_for_is_as_the_engine_has_it() -> None:
    from studio.wish import Wish

    assert wish_of(Asked(LINK)) == Wish(instrumental=False)


def test_styles_and_voices_are_listed_by_id_and_name() -> None:
    assert len(ENGINE.styles()) >= 12
    for one in (*ENGINE.styles(), *ENGINE.voices()):
        assert one["id"]
        assert one["name"]


def test_a_song_becomes_two_takes_with_their_notes_and_a_picture(launch: Launch, town: Town, tmp_path: Path) -> None:
    from local.song import render

    render(tmp_path / "song.mp3")
    town.songs["/real.mp3"] = (tmp_path / "song.mp3").read_bytes()
    service = launch(**REAL)
    task = service.begin(source_url=town.link("/real.mp3"), style="music box", instrumental=True)
    until(lambda: service.read(task)["status"] not in ("queued", "running"), PATIENCE)
    told = service.read(task)
    assert (told["status"], told["error"]) == ("succeeded", None), (service.place / "log").read_text()
    assert told["report"]["style"] == "music-box"
    assert "Key: F major" in told["report"]["chart"]
    assert sorted(file["kind"] for file in told["files"]) == ["midi", "midi", "picture", "sheet"]
    until(lambda: town.types() == ["text", "first", "complete"])
    for take in told["takes"]:
        audio = service.http.get(take["audio_url"])
        assert audio.headers["content-type"] == "audio/mpeg"
        with av.open(io.BytesIO(audio.content), mode="r") as take_file:
            seconds: float = sum(frame.samples / frame.sample_rate for frame in take_file.decode(audio=0))
        assert seconds == pytest.approx(take["seconds"], abs=0.2)
        assert 25 < seconds < 60


def test_silence_is_refused_and_no_tune_is_invented(launch: Launch, town: Town) -> None:
    file = io.BytesIO()
    with wave.open(file, "wb") as song:
        song.setparams((1, 2, 22_050, 0, "NONE", ""))
        song.writeframes(bytes(2 * 22_050 * 12))
    town.songs["/silence.wav"] = file.getvalue()
    service = launch(**REAL)
    task = service.begin(source_url=town.link("/silence.wav"), style="lo-fi")
    until(lambda: service.read(task)["status"] == "failed", PATIENCE)
    assert service.read(task)["error"]["code"] == "no_melody"
