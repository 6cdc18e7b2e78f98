"""What is taken for a boolean or a number where it need not be one: an object's metadata knows texts alone."""

import re
from contextlib import suppress
from math import isfinite
from typing import Any

from reprise.dialects.reading import Place

TRUTHS = dict.fromkeys(("1", "t", "y", "on", "yes", "true"), True)
TRUTHS |= dict.fromkeys(("0", "f", "n", "no", "off", "false"), False)

_WHOLE = re.compile(r"([+-]?\d+(?:_\d+)*)(?:\.0+)?", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|inf|infinity|nan)", re.ASCII | re.IGNORECASE)
_BETWEEN = re.compile(r"(?<=[^_])_(?=[^_])")


def truth(value: Any, place: Place) -> Any:
    if isinstance(value, str):
        found = TRUTHS.get(value.lower())
    elif isinstance(value, int | float) and value % 1 == 0 and abs(value) < 2**63:
        found = {0: False, 1: True}.get(int(value))
    else:
        found = None
    return place.fault(value, "type", "must be true or false") if found is None else found


def whole(value: Any, place: Place) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return _whole(value, place)
    if isinstance(value, float) and not isfinite(value):
        return place.fault(value, "type", "must be a finite number")
    return place.fault(value, "type", "must be a whole number")


def _whole(value: str, place: Place) -> Any:
    """60.0 too. Python itself reads no more than 4300 digits."""
    found = _WHOLE.fullmatch(value.strip())
    with suppress(ValueError):
        if found:
            return int(found[1])
    return place.fault(value, "type", "must be a whole number")


def number(value: Any, place: Place) -> Any:
    """Not always a finite one."""
    if isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        return place.fault(value, "type", "must be a number")
    plain = _BETWEEN.sub("", value) if "_" in value else value.strip()
    return float(plain) if _NUMBER.fullmatch(plain) else place.fault(value, "type", "must be a number")
