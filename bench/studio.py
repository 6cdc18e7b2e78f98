"""Judges the cover engine: `python -m bench.studio --tuning`, and for the figures that count, without it.

Prints a table of floors, aims and what was measured, and writes it to bench/STUDIO.md. `--only hearing,covers` leaves
the rest out, `--songs 8` takes fewer, `--player synthetic` or a soundfont's path has other players play.
"""

import argparse
import platform
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import numpy as np

from bench import refusals
from bench.covers import identified, styles_told_apart
from bench.goals import Line, table
from bench.hearing import Heard, measured
from bench.players import Player, Sampled, Synthetic
from bench.programs import TOLERANCE, sounded
from bench.songs import Condition
from bench.speed import timed
from bench.tunes import held_out, tuning
from bench.tunes.abc import Tune

PAGE = Path(__file__).with_name("STUDIO.md")
CLEAN = (Condition.SOLO, Condition.PIANO, Condition.BAND)
IDENTIFIED = 24
"""songs a cover is to be found among"""
COMPARED = 5
"""songs in each of the styles that are compared"""
LOUDNESS, LOUDNESS_TOLERANCE, PEAK = -16.0, 1.5, -1.0
Section = tuple[list[Line], list[str]]
"""Lines of the table, and what is to be said beneath it."""


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def hearing(tunes: Sequence[Tune], player: Player, _half: str) -> Section:
    found = list(measured(tunes, list(Condition), player, say))
    by = {condition: [one for one in found if one.condition is condition] for condition in Condition}
    worst = {condition: min(group, key=lambda one: one.kept) for condition, group in by.items()}
    lines = [
        Line(str(condition), mean(one.kept for one in by[condition]),
             f"{len(by[condition])} songs; worst {worst[condition].title}, {worst[condition].kept:.2f}")
        for condition in (*CLEAN, Condition.SUNG_BAND)
    ]  # fmt: skip
    clean = [one for condition in CLEAN for one in by[condition]]
    sung = by[Condition.SUNG_BAND]
    lines.append(Line("clean pitch", mean(one.pitch for one in clean), f"chroma {mean(o.chroma for o in clean):.2f}"))
    lines.append(Line("sung pitch", mean(one.pitch for one in sung), f"chroma {mean(o.chroma for o in sung):.2f}"))
    return lines, [_details(by)]


def _details(by: dict[Condition, list[Heard]]) -> str:
    columns: dict[str, Callable[[Heard], float]] = {
        "note F1": lambda one: one.kept, "pitch": lambda one: one.pitch, "chroma": lambda one: one.chroma,
        "beat F": lambda one: one.beats, "... any level": lambda one: one.beats_any_level,
        "tempo": lambda one: one.tempo, "... any level ": lambda one: one.tempo_any_level,
        "chords": lambda one: one.chords, "key": lambda one: one.key, "refused": lambda one: float(bool(one.refused)),
    }  # fmt: skip
    groups: list[tuple[str, list[Heard]]] = [(str(condition), group) for condition, group in by.items()]
    sung = by[Condition.SUNG_BAND]
    groups += [("... wide", [one for one in sung if one.wide]), ("... mono", [one for one in sung if not one.wide])]
    rows = ["| | " + " | ".join(name.strip() for name in columns) + " |", "|---" * (len(columns) + 1) + "|"]
    rows += [f"| {name} | " + " | ".join(f"{mean(map(get, group)):.2f}" for get in columns.values()) + " |"
             for name, group in groups if group]  # fmt: skip
    return "What was heard, by condition (means):\n\n" + "\n".join(rows)


def covers(tunes: Sequence[Tune], player: Player, _half: str) -> Section:
    found = identified(tunes[:IDENTIFIED], player, say)
    loud = [abs(value - LOUDNESS) <= LOUDNESS_TOLERANCE for value in found.lufs]
    lines = [
        Line("identified", mean(found.takes_found), f"{len(found.takes_found)} takes, {len(tunes[:IDENTIFIED])} songs; "
             f"likeness {mean(found.own):.1f}, to others {mean(found.others):.1f}; "
             f"backing alone {mean(found.backings_found):.2f}"),
        Line("lead alone", mean(found.leads_found), f"{len(found.leads_found)} stems"),
        Line("loudness", mean(loud), f"{min(found.lufs):.1f} to {max(found.lufs):.1f} LUFS"),
        Line("peaks", mean(value <= PEAK for value in found.peaks), f"highest {max(found.peaks):.2f} dBTP"),
    ]  # fmt: skip
    notes = [f"Takes that begin or end in the middle of a sound: {found.abrupt}."]
    notes += [f"Not found: {'; '.join(found.missed)}."] * bool(found.missed)
    notes += [f"Refused as sources: {'; '.join(found.refused)}."] * bool(found.refused)
    return lines, notes


def styles(tunes: Sequence[Tune], player: Player, _half: str) -> Section:
    share = styles_told_apart(tunes[:COMPARED], player, say)
    return [Line("styles", share, f"{min(len(tunes), COMPARED)} songs in seven styles")], []


