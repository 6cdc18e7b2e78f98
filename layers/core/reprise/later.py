"""An adapter whose library costs much to load, until an event really needs it."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Later:
    def __init__(self, make: Callable[[], object]) -> None:
        self._made = cache(make)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._made(), name)


def later(make: Callable[[], T]) -> T:
    """Stands for what `make` returns, which is asked for it with the first use, not with the wiring."""
    return cast("T", _Later(make))
