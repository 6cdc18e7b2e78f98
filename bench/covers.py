"""Covers of the test songs: whose song is it, in which style, how loud, and does it end cleanly?"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from scipy.signal import resample_poly

from bench.hearing import Progress
from bench.metrics.identity import chroma, likeness, rank
from bench.metrics.loudness import loudness, true_peak
from bench.metrics.timbre import timbre, told_apart
from bench.players import Player
from bench.score import Curve, Wave
from bench.songs import Condition, make, write
from bench.tunes.abc import Tune
from studio import fonts, mix
from studio.arrange import arrange, random_of
from studio.audio import decode
from studio.cover import Cover, cover
from studio.errors import StudioError
from studio.score import Score
from studio.style import styles
from studio.wish import Wish

RATE = 44_100
CHROMA_RATE = 22_050
QUIET = 10 ** (-40 / 20)


@dataclass
class Findings:
    covers: int = 0
    refused: list[str] = field(default_factory=list)
    takes_found: list[bool] = field(default_factory=list)
    leads_found: list[bool] = field(default_factory=list)
    backings_found: list[bool] = field(default_factory=list)
    own: list[float] = field(default_factory=list)
    """likeness to the own song; `others`: the median of the rest"""
    others: list[float] = field(default_factory=list)
    lufs: list[float] = field(default_factory=list)
    peaks: list[float] = field(default_factory=list)
    abrupt: int = 0
    """takes that begin or end in the middle of a sound"""
    missed: list[str] = field(default_factory=list)


def identified(tunes: Sequence[Tune], player: Player, tell: Progress) -> Findings:
    """Every tune as a band song, covered in the styles by turns; found again among all of them?"""
    found = Findings()
    songs = [make(tune, Condition.BAND, player) for tune in tunes]
    sources = [chroma(_slow(song.samples), CHROMA_RATE) for song in songs]
    names = sorted(styles())
    for number, song in enumerate(songs):
        style = names[number % len(names)]
        with TemporaryDirectory() as folder:
            made = _covered(write(song, Path(folder)), style, Path(folder), stems=True)
            if made is None:
                found.refused.append(f"{song.title}, {style}")
                continue
            found.covers += 1
            ranks = [_take(found, decode(take.audio, RATE), sources, number) for take in made.takes]
            lead = made.takes[0].lead
            if lead is not None:
                found.leads_found.append(rank(chroma(decode(lead, CHROMA_RATE), CHROMA_RATE), sources, number) == 1)
            found.backings_found.append(rank(chroma(_backing(made, style), CHROMA_RATE), sources, number) == 1)
        if max(ranks) > 1:
            found.missed.append(f"{song.title} in {style}: ranks {ranks}")
        tell(f"{number + 1}/{len(songs)} {song.title} in {style}: ranks {ranks}, {found.lufs[-1]:.1f} LUFS")
    return found


def _covered(path: Path, style: str, folder: Path, *, stems: bool = False) -> Cover | None:
    try:
        return cover(path, Wish(style=style), "bench", folder / "out", stems=stems)
    except StudioError:
        return None


def _take(found: Findings, samples: Wave, sources: list[Curve], own: int) -> int:
    found.lufs.append(loudness(samples, RATE))
    found.peaks.append(true_peak(samples, RATE))
    edge = round(0.01 * RATE)
    ends = max(float(np.abs(samples[:, :edge]).max()), float(np.abs(samples[:, -edge:]).max()))
    found.abrupt += ends > QUIET
    frames = chroma(_slow(samples), CHROMA_RATE)
    scores = [likeness(source, frames).score for source in sources]
    place = 1 + sum(score >= scores[own] for other, score in enumerate(scores) if other != own)
    found.takes_found.append(place == 1)
    found.own.append(scores[own])
    found.others.append(float(np.median([score for other, score in enumerate(scores) if other != own])))
    return place


def _slow(samples: Wave) -> Wave:
    return np.asarray(resample_poly(samples, 1, RATE // CHROMA_RATE, axis=1), np.float32)


def _backing(made: Cover, style: str) -> Wave:
    """The first take without its tune: a control, to know what chords and beat alone give away."""
    score = arrange(made.heard, made.understood.style, Wish(style=style), "bench", 0)
    tracks = tuple(track for track in score.tracks if track.part.play not in ("lead", "echo"))
    path = fonts.find()
    alone = Score(tracks, score.grid, score.seconds, score.tempo, score.sound)
    sound = mix.mixed(alone, fonts.opened(path) if path else None, random_of("bench", 0, "mix"))
    return np.asarray(resample_poly(sound, CHROMA_RATE, mix.RATE, axis=1), np.float32)


STYLES_COMPARED = ("lo-fi", "8-bit", "orchestral", "jazz-trio", "folk", "synthwave", "music-box")


def styles_told_apart(tunes: Sequence[Tune], player: Player, tell: Progress) -> float:
    """Each tune in each of some styles: nearer to its style in another song than to its song in another style?"""
    timbres, names, songs = [], [], []
    for tune in tunes:
        song = make(tune, Condition.BAND, player)
        for style in STYLES_COMPARED:
            with TemporaryDirectory() as folder:
                made = _covered(write(song, Path(folder)), style, Path(folder))
                if made is None:
                    continue
                timbres.append(timbre(decode(made.takes[0].audio, RATE), RATE))
            names.append(style)
            songs.append(tune.title)
        tell(f"{tune.title} in {len(STYLES_COMPARED)} styles")
    return told_apart(timbres, names, songs)