def programs(_tunes: Sequence[Tune], _player: Player, _half: str) -> Section:
    found = list(sounded(say))
    right = [abs(one.cents_in_class) <= TOLERANCE for one in found]
    octaves = [abs(one.cents) <= TOLERANCE for one in found]
    wrong = [
        f"{one.program} at {one.pitch} ({one.cents_in_class:+.0f})"
        for one, ok in zip(found, right, strict=True)
        if not ok
    ]
    clicking = [f"{one.program} at {one.pitch}" for one in found if one.clicks]
    lines = [
        Line("in tune", mean(right), f"{len(found)} notes of {len({one.program for one in found})} sounds; "
             f"with its octave {100 * mean(octaves):.0f} %"),
        Line("clicks", mean(not one.clicks for one in found), "the same notes"),
    ]  # fmt: skip
    notes = [f"Off by more than 35 cents, or without pitch: {', '.join(wrong)}."] * bool(wrong)
    return lines, notes + [f"Clicks: {', '.join(clicking)}."] * bool(clicking)


def refused(tunes: Sequence[Tune], _player: Player, half: str) -> Section:
    from studio.analysis import analyse
    from studio.errors import StudioError

    def accepts(clip: refusals.Clip) -> bool:
        try:
            analyse(clip.make(), refusals.RATE)
        except StudioError as error:
            say(f"{clip.name}: {error.code}")
            return False
        say(f"{clip.name}: accepted")
        return True

    empty, spoken = refusals.refused(half), refusals.spoken_by_espeak()
    invented = [clip.name for clip in (*empty, *spoken) if accepts(clip)]
    songs = refusals.melodic(tunes)
    lost = [clip.name for clip in songs if not accepts(clip)]
    total = len(empty) + len(spoken)
    lines = [
        Line("refused", 1 - len(invented) / total, f"{total} clips, {len(spoken)} of them read by eSpeak NG"),
        Line(
            "accepted", 1 - len(lost) / len(songs), f"{len(songs)} clips: hummed, whistled, quiet, noisy, by telephone"
        ),
    ]
    notes = [f"Heard a melody in: {'; '.join(invented)}."] * bool(invented)
    return lines, notes + [f"Heard none in: {'; '.join(lost)}."] * bool(lost)


def speed(tunes: Sequence[Tune], player: Player, _half: str) -> Section:
    runs = timed(list(tunes[:6]), player)
    by_first, by_end = max(runs, key=lambda one: one.first), max(runs, key=lambda one: one.complete)
    largest = max(runs, key=lambda one: one.megabytes)
    lines = [
        Line("complete", by_end.complete, f"the worst of {len(runs)} styles, {by_end.style}"),
        Line("first", by_first.first, by_first.style),
        Line("memory", largest.megabytes, largest.style),
    ]
    each = "; ".join(
        f"{one.style} {one.first:.1f} s ({one.worked:.1f} s), {one.complete:.1f} s, {one.megabytes:.0f} MB"
        for one in runs
    )
    return lines, [f"First take (processor time until then), both takes and memory, each in a fresh process: {each}."]


SECTIONS: dict[str, Callable[[Sequence[Tune], Player, str], Section]] = {
    "hearing": hearing, "covers": covers, "styles": styles, "programs": programs, "speed": speed, "refused": refused,
}  # fmt: skip


def mean(values: Iterable[float]) -> float:
    return float(np.mean([float(value) for value in values]))


def run(half: str, player: Player, only: Sequence[str], songs: int | None, page: Path | None) -> str:
    tunes = (tuning() if half == "tuning" else held_out())[:songs]
    began = time.monotonic()
    lines: list[Line] = []
    remarks: list[str] = []
    text = ""
    for name in only:
        found, said = SECTIONS[name](tunes, player, half)
        lines += found
        remarks += said
        head = (
            f"# The studio, measured\n\n{half.capitalize()} half, {len(tunes)} tunes, played by {player.name}; "
            f"Python {platform.python_version()}, {(time.monotonic() - began) / 60:.0f} minutes. "
            f"Written by `python -m bench.studio`.\n"
        )
        text = "\n".join([head, table(lines), *(f"\n{one}" for one in remarks), ""])
        if page is not None:
            page.write_text(text, encoding="utf-8")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--tuning", action="store_true", help="the half one may tune with; figures that do not count")
    parser.add_argument("--only", default=",".join(SECTIONS), help="sections, by comma")
    parser.add_argument("--songs", type=int, help="so many tunes only")
    parser.add_argument("--player", help="synthetic, or the path of a soundfont; by half if not given")
    parser.add_argument("--out", type=Path, default=PAGE)
    asked = parser.parse_args()
    half = "tuning" if asked.tuning else "held-out"
    print(run(half, _player(asked.player, half), asked.only.split(","), asked.songs, asked.out))


def _player(name: str | None, half: str) -> Player:
    """The halves have different players: a soundfont in the engine's own sampler, or instruments without samples."""
    from studio.fonts import find

    if name == "synthetic" or (name is None and half != "tuning"):
        return Synthetic()
    font = Path(name) if name else find()
    if font is None:
        raise SystemExit("no soundfont was found; --player synthetic needs none")
    return Sampled(font)


if __name__ == "__main__":
    main()
