"""Faults that can be switched on while a simulator runs.

`POST /_control/faults` merges a JSON object of switches; `null` takes one out. Two forms limit how often a switch acts:
`{"media": {"value": "404", "times": 2}}` for one switch, `{"submit": "hang", "times": 1}` for all of the request.
What counts as one time is told by each switch's `per` (a submit, a task, a poll, a fetch). A switch without `per` is a
setting: it is only looked up and never used up.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from simulators.values import Parser


class SwitchError(ValueError):
    """An unknown switch, or a value it does not take. The message is for the person at the control endpoint."""


@dataclass(frozen=True, slots=True)
class Switch:
    parse: Parser  # returns the value to keep, or raises ValueError
    takes: str
    about: str
    per: str | None = None
    default: Any = None


class Faults:
    def __init__(self, known: Mapping[str, Switch]) -> None:
        self.known = known
        self.injected: Counter[str] = Counter()
        self._active: dict[str, Any] = {}
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    def merge(self, wanted: Any) -> dict[str, Any]:
        """All or nothing: one bad switch and none is taken over."""
        if not isinstance(wanted, dict):
            raise SwitchError("expected a JSON object of switches")
        rest = dict(wanted)
        for_all = _times(rest.pop("times", None))
        parsed = {name: self._parse(name, value, for_all) for name, value in rest.items()}
        with self._lock:
            for name, (value, times) in parsed.items():
                self._active.pop(name, None)
                self._left.pop(name, None)
                if value is not None:
                    self._active[name] = value
                if value is not None and times is not None:
                    self._left[name] = times
        return {name: value for name, (value, _) in parsed.items()}

    def look(self, name: str) -> Any:
        """The value, or the switch's default; does not use it up."""
        with self._lock:
            return self._active.get(name, self.known[name].default)

    def take(self, name: str) -> Any:
        """The value, counted as one fault injected, or the switch's default."""
        with self._lock:
            if name not in self._active:
                return self.known[name].default
            value = self._active[name]
            self.injected[name] += 1
            if name in self._left:
                self._left[name] -= 1
                if self._left[name] == 0:
                    del self._active[name], self._left[name]
            return value

    def plan(self, names: Iterable[str]) -> dict[str, Any]:
        """These switches as they stand now, each counted: what holds for one task whatever is switched later."""
        return {name: self.take(name) for name in names}

    def clear(self) -> None:
        with self._lock:
            self._active.clear()
            self._left.clear()

    def view(self) -> dict[str, Any]:
        with self._lock:
            active = {n: {"value": v, "times": self._left.get(n)} for n, v in self._active.items()}
        known = {n: {"takes": s.takes, "per": s.per, "about": s.about} for n, s in sorted(self.known.items())}
        return {"active": active, "known": known}

    def _parse(self, name: str, value: Any, for_all: int | None) -> tuple[Any, int | None]:
        if name not in self.known:
            raise SwitchError(f"unknown switch {name!r}; known are: {', '.join(sorted(self.known))}")
        times = for_all
        if isinstance(value, dict) and "value" in value:
            times = _times(value.get("times")) or for_all
            value = value["value"]
        if value is None:
            return None, None
        switch = self.known[name]
        if times is not None and switch.per is None:
            raise SwitchError(f"{name} is a setting and cannot be limited to a number of times")
        try:
            return switch.parse(value), times
        except (ValueError, TypeError) as error:
            raise SwitchError(f"{name} takes {switch.takes}, not {value!r}") from error


def _times(value: Any) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise SwitchError("times must be a whole number above 0")
    return value
