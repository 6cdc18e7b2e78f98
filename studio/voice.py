"""The singer kept: the lead voice lifted out of the mix by where it stands and what it sings, then coloured if wished.

The colours are honest ones: nobody else's voice, only the same one deeper, brighter, doubled or through a machine.
"""

import numpy as np

from studio import centre, shift, stft, synth
from studio.model import Analysis, Note, Wave
from studio.stft import HOP, SIZE, Spectra

COLOURS = {
    "deeper": "the same pitch from a larger body",
    "brighter": "the same pitch from a smaller body",
    "choir": "doubled by three of itself, a little apart",
    "vocoder": "its vowels spoken by the synth's chords",
}
FORMANTS = {"deeper": -3.0, "brighter": 3.0}
WIDTH = 0.6
"""semitones around a harmonic that belong to the voice"""
BREATH = 5000.0
"""Hz above which consonants live"""


def lifted(planes: Wave, heard: Analysis, rate: int) -> Wave:
    """(channels, samples) -> (1, samples): the lead alone, as far as a mask can tell; what else was there is faint."""
    wide = centre.is_wide(planes)
    middle = planes.mean(axis=0)
    pitches = _pitches(heard.melody, stft.frames(middle.size), rate)

    def block(first: int, count: int) -> Spectra:
        spectra = stft.forward(middle, first, count)
        mask = harmonic_mask(pitches[first : first + count], rate)
        if wide:
            left, right = (stft.forward(plane, first, count) for plane in planes)
            mask *= centre.share(left, right)
        return (spectra * mask).astype(np.complex64)

    return stft.rebuilt(middle.size, block)[None]


def _pitches(melody: tuple[Note, ...], count: int, rate: int) -> Wave:
    """The tune's MIDI pitch in every frame of the STFT, 0 where it rests; notes reach a little over their ends."""
    out = np.zeros(count, np.float32)
    for note in melody:
        first, last = round((note.start - 0.04) * rate / HOP), round((note.end + 0.06) * rate / HOP)
        out[max(first, 0) : max(last, 0)] = note.pitch
    return out


def harmonic_mask(pitches: Wave, rate: int) -> Wave:
    """(frames,) MIDI pitches -> (frames, bins): near 1 on the harmonics and, while the tune sounds, half of the air."""
    hertz = np.arange(SIZE // 2 + 1) * rate / SIZE
    base = 440 * 2 ** ((pitches[:, None] - 69) / 12)
    number = np.maximum(np.round(hertz[None, :] / base), 1)
    away = np.abs(hertz[None, :] - number * base)
    width = np.maximum(base * number * (2 ** (WIDTH / 12) - 1), 1.2 * rate / SIZE)
    mask = np.exp(-0.5 * (away / width) ** 2)
    mask = np.where(hertz[None, :] > BREATH, np.maximum(mask, 0.35), mask)
    return np.where(pitches[:, None] > 0, mask, 0.0).astype(np.float32)


def coloured(voice: Wave, colour: str, rate: int, chords: tuple[Note, ...] = ()) -> Wave:
    """(1, samples) in a colour of COLOURS; `chords` are what the vocoder speaks with."""
    if colour in FORMANTS:
        return shift.shifted(voice, 0.0, FORMANTS[colour])
    if colour == "choir":
        return choir(voice, rate)
    if colour == "vocoder":
        return vocoded(voice, chords, rate)
    raise ValueError(f"voice is one of {', '.join(COLOURS)}")


def choir(voice: Wave, rate: int) -> Wave:
    """(1, n) -> (2, n): the voice and three more, some cents off and some milliseconds late, left, right and low."""
    mono = voice[0]
    sides = np.stack([mono, mono]) * np.float32(0.7)
    for cents, late, left, right, formants in (
        (9, 0.019, 0.6, 0.15, 0.5),
        (-11, 0.027, 0.15, 0.6, -0.5),
        (4, 0.038, 0.3, 0.3, -2.0),
    ):
        copy = shift.shifted(mono[None], cents / 100, formants)[0]
        delay = round(late * rate)
        copy = np.concatenate([np.zeros(delay, np.float32), copy[: copy.size - delay]])
        sides += np.stack([copy * np.float32(left), copy * np.float32(right)])
    return sides


def vocoded(voice: Wave, chords: tuple[Note, ...], rate: int) -> Wave:
    """The voice's envelope on a saw that plays the chords and the tune."""
    carrier = synth.render(chords, "supersaw", rate, seconds=voice.shape[1] / rate).mean(axis=0)
    carrier = np.pad(carrier, (0, max(voice.shape[1] - carrier.size, 0)))[: voice.shape[1]]

    def block(first: int, count: int) -> Spectra:
        spoken = stft.forward(voice[0], first, count)
        saw = stft.forward(carrier, first, count)
        flat = saw / (shift.envelope(saw) + 1e-3)
        return (flat * shift.envelope(spoken)).astype(np.complex64)

    return stft.rebuilt(voice.shape[1], block)[None]
