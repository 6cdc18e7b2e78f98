"""A song in, two takes out. The stages are told as they are reached: text, first, complete."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio import audio, fonts, limiter, midi, mix, picture, shift, text, voice
from studio.analysis import LOW_CONFIDENCE
from studio.arrange import FAITHFUL_FROM, arrange, follows_source, random_of
from studio.harmony import KINDS
from studio.hearing import Song, heard_in, listen
from studio.mix import RATE, Layer
from studio.model import Analysis, Note, Wave
from studio.score import Score
from studio.soundfont import SoundFont
from studio.style import styles
from studio.wish import Wish
from studio.words import Understood, understand

TAKES = 2
VOICE_LEVEL, VOICE_WET = 1.0, 0.22
STEP_BACK = 0.1
"""Share more of the singer that is sent to the room in take two."""
QUIETEST_SOURCE = -16.0
"""decibels beside the lead, of a source that hardly stays; all of it stays at 0"""
Stage = Callable[[str, Mapping[str, Any]], None]
"""Called with `text`, `first`, `complete` and what there is by then."""


@dataclass(frozen=True)
class Take:
    audio: Path
    midi: Path
    lead: Path | None
    """the tune's track alone, if asked for"""
    seconds: float
    tempo: float


@dataclass(frozen=True)
class Cover:
    heard: Analysis
    understood: Understood
    takes: tuple[Take, ...]
    picture: Path
    sheet: Path
    report: Mapping[str, Any]
    """what was heard, understood, warned of, and how long it took; plain values, fit for JSON"""


def cover(
    path: Path,
    wish: Wish,
    seed: str,
    out: Path,
    on_stage: Stage = lambda _stage, _made: None,
    *,
    known: Song | None = None,
    soundfont: Path | None = None,
    stems: bool = False,
    kind: str = ".mp3",
) -> Cover:
    """Writes both takes, their MIDI, the sheet and the picture into `out`. The same seed gives the same bytes.

    `known` is what `listen` heard in the file before: a song in many styles is heard once.
    Raises a StudioError for what cannot be covered, ValueError for a wish that makes no sense.
    """
    began = time.monotonic()
    if wish.voice and wish.voice not in voice.COLOURS:
        raise ValueError(f"voice is one of {', '.join(voice.COLOURS)}")
    found = fonts.find(soundfont)
    understood = understand(wish, None if found else tuple(name for name, one in styles().items() if one.synthetic))
    source = audio.decode(path, RATE) if follows_source(wish) else None
    song = known or (listen(path) if source is None else heard_in(source, RATE))
    heard = song.heard
    out.mkdir(parents=True, exist_ok=True)
    sheet = out / "sheet.txt"
    sheet.write_text(text.lines(heard))
    report = _report(heard, understood, wish, found)
    on_stage("text", {**report, "sheet": str(sheet)})

    font = fonts.opened(found) if found else None
    kept = _layers(source, heard, wish) if source is not None else []
    del source
    takes = []
    drawing = out / "picture.png"
    for number in range(TAKES):  # one after the other: both cores are the first one's until it can be heard
        score = arrange(heard, understood.style, wish, seed, number)
        sound = mix.mixed(score, font, random_of(seed, number, "mix"), _farther(kept, number))
        takes.append(_take(score, font, out, number, stems, kind))
        audio.encode(sound, RATE, takes[number].audio)
        if number == 0:
            on_stage("first", {"take": str(takes[0].audio)})
            drawing.write_bytes(picture.drawn(heard, song.outline, score, picture.Outline.of(sound, RATE)))
        del sound
    report = {**report, "seconds": round(time.monotonic() - began, 2)}
    on_stage("complete", {**report, "takes": [str(one.audio) for one in takes], "picture": str(drawing)})
    return Cover(heard, understood, tuple(takes), drawing, sheet, report)


def _take(score: Score, font: SoundFont | None, out: Path, number: int, stems: bool, kind: str) -> Take:
    stem = out / f"take-{number + 1}"
    notation = stem.with_suffix(".mid")
    notation.write_bytes(midi.written(score))
    lead = None
    tune = next((track for track in score.tracks if track.part.play == "lead"), None)
    if stems and tune is not None:
        lead = out / f"take-{number + 1}-lead.wav"
        audio.encode(limiter.mastered(mix.played(tune, font, score.seconds), RATE), RATE, lead)
    return Take(stem.with_suffix(kind), notation, lead, score.seconds, score.tempo)


def _layers(source: Wave, heard: Analysis, wish: Wish) -> list[Layer]:
    """What of the source stays, in the cover's key: the singer, the whole, both or nothing."""
    kept = []
    if not wish.instrumental:
        sung = voice.lifted(source, heard, RATE)
        sung = shift.shifted(sung, wish.pitch)
        if wish.voice:
            sung = voice.coloured(sung, wish.voice, RATE, _chords(heard, wish.pitch))
        kept.append(Layer(sung, VOICE_LEVEL, VOICE_WET))
    if wish.audio_weight >= FAITHFUL_FROM:
        level = QUIETEST_SOURCE * (1 - wish.audio_weight)
        kept.append(Layer(shift.shifted(source, wish.pitch), level, 0.0, behind=True))
    return kept


def _farther(kept: list[Layer], take: int) -> list[Layer]:
    """Take two's singer stands farther back: where no band plays, that is what tells the takes apart."""
    return [one if one.behind else replace(one, wet=one.wet + take * STEP_BACK) for one in kept]


def _chords(heard: Analysis, semitones: int) -> tuple[Note, ...]:
    """What a vocoder sings: each beat's chord around middle C, and the tune itself."""
    ends = (*heard.beats[1:], heard.seconds)
    notes = [Note(one.start, one.end, one.pitch + semitones) for one in heard.melody]
    for chord, start, end in zip(heard.chords, heard.beats, ends, strict=True):
        if chord is not None and end > start:
            pitches = (54 + (chord.root + step + semitones - 54) % 12 for step in KINDS[chord.kind][:3])
            notes.extend(Note(start, end, pitch, 0.5) for pitch in pitches)
    return tuple(notes)


def _report(heard: Analysis, understood: Understood, wish: Wish, font: Path | None) -> dict[str, Any]:
    warnings = []
    if heard.confidence < LOW_CONFIDENCE:
        warnings.append("the melody was hard to hear: the tune may be wrong in places")
    if not wish.instrumental:
        warnings.append("the voice is the source's own, lifted by a mask: some of its old band may be heard with it")
    if wish.voice and wish.instrumental:
        warnings.append("a voice colour was asked for, but an instrumental keeps no voice")
    if understood.ignored:
        warnings.append("not understood: " + ", ".join(understood.ignored))
    return {
        "key": heard.key.name,
        "tempo": round(heard.tempo, 1),
        "metre": heard.metre,
        "confidence": round(heard.confidence, 2),
        "notes": len(heard.melody),
        "style": understood.style.name,
        "understood": list(understood.said),
        "ignored": list(understood.ignored),
        "follows the source's beat": follows_source(wish),
        "soundfont": font.name if font else None,
        "warnings": warnings,
    }
