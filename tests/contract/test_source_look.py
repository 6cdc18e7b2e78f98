"""The look at a song in the inbox, in memory and on S3 alike."""

import io
import wave

import pytest
from reprise.domain.assess import SourceFacts
from reprise.domain.request import Source
from reprise.media import PacketProbe
from reprise.memory import MemorySources
from reprise.ports import Download, SourceProbe
from reprise.sources import SourceLook

from tests.contract.conftest import BOTH, World


class NoLinks:
    def fetch(self, *_: object) -> Download:
        raise AssertionError("fetched")


def a_wav(seconds: int) -> bytes:
    song = io.BytesIO()
    with wave.open(song, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\1" * 8000 * seconds)
    return song.getvalue()


@pytest.fixture
def look(world: World) -> SourceProbe:
    return SourceLook(world.inbox, NoLinks(), PacketProbe())


@BOTH
def test_a_song_is_measured_where_it_lies(world: World, look: SourceProbe) -> None:
    world.drop("uploads/owner/whole", a_wav(200), {})
    assert look(Source(key="uploads/owner/whole")) == SourceFacts(200.0, 3_200_044, "wav")


@BOTH
def test_a_song_that_was_cut_off_is_as_long_as_what_is_there(world: World, look: SourceProbe) -> None:
    world.drop("inbox/half.wav", a_wav(4)[: 44 + 32_000], {})
    assert look(Source(key="inbox/half.wav")).seconds == 2.0


@BOTH
@pytest.mark.parametrize(
    ("key", "body", "rule"),
    [
        ("uploads/owner/none", None, "missing"),
        ("uploads/owner/empty", b"", "not-audio"),
        ("uploads/owner/page", b"<!doctype html>" * 100, "not-audio"),
        ("uploads/owner/mark", b"fLaC" + bytes(100), "not-audio"),
    ],
)
def test_what_is_no_song_is_a_fault_of_the_upload(
    world: World, look: SourceProbe, key: str, body: bytes | None, rule: str
) -> None:
    if body is not None:
        world.drop(key, body, {})
    facts = look(Source(key=key))
    assert facts.fault
    assert (facts.fault.field, facts.fault.rule, facts.page) == ("source.upload", rule, False)


@BOTH
def test_too_large_a_song_is_not_copied(world: World, look: SourceProbe, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.domain.audio.MOST_SOURCE_BYTES", 1000)
    world.drop("inbox/large.wav", a_wav(1), {})
    facts = look(Source(key="inbox/large.wav"))
    assert facts.fault
    assert (facts.fault.rule, facts.fault.length, facts.fault.limit) == ("too-large", 16_044, 1000)


def test_the_stand_in_is_a_probe_too() -> None:
    known: SourceProbe = MemorySources({"inbox/a.mp3": SourceFacts(3.0)})
    assert known(Source(key="inbox/a.mp3")).seconds == 3
