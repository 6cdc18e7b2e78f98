"""One side of a comparison in a process of its own, asked in turns with the other: `n` on a line, n seconds back.

The standard library alone: the other side lives in another virtualenv.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from math import ceil
from statistics import median
from types import TracebackType
from typing import TextIO


class Side:
    """A child that `serve`s. `python` may be another virtualenv's."""

    def __init__(self, python: str, module: str, environ: Mapping[str, str], *arguments: str) -> None:
        self._child = subprocess.Popen(  # noqa: S603 - our own modules
            [python, "-m", module, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, **environ},
        )

    def turn(self, times: int) -> list[float]:
        """Raises RuntimeError where the child has died."""
        assert self._child.stdin
        assert self._child.stdout
        self._child.stdin.write(f"{times}\n")
        self._child.stdin.flush()
        line = self._child.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._child.args!r} ended with {self._child.wait()}")
        return [float(one) for one in json.loads(line)]

    def __enter__(self) -> "Side":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        assert self._child.stdin
        self._child.stdin.close()
        self._child.wait(60)  # LiteLLM cleans up at length


def hushed() -> TextIO:
    """Where a child answers. Whatever is printed or logged from now on goes nowhere."""
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    return answers


def serve(answers: TextIO, once: Callable[[], float]) -> None:
    """In the child: `once` is one request, and answers what it took."""
    for line in sys.stdin:
        answers.write(json.dumps([once() for _ in range(int(line))]) + "\n")
        answers.flush()


def cpu(work: Callable[[], object]) -> float:
    """Seconds of CPU of the whole process, its threads too."""
    began = time.process_time()
    work()
    return time.process_time() - began


def median_of(times: int, measure: Callable[[], float]) -> float:
    return median(measure() for _ in range(times))


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that `share` of all are not above."""
    ordered = sorted(values)
    return ordered[max(0, ceil(len(ordered) * share) - 1)]
