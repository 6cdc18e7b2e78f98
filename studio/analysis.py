"""The whole of the hearing: sound in, `Analysis` out. Refuses what has no melody rather than inventing one."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from studio import audio, evidence, harmony, melody, metre, rhythm, spectrum, tune
from studio.errors import NoMelodyError, NotAudioError, TooLongError, TooShortError
from studio.model import Analysis, Curve, Note, Wave
from studio.posterior import RATE, Posterior, posterior

LEAST_SECONDS = 5.0
MOST_SECONDS = audio.MOST_SECONDS


QUIETEST = 1e-3
"""peak of a song that is silence, full scale being 1"""
LEAST_CONFIDENCE = 0.5
LOW_CONFIDENCE = 0.7
"""Under it a listener is told that the tune may be wrong."""


def analyse(samples: Wave, rate: int) -> Analysis:
    """(channels, samples) or (samples,) at `rate` Hz. Raises TooShortError, TooLongError, NoMelodyError."""
    planes = np.atleast_2d(samples)
    seconds = planes.shape[1] / rate
    if seconds < LEAST_SECONDS:
        raise TooShortError(f"{seconds:.1f} s long; a cover needs {LEAST_SECONDS:g} s at least")
    if seconds > MOST_SECONDS:
        raise TooLongError(f"longer than {MOST_SECONDS / 60:g} minutes")
    if not np.isfinite(planes).all():
        raise NotAudioError("samples that are no numbers")
    low = audio.resample(planes, rate, RATE)
    if np.abs(low).max() < QUIETEST:
        raise NoMelodyError("no melody was heard: it is silent")
    with ThreadPoolExecutor(2) as pool:  # beside the net, which does not fill both cores by itself to the end
        levels, flux = pool.submit(spectrum.salience, low), pool.submit(spectrum.flux, low)
        heard = posterior(low.mean(axis=0))
    notes = melody.cut(melody.follow(evidence.evidence(heard, levels.result())), heard)
    confidence = tune.confidence(notes, heard, seconds)
    if confidence < LEAST_CONFIDENCE:
        raise NoMelodyError("no melody was heard: it sounds like noise, speech or drums")
    return _understood(flux.result(), heard, notes, confidence, seconds)


def _understood(flux: Curve, heard: Posterior, notes: list[Note], confidence: float, seconds: float) -> Analysis:
    begins = rhythm.novelty(heard, flux)
    times = rhythm.beats(begins, rhythm.period(begins))
    if times.size < 4:
        raise NoMelodyError("no beat was heard")
    sound = harmony.chroma(heard, times)
    home = harmony.key(sound)
    bar = metre.bar(metre.accents(heard, sound, begins, times))
    return Analysis(
        seconds=seconds,
        beats=tuple(float(one) for one in times),
        tempo=rhythm.tempo(times),
        metre=bar[0],
        downbeat=bar[1],
        key=home,
        chords=harmony.chords(sound, home, bar),
        melody=tuple(notes),
        confidence=confidence,
    )
