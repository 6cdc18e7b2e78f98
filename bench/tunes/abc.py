"""Reads the part of ABC notation that the tunes are written in; anything else is an error, not a guess.

T: title, C: who made it, O: where from and when, N: why it is free, M: metre, L: unit, Q: tempo, K: key. Then notes
with accidentals, octaves and lengths, rests, ties, `(3` triplets, `>` and `<`, "chords" (they last until the next) and
bar lines. The first bar may be a pick-up. Chords are major or minor; a seventh counts as its triad.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
SHARPS = "FCGDAEB"
MODES = {"": 0, "m": 3, "Dor": 2, "Mix": 1, "Phr": 4}
"""How many fifths the signature lies below the major one of the same tonic."""
MAJOR_FIFTHS = {
    "C": 0,
    "G": 1,
    "D": 2,
    "A": 3,
    "E": 4,
    "B": 5,
    "F#": 6,
    "F": -1,
    "Bb": -2,
    "Eb": -3,
    "Ab": -4,
    "Db": -5,
}

TOKEN = re.compile(
    r'"(?P<chord>[^"]*)"|(?P<sign>[\^_=]?)(?P<note>[A-Ga-gz])(?P<octave>[,\']*)(?P<length>\d*/*\d*)'
    r"|(?P<bar>\|\]|\|\||\|)|(?P<triplet>\(3)|(?P<broken>[<>])|(?P<tie>-)|(?P<space>\s+)"
)
CHORD = re.compile(r"([A-G])([#b]?)(m?)7?$")


class AbcError(ValueError):
    """Not in the part of ABC that is read here, or bars that do not add up."""


@dataclass(frozen=True, slots=True)
class Tone:
    start: Fraction
    """in quarter notes from the first bar line's pick-up on"""
    length: Fraction
    pitch: int


@dataclass(frozen=True, slots=True)
class Change:
    start: Fraction
    root: int
    minor: bool


@dataclass(frozen=True)
class Tune:
    title: str
    maker: str
    origin: str
    why_free: str
    metre: tuple[int, int]
    key: str
    tonic: int
    mode: str
    """nothing for major, or m, Dor, Mix, Phr"""
    tempo: float
    """quarter notes a minute"""
    bars: tuple[Fraction, ...]
    """lengths; the first is a pick-up if it is shorter than the second"""
    tones: tuple[Tone, ...]
    changes: tuple[Change, ...]

    @property
    def minor(self) -> bool:
        return self.mode in ("m", "Dor", "Phr")

    @property
    def bar(self) -> Fraction:
        return Fraction(4 * self.metre[0], self.metre[1])

    @property
    def beat(self) -> Fraction:
        """As it is counted: three eighths in 6/8 and 9/8."""
        return Fraction(3, 2) if self.metre[1] == 8 and self.metre[0] % 3 == 0 else Fraction(4, self.metre[1])

    @property
    def pick_up(self) -> Fraction:
        return self.bars[0] if self.bars[0] < self.bar else Fraction(0)

    @property
    def length(self) -> Fraction:
        return sum(self.bars, Fraction(0))


def tunes(text: str) -> list[Tune]:
    return [_tune(block) for block in re.split(r"\n\s*\n", text.strip())]


def _tune(block: str) -> Tune:
    heads = dict(re.findall(r"^([A-Z]):\s*(.*?)\s*$", block, re.M))
    body = "\n".join(line for line in block.splitlines() if not re.match(r"[A-Z]:", line))
    title = heads.get("T", "?")
    try:
        metre = tuple(int(part) for part in heads["M"].split("/"))
        tonic, mode, signature = _key(heads["K"])
        reader = _Reader(signature, 4 * Fraction(heads["L"]))
        reader.read(body)
        found = Tune(
            title, heads["C"], heads["O"], heads["N"], (metre[0], metre[1]), heads["K"], tonic, mode,
            float(heads["Q"]), tuple(reader.bars), tuple(reader.tones), tuple(reader.changes),
        )  # fmt: skip
        _check(found)
    except (AbcError, KeyError, ValueError) as error:
        raise AbcError(f"{title}: {error}") from error
    return found


