import numpy as np
import pytest

from bench.instruments import INSTRUMENTS, tone
from bench.metrics.melody import notes_kept, pitch_accuracy
from bench.metrics.tuning import cents_off, yin
from bench.players import RATE, Sampled, Synthetic
from bench.score import STEP, Note, hertz
from bench.singer import sing
from bench.songs import Condition, Song, make, write
from bench.tunes import tuning
from bench.tunes.abc import Tune
from bench.voice import RATE as VOICE_RATE
from studio.audio import decode
from studio.fonts import find

TUNE = next(tune for tune in tuning() if tune.pick_up)
PLAYER = Synthetic()


@pytest.fixture(scope="module")
def songs() -> dict[Condition, Song]:
    return {condition: make(TUNE, condition, PLAYER) for condition in Condition}


def test_the_same_song_comes_out_every_time(songs: dict[Condition, Song]) -> None:
    again = make(TUNE, Condition.BAND, PLAYER)
    assert np.array_equal(again.samples, songs[Condition.BAND].samples)
    assert again.truth.melody == songs[Condition.BAND].truth.melody


@pytest.mark.parametrize("condition", list(Condition))
def test_a_song_is_whole(songs: dict[Condition, Song], condition: Condition) -> None:
    song = songs[condition]
    seconds = song.samples.shape[1] / song.rate
    truth = song.truth
    assert np.all(np.isfinite(song.samples))
    assert 0.5 < np.abs(song.samples).max() <= 0.8
    assert seconds >= 24
    assert all(0 < note.start < note.end < seconds for note in truth.melody)
    assert len(truth.melody) % len(TUNE.tones) == 0
    assert np.all(np.diff(truth.beats) > 0)
    assert truth.tempo == pytest.approx(TUNE.tempo / float(TUNE.beat), rel=0.15)
    assert [one.end for one in truth.chords[:-1]] == [one.start for one in truth.chords[1:]]


def test_notes_begin_near_where_the_beat_says(songs: dict[Condition, Song]) -> None:
    truth = songs[Condition.SOLO].truth
    on_beat = [note.start for note, tone in zip(truth.melody, TUNE.tones, strict=False) if tone.start == TUNE.pick_up]
    assert min(abs(on_beat[0] - beat) for beat in truth.beats) < 0.05


@pytest.mark.parametrize("condition", [Condition.SOLO, Condition.SUNG])
def test_a_tracker_that_knows_nothing_of_it_finds_the_truth(songs: dict[Condition, Song], condition: Condition) -> None:
    song = songs[condition]
    found, roughness = yin(song.samples.mean(axis=0), song.rate)
    places = np.clip(np.round((np.arange(song.truth.f0.size) * STEP - 0.045) / 0.02).astype(int), 0, found.size - 1)
    track = np.where(roughness[places] < 0.4, found[places], 0.0)
    assert pitch_accuracy(song.truth.f0, track).chroma > 0.8


def test_what_is_written_is_read_at_the_same_moment(
    songs: dict[Condition, Song], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """An mp3 delays what is in it; who reads it must take that back, or every onset is late."""
    folder = tmp_path_factory.mktemp("songs")
    for song in songs.values():
        both = [write(Song(song.title, song.condition, song.samples, song.rate, song.truth, coded, song.wide), folder)
                for coded in (True, False)]  # fmt: skip
        coded, plain = (decode(path, 8000).mean(axis=0) for path in both)
        size = min(coded.size, plain.size)
        spectrum = np.fft.rfft(coded[:size]) * np.conj(np.fft.rfft(plain[:size]))
        lag = int(np.argmax(np.fft.irfft(spectrum, size)))
        assert min(lag, size - lag) <= 16


@pytest.mark.parametrize("name", sorted(INSTRUMENTS))
@pytest.mark.parametrize("pitch", [52, 64, 76])
def test_instruments_are_in_tune(name: str, pitch: int) -> None:
    assert abs(cents_off(tone(name, pitch, 1.0, RATE), RATE, pitch)) < 12


@pytest.mark.parametrize("name", Sampled.leads)
@pytest.mark.parametrize("pitch", [57, 64, 71])
def test_the_leads_of_a_soundfont_play_in_the_octave_that_is_written(name: str, pitch: int) -> None:
    font = find()
    assert font is not None
    wave = Sampled(font).play((Note(0.1, 1.1, pitch),), name, 1.3)
    assert abs(cents_off(wave, RATE, pitch)) < 35


def test_the_singer_sings_what_she_is_given() -> None:
    notes = tuple(Note(0.5 + 0.8 * i, 1.25 + 0.8 * i, pitch) for i, pitch in enumerate((60, 64, 67, 65, 60)))
    wave, f0 = sing(notes, 5.5, np.random.default_rng(2))
    assert wave.size == pytest.approx(5.5 * VOICE_RATE, rel=0.01)
    assert notes_kept(notes, notes).f1 == 1
    for note in notes:
        middle = f0[round((note.start + 0.2) / STEP) : round((note.end - 0.05) / STEP)]
        assert 1200 * abs(np.log2(np.median(middle) / hertz(note.pitch))) < 25
        part = wave[round((note.start + 0.15) * VOICE_RATE) : round((note.end - 0.05) * VOICE_RATE)]
        assert abs(cents_off(part, VOICE_RATE, note.pitch)) < 40
    assert not np.any(f0[: round(0.3 / STEP)])


@pytest.mark.parametrize("tune", tuning()[::6], ids=lambda tune: tune.title)
def test_the_band_ends_with_the_tune(tune: Tune) -> None:
    song = make(tune, Condition.BAND, PLAYER)
    tail = song.samples[:, -round(0.2 * RATE) :]
    assert np.abs(tail).max() < 0.1
