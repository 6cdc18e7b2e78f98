"""Work shared out between two cores, by threads: numpy and the net let go of the interpreter while they count."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

AT_ONCE = 2
BLOCK = 1 << 19
"""samples; noise is drawn block by block, so another size is another noise"""

Item = TypeVar("Item")
Made = TypeVar("Made")


def each(work: Callable[[Item], Made], items: Iterable[Item]) -> list[Made]:
    """What `work` makes of each, in their order. Whatever it writes must be the item's own."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(work, items))


def blocks(samples: int, size: int = BLOCK) -> list[tuple[int, int]]:
    """(start, stop) of each."""
    return [(start, min(start + size, samples)) for start in range(0, samples, size)]
