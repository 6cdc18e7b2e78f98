"""Reading a client's JSON with care: a reader notes the fault that it finds and goes on, so that all can be told."""

import json
import re
from collections.abc import Iterable, Mapping
from math import isfinite
from typing import Any, TypeVar
from urllib.parse import urlsplit

from reprise.dialects.body import parse_body
from reprise.domain.request import Source
from reprise.domain.violation import Violation
from reprise.errors import InvalidError, TooLargeError
from reprise.redact import redact

MOST_BODY = 1_000_000
"""Bytes."""

LONGEST_TEXT = 5000
"""Characters of a text that the vendor does not limit: a job must fit into one item of 400 KB."""

LONGEST_URL = 4000

TOLERANCE = 1e-6

T = TypeVar("T")

_UPLOAD = re.compile(r"upload:([0-9a-f]{32})")
_NUMERAL = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)


def json_object(raw: bytes, most: int = MOST_BODY) -> Mapping[str, Any]:
    """Raises TooLargeError above `most` bytes, MalformedError for anything but a JSON object in UTF-8."""
    if len(raw) > most:
        raise TooLargeError(f"at most {most} bytes; songs go through POST /v1/uploads")
    return parse_body(raw)


def upload_key(tenant: str, upload: str) -> str:
    """Where a song lies that came through POST /v1/uploads."""
    return f"uploads/{tenant}/{upload}"


class Fields:
    """One JSON object. Readers answer None for what is absent and for what is wrong; the wrong is in `faults` too.

    Absent is what is missing, null or a blank text. `lenient` takes booleans and numbers that are written as texts.
    """

    def __init__(self, values: Mapping[str, Any], lenient: bool = False) -> None:
        self._values = values
        self._lenient = lenient
        self.faults: list[Violation] = []

    def given(self, name: str) -> bool:
        value = self._values.get(name)
        return value is not None and not (isinstance(value, str) and not value.strip())

    def fault(self, name: str, rule: str, message: str, length: int | None = None, limit: float | None = None) -> None:
        self.faults.append(Violation(name, rule, message, length, limit))

    def check(self) -> None:
        """Raises InvalidError with all that was found so far."""
        if self.faults:
            raise InvalidError(*self.faults)

    def require(self, name: str, message: str = "") -> bool:
        if not self.given(name):
            self.fault(name, "required", message or f"{name} is required")
        return self.given(name)

    def text(self, name: str, most: int = LONGEST_TEXT, least: int = 0, message: str = "") -> str | None:
        """As it was written, blanks and all. `message` is for a text of the wrong length, in Unicode code points."""
        value = self._typed(name, str, "a string")
        length = len(value or "")
        if length > most:
            self.fault(name, "too-long", message or f"{name} takes at most {most} characters", length, most)
        elif value is not None and length < least:
            self.fault(name, "too-short", message or f"{name} takes at least {least} characters", length, least)
        else:
            return value
        return None

    def choice(self, name: str, known: Iterable[str]) -> str | None:
        value, choices = self._typed(name, str, "a string"), tuple(known)
        if value is None or value in choices:
            return value
        self.fault(name, "not-one-of", f"{name} must be one of {', '.join(choices)}")
        return None

    def boolean(self, name: str) -> bool | None:
        value = self._values.get(name)
        if self._lenient and isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        return self._typed(name, bool, "true or false")

    def number(self, name: str, least: float, most: float, step: float) -> float | None:
        """Steps are taken with a tolerance: 0.29 is 29 of 0.01."""
        value = self._numeral(name)
        if value is None:
            return None
        steps = round(value / step) if least <= value <= most else 0
        if not least <= value <= most:
            self.fault(name, "out-of-range", f"{name} must be from {least:g} to {most:g}")
        elif abs(value / step - steps) > TOLERANCE:
            self.fault(name, "step", f"{name} must be a multiple of {step:g}")
        else:
            return round(steps * step, 9)
        return None

    def whole(self, name: str, least: int, most: int) -> int | None:
        value = self.number(name, least, most, 1)
        return None if value is None else int(value)

    def url(self, name: str, form: str = "an absolute http(s) URL") -> str | None:
        """Any absolute http(s) URL. Whether its host may be connected to is not asked here. `form` is told where it is
        none."""
        link = (self._typed(name, str, "a URL") or "").strip()
        if len(link) > LONGEST_URL:
            self.fault(name, "too-long", f"{name} takes at most {LONGEST_URL} characters", len(link), LONGEST_URL)
        elif is_absolute(link):
            return link
        elif link:
            self.fault(name, "malformed", f"{name} must be {form}")
        return None

    def hook(self, name: str) -> str | None:
        """Where to call back; None, and never a fault, for what is no absolute http(s) URL. The vendors look only
        whether something is there, and clients that poll send a word such as `none`."""
        value = self._values.get(name)
        link = value.strip() if isinstance(value, str) else ""
        return link if len(link) <= LONGEST_URL and is_absolute(link) else None

    def source(self, name: str, tenant: str) -> Source | None:
        """A URL that a provider will fetch, or `upload:<id>` of a song that came through POST /v1/uploads."""
        value = self._values.get(name)
        upload = _UPLOAD.fullmatch(value.strip()) if isinstance(value, str) else None
        if upload:
            return Source(key=upload_key(tenant, upload[1]))
        link = self.url(name, "an absolute http(s) URL, or upload:<id> with the id that POST /v1/uploads gave")
        return Source(url=link) if link else None

    def _numeral(self, name: str) -> float | None:
        value = self._values.get(name)
        if self._lenient and isinstance(value, str) and _NUMERAL.fullmatch(value.strip()):
            return float(value)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self._typed(name, float, "a number")

    def _typed(self, name: str, kind: type[T], words: str) -> T | None:
        value = self._values[name] if self.given(name) else None
        if value is None or isinstance(value, kind):
            return value
        self.fault(name, "type", f"{name} must be {words}")
        return None


def is_absolute(link: str) -> bool:
    """Characters that may be percent-encoded are left as they are; control characters are not."""
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and link.isprintable()


def bearer(headers: Mapping[str, str]) -> str:
    """The key of `Authorization: Bearer <key>`; empty where there is none."""
    scheme, _, key = headers.get("authorization", "").strip().partition(" ")
    return key.strip() if scheme.lower() == "bearer" else ""


def echo(values: Mapping[str, Any], names: Iterable[str]) -> str:
    """`Visit.echo`: these fields as the client wrote them, secrets in URLs hidden. A job keeps it, so it is bounded:
    texts are cut at LONGEST_TEXT, and what is no text, finite number or boolean is left out."""
    kept = {name: values[name] for name in names if isinstance(values.get(name), str | int | float)}
    kept = {name: value for name, value in kept.items() if not isinstance(value, float) or isfinite(value)}
    texts = {name: redact(value)[:LONGEST_TEXT] for name, value in kept.items() if isinstance(value, str)}
    return json.dumps({**kept, **texts}, ensure_ascii=False)


def in_words(error: InvalidError, names: Mapping[str, str]) -> str:
    """One sentence a fault. `names` are the vendor's for canonical fields, where they differ."""
    return "; ".join(_in_words(one, names) for one in error.violations)


def _in_words(one: Violation, names: Mapping[str, str]) -> str:
    name = names.get(one.field.partition(".")[0], one.field)
    return one.message if one.message.startswith(name) else f"{name}: {one.message}"
