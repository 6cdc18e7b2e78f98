"""What the frame gives to every fake."""

import io
from collections.abc import Iterator
from concurrent.futures import Future

import av
import httpx
import pytest

from simulators import audio
from simulators.clock import Clock, StoppedError
from simulators.sources import SourceError, fetched, unsigned
from tests.simulators.kit import Receiver, song
from tests.simulators.test_sim_audio import pitch


@pytest.mark.parametrize("lift", [-12, -3, 4, 12])
def test_a_take_is_lifted_by_the_semitones_that_were_asked_for(lift: int) -> None:
    plain, lifted = (audio.cover(song(2.0), "", 0, lift=semitones) for semitones in (0, lift))
    assert pitch(lifted) == pytest.approx(pitch(plain) * 2 ** (lift / 12), rel=0.02)
    assert audio.seconds(lifted) == pytest.approx(audio.seconds(plain), abs=0.2)


@pytest.mark.parametrize(("form", "container"), [("mp3", "mp3"), ("wav", "wav")])
@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_a_take_can_be_had_in_another_form_and_rate(form: str, container: str, rate: int) -> None:
    made = audio.recoded(song(1.0), form, rate, 64_000)
    with av.open(io.BytesIO(made)) as found:
        assert found.format.name == container
        assert found.streams.audio[0].rate == rate
    assert audio.seconds(made) == pytest.approx(1.0, abs=0.15)


def test_bare_samples_are_two_channels_of_sixteen_bits() -> None:
    assert len(audio.recoded(song(1.0), "pcm", 32_000)) == pytest.approx(32_000 * 2 * 2, rel=0.01)


def test_an_upload_may_come_in_chunks(taker: Receiver) -> None:
    def pieces() -> Iterator[bytes]:
        yield b'{"data": '
        yield b'{"callbackType": "text"}}'

    answer = httpx.post(taker.url("/in"), content=pieces(), trust_env=False)
    assert (answer.status_code, taker.stages) == (200, ["text"])


def test_a_song_is_fetched_up_to_a_size(taker: Receiver) -> None:
    with httpx.Client(trust_env=False) as client:
        assert fetched(client, taker.url("/song.wav")) == song()
        for url, most in ((taker.url("/song.wav"), 1000), (taker.url("/missing"), 1000), ("no link", 1000)):
            with pytest.raises(SourceError):
                fetched(client, url, most)


def test_a_link_signed_twice_is_one_link() -> None:
    assert unsigned("https://h.example/a/b.mp3?sig=1#x") == unsigned("https://h.example/a/b.mp3?sig=2")
    assert unsigned("http://[bad") == "http://[bad"


def test_waiting_for_a_result_ends_with_the_clock() -> None:
    clock, never, failed = Clock(), Future[int](), Future[int]()
    failed.set_exception(TimeoutError())
    with pytest.raises(TimeoutError):
        clock.result(failed)
    clock.stop()
    with pytest.raises(StoppedError):
        clock.result(never)
