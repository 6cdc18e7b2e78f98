"""Readers of single values. The rules' names and words are part of the API."""

import re
from collections.abc import Iterable
from math import isfinite
from typing import Any

from reprise.dialects import lenient
from reprise.dialects.reading import Place, Reader


def text(value: Any, place: Place) -> Any:
    return value if isinstance(value, str) else place.fault(value, "type", "must be a text")


def at_most(most: int) -> Reader:
    """A text of so many code points, as it was written."""

    def read(value: Any, place: Place) -> Any:
        if isinstance(value, str) and len(value) > most:
            return place.fault(value, "too-long", f"at most {most} characters", most)
        return text(value, place)

    return read


def trimmed(most: int) -> Reader:
    """Counted as it comes, with the space around it: a limit that JSON Schema can say."""
    read = at_most(most)
    return lambda value, place: (read(value, place) or "").strip()


def optional(most: int) -> Reader:
    """Null and a blank text are none."""
    read = trimmed(most)
    return lambda value, place: None if value is None else read(value, place) or None


def matching(pattern: str) -> Reader:
    """A text that is all of `pattern`, as JSON Schema would have it."""
    form = re.compile(pattern)

    def read(value: Any, place: Place) -> Any:
        if isinstance(value, str) and not form.fullmatch(value):
            return place.fault(value, "malformed", "is not of the right form")
        return text(value, place)

    return read


def one_of(choices: Iterable[str]) -> Reader:
    """One of an enumeration is read as its member."""
    known = {str(one): one for one in choices}
    *others, last = (f"'{one}'" for one in known)
    words = f"must be {', '.join(others)} or {last}"

    def read(value: Any, place: Place) -> Any:
        known_one = known.get(value) if isinstance(value, str) else None
        return place.fault(value, "not-one-of", words) if known_one is None else known_one

    return read


def truth(value: Any, place: Place) -> Any:
    if isinstance(value, bool):
        return value
    return lenient.truth(value, place) if place.lenient else place.fault(value, "type", "must be true or false")


def whole(least: int, most: int) -> Reader:
    def read(value: Any, place: Place) -> Any:
        return limited(_whole(value, place), value, place, least, most)

    return read


def _whole(value: Any, place: Place) -> Any:
    """60.0 is a whole number to JSON Schema, and to clients that know one kind of number."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return lenient.whole(value, place) if place.lenient else place.fault(value, "type", "must be a whole number")


def number(value: Any, place: Place) -> Any:
    found = _number(value, place)
    if found is None or isfinite(found):
        return found
    return place.fault(value, "type", "must be a finite number")


def _number(value: Any, place: Place) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            return place.fault(value, "type", "must be a number")
    return lenient.number(value, place) if place.lenient else place.fault(value, "type", "must be a number")


def limited(found: Any, value: Any, place: Place, least: float, most: float) -> Any:
    """`found` is what was read of `value`; None is told already."""
    if found is not None and found > most:
        return place.fault(value, "too-large", f"at most {most}", most)
    if found is not None and found < least:
        return place.fault(value, "too-small", f"at least {least}", least)
    return found