def _check(tune: Tune) -> None:
    """Every bar is full; the pick-up is what the last one lacks."""
    full = tune.bar
    for number, length in enumerate(tune.bars[1:-1], 2):
        if length != full:
            raise AbcError(f"bar {number} holds {length} of {full} quarters")
    if tune.bars[0] > full or (tune.pick_up + tune.bars[-1]) % full:
        raise AbcError(f"pick-up {tune.bars[0]} and last bar {tune.bars[-1]} do not make {full}")
    if not tune.changes or tune.changes[0].start > tune.pick_up:
        raise AbcError("no chord in the first bar")


def _key(text: str) -> tuple[int, str, dict[str, int]]:
    match = re.fullmatch(r"([A-G][#b]?)(Dor|Mix|Phr|m|)", text)
    if match is None:
        raise AbcError(f"key {text}")
    name, mode = match.groups()
    fifths = (MAJOR_FIFTHS | {"C#": 7, "G#": 8, "D#": 9})[name] - MODES[mode]
    sign = 1 if fifths > 0 else -1
    letters = SHARPS[:fifths] if fifths > 0 else SHARPS[::-1][:-fifths]
    return (STEPS[name[0]] + name.count("#") - name.count("b")) % 12, mode, dict.fromkeys(letters, sign)


@dataclass
class _Reader:
    signature: dict[str, int]
    unit: Fraction
    now: Fraction = Fraction(0)
    bar_began: Fraction = Fraction(0)
    in_bar: dict[str, int] = field(default_factory=dict)
    bars: list[Fraction] = field(default_factory=list)
    tones: list[Tone] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    triplet: int = 0
    factor: Fraction = Fraction(1)
    tied: bool = False

    def read(self, body: str) -> None:
        items = list(_tokens(body))
        for place, item in enumerate(items):
            if item["chord"] is not None:
                self.changes.append(_chord(item["chord"], self.now))
            elif item["triplet"]:
                self.triplet = 3
            elif item["tie"]:
                self.tied = True
            elif item["bar"]:
                self._close()
            elif item["note"]:
                following = items[place + 1]["broken"] if place + 1 < len(items) else None
                self._sound(item, following)
        if self.now != self.bar_began:
            raise AbcError("no bar line at the end")

    def _close(self) -> None:
        self.bars.append(self.now - self.bar_began)
        self.bar_began = self.now
        self.in_bar.clear()

    def _sound(self, item: dict[str, str], broken: str | None) -> None:
        length = self.unit * _length(item["length"]) * self.factor
        self.factor = Fraction(1)
        if broken:
            length *= Fraction(3, 2) if broken == ">" else Fraction(1, 2)
            self.factor = Fraction(1, 2) if broken == ">" else Fraction(3, 2)
        if self.triplet:
            length *= Fraction(2, 3)
            self.triplet -= 1
        if item["note"] != "z":
            self._tone(self._pitch(item), length)
        self.now += length

    def _tone(self, pitch: int, length: Fraction) -> None:
        if self.tied:
            last = self.tones.pop()
            if last.pitch != pitch or last.start + last.length != self.now:
                raise AbcError(f"a tie in bar {len(self.bars) + 1} leads to another note")
            self.tones.append(Tone(last.start, last.length + length, pitch))
        else:
            self.tones.append(Tone(self.now, length, pitch))
        self.tied = False

    def _pitch(self, item: dict[str, str]) -> int:
        letter = item["note"].upper()
        written = letter + item["octave"] + str(item["note"].islower())
        if item["sign"]:
            self.in_bar[written] = {"^": 1, "_": -1, "=": 0}[item["sign"]]
        alteration = self.in_bar.get(written, self.signature.get(letter, 0))
        octave = (12 if item["note"].islower() else 0) + 12 * (item["octave"].count("'") - item["octave"].count(","))
        return 60 + STEPS[letter] + alteration + octave


def _tokens(body: str) -> Iterator[dict[str, str]]:
    place = 0
    while place < len(body):
        match = TOKEN.match(body, place)
        if match is None:
            raise AbcError(f"not understood: {body[place : place + 12]!r}")
        place = match.end()
        if not match["space"]:
            yield match.groupdict()


def _length(text: str) -> Fraction:
    over, slash, under = text.partition("/")
    halves = 1 + under.count("/")
    under = under.replace("/", "")
    return Fraction(int(over or 1), int(under) if under else (2**halves if slash else 1))


def _chord(text: str, now: Fraction) -> Change:
    match = CHORD.match(text)
    if match is None:
        raise AbcError(f"chord {text!r}")
    letter, sign, minor = match.groups()
    return Change(now, (STEPS[letter] + (sign == "#") - (sign == "b")) % 12, bool(minor))
