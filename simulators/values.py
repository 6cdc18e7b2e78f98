"""What switches take: each of these returns the value to keep, or raises ValueError or TypeError."""

import re
from collections.abc import Callable
from typing import Any

Parser = Callable[[Any], Any]


def flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError
    return value


def text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError
    return value


def true_or_text(value: Any) -> bool | str:
    return True if value is True else text(value)


def number(value: Any) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value < 0:
        raise ValueError
    return float(value)


def whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError
    return value


def rate(value: Any) -> tuple[int, float] | str:
    """`20/10s` or `3/s` as (count, seconds); `off`."""
    if value == "off":
        return "off"
    found = re.fullmatch(r"(\d+)/(\d*(?:\.\d+)?)s", value)
    if not found:
        raise ValueError
    return int(found[1]), float(found[2] or 1)


def choice(*words: str) -> Parser:
    """One of these words; numbers may come as numbers, and `true` means the first word."""

    def parse(value: Any) -> str:
        word = words[0] if value is True else str(value)
        if word not in words:
            raise ValueError
        return word

    return parse


def per_stage(parse: Parser) -> Parser:
    """One value for every stage, or an object of stage and value."""

    def parse_stages(value: Any) -> Any:
        if isinstance(value, dict):
            return {text(stage): parse(one) for stage, one in value.items()}
        return parse(value)

    return parse_stages


def flag_or_stages(value: Any) -> bool | list[str]:
    """Everything, or only the stages in a list."""
    return [text(stage) for stage in value] if isinstance(value, list) else flag(value)
