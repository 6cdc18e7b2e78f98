"""Pitch and formants, the voice lifted from its band, and its colours."""

import numpy as np
import pytest

from studio import shift, stft, voice
from studio.model import Analysis, Key, Note, Wave
from tests.studio.songs import hertz

RATE = 44100
MELODY = tuple(Note(0.5 * at, 0.5 * at + 0.48, 57 + step) for at, step in enumerate((0, 2, 4, 5, 7, 5, 4, 2)))
HEARD = Analysis(4.0, tuple(np.arange(8) / 2), 120, 4, 0, Key(9, False), (None,) * 8, MELODY, 0.9)


def vowel(pitches: tuple[Note, ...] = MELODY, formant: float = 900.0) -> Wave:
    """A buzz through one resonance: (samples,), 4 s."""
    moment = np.arange(4 * RATE) / RATE
    base = np.zeros(moment.size)
    for note in pitches:
        base[round(note.start * RATE) : round(note.end * RATE)] = 440 * 2 ** ((note.pitch - 69) / 12)
    turns = np.cumsum(base) / RATE
    sound = sum(
        np.sin(2 * np.pi * number * turns) / (1 + ((base * number - formant) / 150) ** 2) for number in range(1, 40)
    )
    return (0.1 * sound * (base > 0)).astype(np.float32)


def held(pitch: float = 57) -> Wave:
    return vowel((Note(0, 4, pitch),))


def vowel_place(sound: Wave) -> float:
    """Hz: the middle of the spectrum's smooth shape between 200 and 3000 Hz."""
    shape = shift.envelope(stft.forward(sound, 50, 200)).mean(axis=0)
    places = np.arange(shape.size) * RATE / stft.SIZE
    inside = (places > 200) & (places < 3000)
    return float((shape * places)[inside].sum() / shape[inside].sum())


def fundamental(sound: Wave) -> float:
    part = sound[RATE : 3 * RATE]
    repeats = np.fft.irfft(np.abs(np.fft.rfft(part, 1 << 18)) ** 2)
    low, high = RATE // 600, RATE // 80
    return RATE / float(low + np.argmax(repeats[low:high]))


def test_spectra_rebuild_what_they_came_from() -> None:
    sound = vowel()
    back = stft.rebuilt(sound.size, lambda first, count: stft.forward(sound, first, count), block=37)
    assert np.abs(back - sound)[2000:-2000].max() < 1e-4


@pytest.mark.parametrize("semitones", [-7, -3, 4, 7, 12])
def test_the_pitch_moves_and_the_vowel_stays(semitones: int) -> None:
    moved = shift.shifted(held()[None], semitones)[0]
    cents = 1200 * np.log2(fundamental(moved) / fundamental(held()))
    assert cents == pytest.approx(100 * semitones, abs=25)
    assert vowel_place(moved) == pytest.approx(vowel_place(held()), rel=0.12)


@pytest.mark.parametrize("semitones", [-3, 3])
def test_the_vowel_moves_and_the_pitch_stays(semitones: int) -> None:
    moved = shift.shifted(held()[None], 0, semitones)[0]
    assert fundamental(moved) == pytest.approx(fundamental(held()), rel=0.01)
    assert vowel_place(moved) / vowel_place(held()) == pytest.approx(2 ** (semitones / 12), rel=0.1)


def test_no_shift_is_no_change() -> None:
    assert shift.shifted(held()[None], 0) is not None
    assert np.array_equal(shift.shifted(held()[None], 0)[0], held())


def gain_of(target: Wave, sound: Wave) -> float:
    """Decibels by which a known part stands over the rest of a sound."""
    share = float(sound @ target / (target @ target))
    rest = sound - share * target
    return float(10 * np.log10(share**2 * (target @ target) / (rest @ rest)))


def test_the_voice_is_lifted_out_of_a_band_beside_it() -> None:
    sung = vowel()
    moment = np.arange(sung.size) / RATE
    tones = [np.sin(2 * np.pi * pitch * moment) for pitch in (131.0, 311.5, 372.0, 1307.0)]
    band = np.asarray(np.sum(tones, axis=0) * 0.05, np.float32)
    mix = np.stack([sung + band, sung + 0.3 * band])
    lifted = voice.lifted(mix, HEARD, RATE)[0]
    assert gain_of(sung, lifted) > gain_of(sung, np.asarray(mix.mean(axis=0), np.float32)) + 6


def test_where_the_tune_rests_nothing_is_lifted() -> None:
    mask = voice.harmonic_mask(np.array([0, 57], np.float32), RATE)
    assert not mask[0].any()
    assert mask[1].max() > 0.99


@pytest.mark.parametrize("colour", voice.COLOURS)
def test_a_colour_keeps_the_length_and_changes_the_sound(colour: str) -> None:
    chords = tuple(Note(0, 4, pitch) for pitch in (57, 60, 64))
    made = voice.coloured(held()[None], colour, RATE, chords)
    assert made.shape[1] == held().size
    assert np.isfinite(made).all()
    assert made.std() > 0.1 * held().std()
    assert np.abs(made.mean(axis=0) - held()).max() > 0.2 * np.abs(held()).max()


def test_a_choir_is_wide() -> None:
    left, right = voice.choir(held()[None], RATE)
    assert np.abs(left - right).std() > 0.1 * left.std()


def test_a_person_s_name_is_no_colour() -> None:
    with pytest.raises(ValueError, match="deeper"):
        voice.coloured(held()[None], "somebody famous", RATE)


def test_the_strongest_partial_is_where_the_tone_is() -> None:
    assert hertz(vowel((Note(0, 4, 69),), 440.0), RATE) == pytest.approx(440, abs=2)
