"""Copies of takes: how fast and in how much memory, beside a raw stream from the same host into the same bucket."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from bench.gateway.row import Row, counted, timed
from bench.gateway.turns import Side, median_of

SMALL, LARGE = 5_000_000, 200_000_000
ROUNDS = {SMALL: 15, LARGE: 5}
AT_LEAST = 0.9
MOST_MORE = 16
"""MB that the large one may take above the small one."""

MODULE = "bench.gateway.transfer_side"
NOTE = (
    "Host and bucket are one other process on this machine, over plain HTTP. Ours is the use case with its real "
    "fetcher (addresses checked and pinned), disk, SHA-256, packet count, and S3's client; the job is in memory. Raw "
    "passes on each piece as it comes. Ours has the whole file before any of it goes into the bucket: that order is "
    "the promise (nothing is kept that was not checked), so where the bucket is as near as here the two legs add up, "
    "while raw runs them at once."
)


@contextmanager
def warehouse() -> Iterator[str]:
    """Its URL."""
    command = [sys.executable, "-m", "bench.gateway.warehouse"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:  # noqa: S603 - ours
        assert child.stdin
        assert child.stdout
        yield child.stdout.readline().strip()
        child.stdin.close()


def rows() -> list[Row]:
    with warehouse() as url:
        speeds = [_speed(url, size) for size in ROUNDS]
        return [*speeds, _memory(url)]


def _speed(url: str, size: int) -> Row:
    with (
        Side(sys.executable, MODULE, {}, "ours", url, str(size)) as ours,
        Side(sys.executable, MODULE, {}, "raw", url, str(size)) as raw,
    ):
        for side in (ours, raw):
            side.turn(1)
        turns = [(ours.turn(1)[0], raw.turn(1)[0]) for _ in range(ROUNDS[size])]
    mine, base = ([size / 1e6 / each[place] for each in turns] for place in range(2))
    what = f"`transfer` throughput, {size // 1_000_000} MB"
    return timed(what, "MB/s", mine, base, at_least=AT_LEAST, note=f"{len(turns)} rounds. {NOTE}")


def _memory(url: str) -> Row:
    """Each figure is of a process that has made one copy."""
    small, large = (median_of(3, partial(_peak, url, size)) for size in (SMALL, LARGE))
    goal = f"<= 5 MB's + {MOST_MORE} MB"
    note = "Peak resident memory of a process that makes one copy: of 200 MB, and (floor) of 5 MB. Medians of three."
    return counted("`transfer` memory, 200 MB", "MB", large, small, most=small + MOST_MORE, goal=goal, note=note)


def _peak(url: str, size: int) -> float:
    with Side(sys.executable, MODULE, {}, "ours", url, str(size), "memory") as side:
        return side.turn(1)[0]
