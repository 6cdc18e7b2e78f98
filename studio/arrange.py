"""From what was heard and a style to a score: tempo, grid, tune and band of one take."""

import hashlib
from dataclasses import replace

import numpy as np

from studio import band, grid, lead
from studio.model import Analysis, Note
from studio.score import Score, Track
from studio.style import Part, Program, Style
from studio.voicing import voiced
from studio.wish import Wish

SLOWER = 0.96
"""Take two is a little slower, so that the ear has it apart at once."""
FAITHFUL_FROM = 0.1
"""The audio weight from which the band follows the source's beat: it will sound with it."""
TAIL = 2.5
"""seconds after the last beat"""


def random_of(seed: str, take: int, purpose: str) -> np.random.Generator:
    """The same numbers for the same job, take and purpose, on every machine."""
    digest = hashlib.sha256(f"{seed}/{take}/{purpose}".encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def follows_source(wish: Wish) -> bool:
    return not wish.instrumental or wish.audio_weight >= FAITHFUL_FROM


def arrange(heard: Analysis, style: Style, wish: Wish, seed: str, take: int) -> Score:
    """One take, 0 or 1. The same arguments give the same score."""
    heard = heard if follows_source(wish) else _ended(heard)
    place, tempo = _grid(heard, style, wish, take)
    random = random_of(seed, take, "arrange")
    plan = band.Plan(
        heard=heard,
        grid=place,
        take=take,
        shift=wish.pitch,
        colour=style.colour[take % len(style.colour)],
        weirdness=wish.weirdness,
        human=style.human / 1000,
        random=random,
    )
    tracks = []
    for part in style.part:
        program = part.program[take % len(part.program)]
        notes = _tune(part, heard, style, wish, plan) if part.play in ("lead", "echo") else band.play(part, plan)
        if notes:
            tracks.append(Track(part, program, tuple(sorted(notes, key=lambda one: (one.start, one.pitch)))))
    finished = _closed(tracks, plan)
    return Score(tuple(finished), place, place.times[-1] + TAIL, tempo, style.sound)


def _ended(heard: Analysis) -> Analysis:
    """Without the beats after the last chord and note: no band drums on through a song's silent end."""
    last = max((at for at, chord in enumerate(heard.chords) if chord is not None), default=0)
    sung = int(np.searchsorted(heard.beats, heard.melody[-1].end if heard.melody else 0.0))
    count = min(max(last + 1, sung, 2), len(heard.beats))
    return replace(heard, beats=heard.beats[:count], chords=heard.chords[:count])


def _grid(heard: Analysis, style: Style, wish: Wish, take: int) -> tuple[grid.Grid, float]:
    """The pulse and its beats a minute, as a player of the style would count them."""
    three = style.metre == 3
    beat = feel(heard.tempo, style.tempo)
    if follows_source(wish):
        return grid.faithful(heard, style.swing, beat), heard.tempo / beat
    counted = heard.tempo / beat
    ratio = 1.5 if three and heard.metre == 4 else 1.0
    wanted = float(np.clip(counted * ratio, *style.tempo)) / ratio
    blended = counted * (wanted / counted) ** wish.style_weight * (SLOWER if take else 1.0)
    if ratio > 1:
        beat = 1.0
        blended = float(np.clip(heard.tempo * ratio, *style.tempo)) / ratio * (SLOWER if take else 1.0)
    return grid.steady(heard, blended * beat, style.swing, three, beat), blended * ratio


def feel(tempo: float, wanted: tuple[float, float]) -> float:
    """Beats of the source in a beat of the pattern: 2 where the style is nearer at half time, 0.5 at double."""
    middle = (wanted[0] * wanted[1]) ** 0.5
    return min((1.0, 2.0, 0.5), key=lambda beat: abs(np.log2(tempo / beat / middle)) + (0.35 if beat != 1 else 0))


def _tune(part: Part, heard: Analysis, style: Style, wish: Wish, plan: band.Plan) -> list[Note]:
    if part.play == "lead" and not wish.instrumental:
        return []
    notes = lead.in_range(lead.placed(heard, plan.grid, style.snap, wish.pitch), part.octave)
    notes = lead.phrased(notes, plan.random, wish.weirdness if part.play == "lead" else 0.0)
    notes = [replace(one, end=one.start + (one.end - one.start) * min(part.hold, 1.0)) for one in notes]
    if part.play == "lead":
        return notes
    delay = plan.grid.seconds(1.5) - plan.grid.seconds(0)
    return [replace(one, start=one.start + delay, end=one.end + delay, strength=one.strength * 0.6) for one in notes]


def _closed(tracks: list[Track], plan: band.Plan) -> list[Track]:
    """The last chord rings on the beat after the song, instead of the band stopping in mid-air."""
    end = plan.grid.times[-1]
    chord = next((plan.chord(at) for at in range(plan.grid.end - 1, -1, -1) if plan.chord(at)), None)
    if chord is None:
        return tracks
    done = []
    for track in tracks:
        notes = [note for note in track.notes if note.start < end - 0.05]
        if track.part.play == "comp":
            last = voiced(chord, plan.colour, plan.home, track.part.low, track.part.tones, ())
            notes += [Note(end, end + 1.6, pitch, 0.6) for pitch in last]
        elif track.part.play == "bass":
            notes.append(Note(end, end + 1.6, track.part.low + (chord.root - track.part.low) % 12, 0.7))
        done.append(replace(track, notes=tuple(notes)))
    return done


def programs(style: Style) -> set[Program]:
    return {program for part in style.part for program in part.program}
