"""What is taken for a boolean or a number where it need not be one: an object's metadata knows texts alone."""

import re
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
        return place.fault(value, "type", "must be true or false")
    if found is None:
        place.fault(value, "bool-parsing", "Input should be a valid boolean, unable to interpret input")
    return found


def whole(value: Any, place: Place) -> Any:
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        return _whole(value, place)
    if not isinstance(value, float):
        return place.fault(value, "type", "must be a whole number")
    if not isfinite(value):
        return place.fault(value, "finite-number", "Input should be a finite number")
    return place.fault(value, "int-from-float", "Input should be a valid integer, got a number with a fractional part")


def _whole(value: str, place: Place) -> Any:
    """60.0 too. Python itself reads no more than 4300 digits."""
    found = _WHOLE.fullmatch(value.strip())
    if not found:
        words = "Input should be a valid integer, unable to parse string as an integer"
        return place.fault(value, "int-parsing", words)
    try:
        return int(found[1])
    except ValueError:
        words = "Unable to parse input string as an integer, exceeded maximum size"
        return place.fault(value, "int-parsing-size", words)


def number(value: Any, place: Place) -> Any:
    """Not always a finite one."""
    if isinstance(value, bool):
        return float(value)
    if not isinstance(value, str):
        return place.fault(value, "type", "must be a number")
    plain = _BETWEEN.sub("", value) if "_" in value else value.strip()
    if _NUMBER.fullmatch(plain):
        return float(plain)
    words = "Input should be a valid number, unable to parse string as a number"
    return place.fault(value, "float-parsing", words)
