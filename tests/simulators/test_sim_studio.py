"""Takes by the studio's engine where one is set, quick ones where none is or where it refuses."""

import sys
import time
from pathlib import Path

import httpx
import pytest

from local.song import render
from local.studio import python
from simulators import audio
from simulators.clock import Clock, StoppedError
from simulators.engine import COLOURS, SETTING, Wish
from simulators.kie import KieSimulator
from simulators.musicgpt import MusicgptSimulator
from simulators.studio import Studio
from studio.voice import COLOURS as STUDIOS_COLOURS
from tests.simulators.conftest import TLS
from tests.simulators.kit import KEY, Buyer, Receiver, samples, song, wait_for

ENGINE = f"""#!{sys.executable}
import json, pathlib, sys, time
_, *asked = sys.argv
with open(__file__ + ".runs", "a") as runs:
    print(json.dumps(asked), file=runs)
mode = pathlib.Path(__file__ + ".mode").read_text()
if mode == "slow":
    time.sleep(60)
if mode == "refuse":
    sys.exit("no_melody: there is no tune in it")
out = pathlib.Path(next(one for one in asked if one.startswith("--out=")).removeprefix("--out="))
source = pathlib.Path(asked[-2]).read_bytes()
for take in (1, 2):
    (out / f"take-{{take}}.mp3").write_bytes(bytes(take) + source + asked[-1].encode())
"""
"""Stands for the Python of the studio: it keeps what it is asked, and each take says of what it was made."""


class FakeEngine:
    def __init__(self, folder: Path) -> None:
        self.path = folder / "python"
        self.path.write_text(ENGINE)
        self.path.chmod(0o755)
        self.mode("make")

    def mode(self, how: str) -> None:
        Path(f"{self.path}.mode").write_text(how)

    @property
    def runs(self) -> list[str]:
        kept = Path(f"{self.path}.runs")
        return kept.read_text().splitlines() if kept.exists() else []


@pytest.fixture
def engine(tmp_path: Path) -> FakeEngine:
    return FakeEngine(tmp_path)


def test_both_takes_come_of_one_run(engine: FakeEngine) -> None:
    with Studio(str(engine.path)) as studio:
        making = [studio.submit(studio.cover, b"song", "jazz", take) for take in (0, 1)]
        assert [one.result() for one in making] == [b"\0songjazz", b"\0\0songjazz"]
    assert len(engine.runs) == 1
    assert '"-m", "studio"' in engine.runs[0]


def test_another_song_style_voice_or_pitch_is_another_run(engine: FakeEngine) -> None:
    with Studio(str(engine.path)) as studio:
        for _ in range(2):
            studio.cover(b"song", "jazz", 0)
            studio.cover(b"other", "jazz", 0)
            studio.cover(b"song", "folk", 0)
            studio.cover(b"song", "jazz", 0, lift=2)
            studio.cover(b"song", "jazz", 0, voice="Velvet Alto")
    assert len(engine.runs) == 5
    assert '"--pitch=2"' in engine.runs[3]
    assert '"--sing"' in engine.runs[4]
    assert not any('"--sing"' in run for run in engine.runs[:4])


@pytest.mark.parametrize("style", ["--out=/elsewhere", "-h", "caf\u00e9 \ud800", "a\0b", ""])
def test_any_text_is_a_style_and_never_an_option(engine: FakeEngine, style: str) -> None:
    with Studio(str(engine.path)) as studio:
        made = studio.cover(b"song", style, 0)
    assert made == b"\0song" + style.encode(errors="replace").replace(b"\0", b" ")


def test_a_voice_is_always_the_same_colour_of_those_that_the_studio_has() -> None:
    assert set(COLOURS) == set(STUDIOS_COLOURS)
    colours = {Wish("", voice).arguments()[-1] for voice in map(str, range(40))}
    assert colours == {f"--voice={one}" for one in COLOURS}
    assert Wish("", "Velvet Alto").arguments() == Wish("", "Velvet Alto").arguments()


