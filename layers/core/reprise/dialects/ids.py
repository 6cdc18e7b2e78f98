"""Ids as the vendors' clients know them, from job ids and back, so that nothing need be stored for it.

A job id is 32 lower-case hex digits whose number is below 2**126: what fits into 21 characters of six bits each.
What comes back from a client is text from outside: all that is no id of ours is None.
"""

import re
from uuid import UUID

BITS = 126

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
URL_SAFE = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"

UPCOV = "upcov"
UPCOV_DIGITS = 22
SHORT_DIGITS = BITS // 6

CONVERSION = 0xD3A9_5C17_6E2B_4F80_9A61_C4F2_7B0D_358E
"""Its two highest bits are set: no conversion id of ours can be read as a task id of ours."""

_JOB = re.compile(r"[0-9a-f]{32}", re.ASCII)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def upcov(job_id: str) -> str:
    """aimusicapi.org's kind: `upcov` and 22 letters or digits."""
    return UPCOV + _written(_number(job_id), DIGITS, UPCOV_DIGITS)


def from_upcov(text: str) -> str | None:
    if not text.startswith(UPCOV):
        return None
    return _job_id(_read(text.removeprefix(UPCOV), DIGITS, UPCOV_DIGITS))


def short(job_id: str) -> str:
    """AI/ML API's kind: 21 URL-safe characters."""
    return _written(_number(job_id), URL_SAFE, SHORT_DIGITS)


def from_short(text: str) -> str | None:
    return _job_id(_read(text, URL_SAFE, SHORT_DIGITS))


def task_uuid(job_id: str) -> str:
    """MusicGPT's task: a UUID."""
    return str(UUID(int=_number(job_id)))


def from_task_uuid(text: str) -> str | None:
    return _job_id(_uuid_number(text))


def conversion_uuid(job_id: str) -> str:
    """MusicGPT's conversion of that task: another UUID."""
    return str(UUID(int=_number(job_id) ^ CONVERSION))


def from_conversion_uuid(text: str) -> str | None:
    number = _uuid_number(text)
    return None if number is None else _job_id(number ^ CONVERSION)


def _number(job_id: str) -> int:
    """Raises ValueError for what is no job id."""
    number = int(job_id, 16) if _JOB.fullmatch(job_id) else -1
    if _job_id(number) is None:
        raise ValueError("not a job id")
    return number


def _job_id(number: int | None) -> str | None:
    return f"{number:032x}" if number is not None and 0 <= number < 1 << BITS else None


def _written(number: int, digits: str, width: int) -> str:
    text = ""
    for _ in range(width):
        number, digit = divmod(number, len(digits))
        text = digits[digit] + text
    return text


def _read(text: str, digits: str, width: int) -> int | None:
    if len(text) != width:
        return None
    number = 0
    for one in text:
        digit = digits.find(one)
        if digit < 0:
            return None
        number = number * len(digits) + digit
    return number


def _uuid_number(text: str) -> int | None:
    """UUIDs are the same in capitals (RFC 9562)."""
    return UUID(text).int if _UUID.fullmatch(text.lower()) else None
