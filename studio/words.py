"""A wish in words -> a style, and numbers changed in it. What was understood is said, and so is what was not."""

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio.style import Part, Program, Sound, Style, styles
from studio.wish import Wish

OTHER_LEADS: tuple[Program, ...] = (73, 0, 40, 11, 71)
"""What takes the tune when every lead of the style is unwanted."""
SHARES = {"crackle", "drive", "crush", "pump", "chorus"}
NEGATIONS = r"(?:no|without|minus|less|exclude|-)\s*"


@dataclass(frozen=True)
class Understood:
    style: Style
    said: tuple[str, ...]
    """one sentence or word each, in the order they matter"""
    ignored: tuple[str, ...]
    """words of the wish that meant nothing here"""


@lru_cache(maxsize=1)
def vocabulary() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text())


def understand(wish: Wish, usable: tuple[str, ...] | None = None) -> Understood:
    """`usable` names the styles that can be played here: without a soundfont only the synthetic ones."""
    text = " ".join(re.sub(r"[^\w&/#+.-]+", " ", wish.style.lower()).split())
    unwanted, text = _unwanted(text, wish.negative.lower())
    style, named, why = _style(text, usable)
    said = [f"style: {style.title} ({why})"]
    rest = _without(text, named)
    style, found = _tempo(style, rest)
    said += found
    style, moods = _moods(style, rest)
    said += [f"mood: {one}" for one in moods]
    style, lead = _lead(style, rest)
    said += lead
    style, left_out = _exclude(style, unwanted)
    said += left_out
    known = [*named, *style.words, *moods, *vocabulary()["tempo"], *vocabulary()["instrument"]]
    return Understood(style, tuple(said), tuple(_leftover(rest, known)))


def _has(text: str, word: str) -> bool:
    return re.search(rf"(?<![\w]){re.escape(word)}(?![\w])", text) is not None


def _without(text: str, words: list[str]) -> str:
    for word in words:
        text = re.sub(rf"(?<![\w]){re.escape(word)}(?![\w])", " ", text)
    return " ".join(text.split())


def _unwanted(text: str, negative: str) -> tuple[list[str], str]:
    """Instruments after `no` or `without` in the wish, and all of the negative tags; and the wish without them."""
    names = sorted(vocabulary()["instrument"], key=len, reverse=True)
    found = [name for name in names if _has(negative, name)]
    for name in names:
        pattern = rf"(?<![\w]){NEGATIONS}{re.escape(name)}s?(?![\w])"
        if re.search(pattern, text):
            found.append(name)
            text = re.sub(pattern, " ", text)
    return found, " ".join(text.split())


def _style(text: str, usable: tuple[str, ...] | None) -> tuple[Style, list[str], str]:
    """The style whose words are said: the longest word wins, then the earliest. Its name, words and the reason."""
    every = {name: one for name, one in styles().items() if usable is None or name in usable}
    hits = [
        (len(word), -text.index(word), name, word)
        for name, one in every.items()
        for word in (*one.words, one.title.lower(), name)
        if _has(text, word)
    ]
    strong = [hit for hit in hits if hit[3] not in vocabulary()["mood"] and hit[3] not in vocabulary()["instrument"]]
    if strong or hits:
        _, _, name, word = max(strong or hits)
        return every[name], [word], f'for "{word}"'
    default = vocabulary()["default"] if vocabulary()["default"] in every else next(iter(every))
    return every[default], [], "the studio's choice" if not text else "no style was named, so the studio's choice"


def _tempo(style: Style, text: str) -> tuple[Style, list[str]]:
    asked = re.search(r"(?<!\d)(\d{2,3})\s*bpm", text)
    if asked and 40 <= int(asked[1]) <= 220:
        return replace(style, tempo=(float(asked[1]), float(asked[1]))), [f"tempo: {asked[1]} beats a minute"]
    words = sorted((word for word in vocabulary()["tempo"] if _has(text, word)), key=len, reverse=True)
    if not words:
        return style, []
    factor = vocabulary()["tempo"][words[0]]
    return replace(style, tempo=(style.tempo[0] * factor, style.tempo[1] * factor)), [f"tempo: {words[0]}"]


def _moods(style: Style, text: str) -> tuple[Style, list[str]]:
    found = [word for word in vocabulary()["mood"] if _has(text, word)]
    sound = style.sound
    for word in found:
        sound = _changed(sound, vocabulary()["mood"][word])
    return replace(style, sound=sound), found


def _changed(sound: Sound, changes: dict[str, Any]) -> Sound:
    values: dict[str, float] = {}
    for name, change in changes.items():
        now = getattr(sound, name)
        if isinstance(change, str):
            values[name] = now * float(change.removeprefix("*"))
        elif name == "lowpass":
            values[name] = min(now or change, change)
        else:
            values[name] = min(now + change, 1.0) if name in SHARES else now + change
    return replace(sound, **values)


def _lead(style: Style, text: str) -> tuple[Style, list[str]]:
    """The first instrument that is named plays the tune of take one."""
    names = sorted(vocabulary()["instrument"], key=len, reverse=True)
    named = [name for name in names if _has(text, name) and vocabulary()["instrument"][name][0] != -1]
    if not named:
        return style, []
    first = min(named, key=lambda name: (text.index(name), -len(name)))
    program = vocabulary()["instrument"][first][0]
    if style.synthetic and isinstance(program, int):
        return style, [f"lead: {first} is not played in this style, which is all synth"]
    parts = tuple(
        replace(part, program=(program, *(one for one in part.program if one != program)))
        if part.play == "lead"
        else part
        for part in style.part
    )
    return replace(style, part=parts), [f"lead: {first}"]


def _exclude(style: Style, unwanted: list[str]) -> tuple[Style, list[str]]:
    said = []
    parts = style.part
    for name in dict.fromkeys(unwanted):
        if name == "crackle":
            style = replace(style, sound=replace(style.sound, crackle=0.0))
            said.append("left out: crackle")
            continue
        left = tuple(_kept(parts, name))
        said.append(f"left out: {name}" if left != parts else f"left out: {name} (not in this style anyway)")
        parts = left
    return replace(style, part=parts), said


def _kept(parts: tuple[Part, ...], name: str) -> Iterator[Part]:
    entry = vocabulary()["instrument"][name]
    family = set(vocabulary()["family"].get(name, [entry[0]]))
    for part in parts:
        programs = tuple(one for one in part.program if one not in family)
        if part.play == "lead":
            yield part if programs == part.program else replace(part, program=programs or _other_lead(family))
        elif part.name not in entry[1:] and programs:
            yield part if programs == part.program else replace(part, program=programs)


def _other_lead(family: set[Program]) -> tuple[Program, ...]:
    return tuple(one for one in OTHER_LEADS if one not in family)[:2]


def _leftover(text: str, known: list[str]) -> list[str]:
    rest = _without(re.sub(r"\d+\s*bpm", " ", text), sorted(known, key=len, reverse=True))
    return [word for word in rest.split() if word not in vocabulary()["fillers"] and not word.isdigit()]