def test_a_refusal_makes_the_quick_takes_says_why_and_is_not_asked_again(
    engine: FakeEngine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine.mode("refuse")
    with Studio(str(engine.path)) as studio:
        made = [studio.cover(song(1.0), "jazz", take) for take in (0, 1)]
    assert made == [audio.cover(song(1.0), "jazz", take) for take in (0, 1)]
    assert capsys.readouterr().err.splitlines() == [
        "the studio refused: no_melody: there is no tune in it; the takes are the song filtered"
    ]
    assert len(engine.runs) == 1


def test_a_run_ends_with_the_simulator(engine: FakeEngine) -> None:
    engine.mode("slow")
    clock = Clock()
    with Studio(str(engine.path)) as studio:
        making = studio.submit(studio.cover, b"song", "jazz", 0, alive=clock.check)
        wait_for(lambda: engine.runs)
        begun = time.monotonic()
        clock.stop()
        with pytest.raises(StoppedError):
            making.result(timeout=10)
        assert time.monotonic() - begun < 5


def test_without_an_engine_takes_are_quick_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(SETTING, raising=False)
    with Studio() as studio:
        assert studio.cover(song(1.0), "jazz", 1, "Title") == audio.cover(song(1.0), "jazz", 1, "Title")


def test_a_bit_rate_that_was_ordered_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The engine's own is 192 kbit/s."""
    made = audio.cover(song(2.0), "", 0, bit_rate=192_000)
    with Studio("unused") as studio:
        monkeypatch.setattr(studio._engine, "takes", lambda song, wish, alive: (made, made))
        assert studio.cover(b"song", "", 0) == made
        assert len(studio.cover(b"song", "", 0, bit_rate=64_000)) < len(made) / 2


def test_a_vendors_fake_delivers_what_the_engine_made(
    engine: FakeEngine, taker: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.mode("refuse")
    monkeypatch.setenv(SETTING, str(engine.path))
    with KieSimulator(key=KEY, pace=0.02) as sim, httpx.Client(trust_env=False, timeout=10, verify=TLS) as http:
        buyer = Buyer(sim, taker, http)
        buyer.switch(poll_limit="off")
        row = buyer.until(buyer.task(), "SUCCESS")["response"]["sunoData"][0]
        assert http.get(row["audioUrl"]).content == audio.cover(song(), "jazz", 0, "Harbour Fog")
    assert len(engine.runs) == 1


def test_a_vendor_of_voices_keeps_the_songs_own(
    engine: FakeEngine, taker: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.mode("refuse")
    monkeypatch.setenv(SETTING, str(engine.path))
    with MusicgptSimulator(key=KEY, pace=0.02) as sim, httpx.Client(trust_env=False, timeout=10, verify=TLS) as http:
        order = {"audio_url": taker.url("/song.wav"), "voice_id": "Drake", "pitch": "3"}
        http.post(f"{sim.url}/Cover", data=order, headers={"Authorization": KEY}).raise_for_status()
        wait_for(lambda: engine.runs)
    (run,) = engine.runs
    assert '"--sing"' in run
    assert '"--pitch=3"' in run
    assert "Drake" not in run


@pytest.mark.long
@pytest.mark.skipif(python() is None, reason="the studio is not installed: make .venv-studio/.ready")
def test_the_real_engine_plays_the_song_anew(tmp_path: Path) -> None:
    """Not the quick take, but as long as the tune at another tempo, and the two takes are two."""
    render(tmp_path / "song.mp3")
    source = (tmp_path / "song.mp3").read_bytes()
    with Studio(str(python())) as studio:
        first, second = (studio.cover(source, "music box", take) for take in (0, 1))
    assert first != audio.cover(source, "music box", 0)
    assert audio.seconds(second) / audio.seconds(first) == pytest.approx(1 / 0.96, abs=0.03)
    assert float((samples(first) ** 2).mean()) > 1e-4
