"""What tape, vinyl and old chips do to a mix. Every function takes and gives (2, samples)."""

from collections.abc import Callable
from functools import partial
from math import pi

import numpy as np

from studio import cores, filters
from studio.model import Curve, Wave
from studio.style import Sound

STRAIGHT = 16
"""samples, a third of a millisecond, over which a delay that sways six times a second goes straight on"""


def coloured(mix: Wave, sound: Sound, rate: int, random: np.random.Generator) -> Wave:
    """All colours of a style, in the order of the studio's rack. Works in place where it can."""
    if sound.chorus:
        mix = chorus(mix, sound.chorus, rate)
    if sound.drive:
        mix = driven(mix, sound.drive)
    if sound.crush:
        mix = crushed(mix, sound.crush, rate)
    if sound.wow:
        mix = drifting(mix, sound.wow, rate, random)
    mix = filters.band_edges(mix, sound.highpass, sound.lowpass, rate)
    if sound.crackle:
        mix = dusty(mix, sound.crackle, rate, random)
    return mix


def driven(mix: Wave, amount: float) -> Wave:
    """Soft saturation; the level stays about the same."""
    gain = np.float32((0.15 + 0.6 * amount) / (4 * (_loud(mix) + 1e-9)))

    def drive(span: tuple[int, int]) -> None:
        block = mix[:, slice(*span)]
        np.tanh(block * gain, out=block)
        block /= gain

    cores.each(drive, cores.blocks(mix.shape[1]))
    return mix


def _loud(mix: Wave) -> float:
    """RMS."""
    spans = cores.blocks(mix.shape[1])
    power = sum(cores.each(lambda span: float(np.square(mix[:, slice(*span)]).sum(dtype=np.float64)), spans))
    return float(np.sqrt(power / mix.size))


def crushed(mix: Wave, amount: float, rate: int) -> Wave:
    """Fewer bits, held longer; mixed with the clean sound so that pitches stay."""
    hold = max(round(rate / (24000 - 14000 * amount)), 1)
    bits = 2 ** (9 - 4 * amount)
    top = float(np.abs(mix).max()) + 1e-9
    held = np.repeat(mix[:, ::hold], hold, axis=1)[:, : mix.shape[1]]
    held = np.round(held * np.float32(bits / top)) * np.float32(top / bits)
    return (mix * np.float32(1 - amount) + held * np.float32(amount)).astype(np.float32)


def drifting(mix: Wave, cents: float, rate: int, random: np.random.Generator) -> Wave:
    """A tape that does not run evenly: the pitch sways by some `cents`, slowly and never twice alike."""
    phases = random.uniform(0, 2 * pi, 3)
    swings = [(0.31, 1.0), (0.73, 0.7), (6.1, 0.06)]
    depth = cents / 1200 * np.log(2)
    out = np.empty_like(mix)

    def late(moment: Curve) -> Curve:
        parts = [
            depth * part / (2 * pi * hertz) * (np.sin(2 * pi * hertz * moment + phase) - np.sin(phase))
            for (hertz, part), phase in zip(swings, phases, strict=True)
        ]
        return np.asarray(sum(parts))

    def drift(span: tuple[int, int]) -> None:
        _delayed(out, mix, *span, _swaying(late, *span, rate))

    cores.each(drift, cores.blocks(mix.shape[1]))
    return out


def chorus(mix: Wave, amount: float, rate: int) -> Wave:
    """A copy that wanders 8 to 16 ms behind, the other way round on either side."""
    copy = np.empty_like(mix)

    def behind(phase: float, moment: Curve) -> Curve:
        return np.asarray(-0.012 - 0.003 * np.sin(2 * pi * 0.6 * moment + phase))

    def wander(span: tuple[int, int]) -> None:
        for side, phase in ((0, 0.0), (1, pi / 2)):
            late = _swaying(partial(behind, phase), *span, rate)
            _delayed(copy[side : side + 1], mix[side : side + 1], *span, late)

    cores.each(wander, cores.blocks(mix.shape[1]))
    mix += copy * np.float32(0.6 * amount)
    return mix


def _swaying(seconds: Callable[[Curve], Curve], start: int, stop: int, rate: int) -> Curve:
    """In samples, at each sample: a delay that changes so slowly that straight lines between a few of its values do."""
    ends = seconds(np.arange(start, stop + STRAIGHT, STRAIGHT) / rate) * rate
    lines = ends[:-1, None] + np.diff(ends)[:, None] * (np.arange(STRAIGHT) / STRAIGHT)
    return lines.ravel()[: stop - start]


def _delayed(out: Wave, source: Wave, start: int, stop: int, shift: Curve) -> None:
    """Fills out[:, start:stop] from the source, `shift` samples on, between samples by straight lines."""
    place = np.clip(np.arange(start, stop) + shift, 0, source.shape[1] - 2)
    whole = place.astype(np.int64)
    part = (place - whole).astype(np.float32)
    for side in range(source.shape[0]):
        here = source[side].take(whole, mode="clip")
        out[side, start:stop] = here + (source[side].take(whole + 1, mode="clip") - here) * part


def dusty(mix: Wave, amount: float, rate: int, random: np.random.Generator) -> Wave:
    """Crackles and a little hiss, well under the music."""
    loud = _loud(mix) * amount
    count = mix.shape[1]
    dust = np.zeros(count, np.float32)
    places = random.integers(0, count, round(count / rate * 14 * amount))
    dust[places] = random.normal(0, 1.6, places.size) * random.random(places.size) ** 2
    pop = np.array([1.0, -0.8, 0.5, -0.3, 0.15], np.float32)
    dust = np.convolve(dust, pop, "same").astype(np.float32)
    for start, stop in cores.blocks(count):
        hiss = random.standard_normal((2, stop - start), np.float32) * np.float32(0.012)
        mix[:, start:stop] += (hiss + dust[start:stop]) * np.float32(loud)
    return mix


def ducked(mix: Wave, kicks: list[float], amount: float, rate: int) -> Wave:
    """The band gives way under every kick and comes back within a quarter of a second."""
    gain = np.ones(mix.shape[1], np.float32)
    shape = (1 - amount * (1 - np.linspace(0, 1, round(0.25 * rate), dtype=np.float32)) ** 1.5).astype(np.float32)
    ease = round(0.006 * rate)
    shape[:ease] = np.linspace(1, shape[ease], ease)
    for kick in kicks:
        start = round(kick * rate)
        stop = min(start + shape.size, gain.size)
        if start < stop:
            np.minimum(gain[start:stop], shape[: stop - start], out=gain[start:stop])
    mix *= gain
    return mix
