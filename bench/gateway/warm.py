"""CPU of one warm callback and of one warm submit, beside handlers that do the unavoidable alone.

The recorded answers of a first event are given again and again, so each side's calls are built, signed and parsed.
"""

import json
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.gateway import artifact
from bench.gateway.recorded import cases
from bench.gateway.row import Row, timed
from tests.conftest import AWS

ROUNDS, TIMES = 9, 40
SIDE = Path(__file__).with_name("warm_side.py")
AT_MOST = 1.3

NOTE = (
    f"{ROUNDS} rounds in turns of {TIMES} events in one python3.13 a side, after 20 to warm up. AWS and the vendor "
    "answer from memory, as recorded from moto; each call is built, signed and parsed. {floor}"
)


@dataclass(frozen=True, slots=True)
class Floor:
    """`calls` to AWS that it makes: names of operations with commas between, or `all`. What it is, in words."""

    verb: str
    calls: str
    note: str
    beside: str = ""


FLOORS = (
    Floor("callback", "UpdateItem", "The floor parses the body and makes one UpdateItem, the one that ours makes."),
    Floor(
        "callback",
        "all",
        "The floor parses the body and makes the three calls that ours makes, in the same order: the job read, the "
        "body kept, the job changed.",
        ", beside the same calls",
    ),
    Floor("submit", "all", "The floor parses the body, makes the same calls to AWS and one POST with httpx, in order."),
)


def rows() -> list[Row]:
    found = cases()
    place = artifact.built() / "cases"
    place.mkdir(exist_ok=True)
    return [row(floor, found[floor.verb], place) for floor in FLOORS]


def row(floor: Floor, case: dict[str, Any], place: Path) -> Row:
    path = place / f"{floor.verb}.json"
    path.write_text(json.dumps(case))
    ours, base = [], []
    for _ in range(ROUNDS):
        ours.append(spent(floor, "ours", path, case["environ"]))
        base.append(spent(floor, "floor", path, case["environ"]))
    what, note = f"CPU of one warm `{floor.verb}`{floor.beside}", NOTE.format(floor=floor.note)
    return timed(what, "ms CPU", ours, base, at_most=AT_MOST, note=note)


def spent(floor: Floor, side: str, path: Path, environ: Mapping[str, str]) -> float:
    """Milliseconds of one event. Raises RuntimeError where it fails."""
    here = {"PYTHONPATH": artifact.path_of(floor.verb), "PYTHONDONTWRITEBYTECODE": "1", **AWS, **environ}
    command = [artifact.python(), "-S", str(SIDE), str(path), side, str(TIMES), floor.calls]
    done = subprocess.run(command, env=here, capture_output=True, text=True, cwd=os.sep, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise RuntimeError(f"{floor.verb}: {done.stderr[-2000:]}")
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    for one in rows():
        print(f"{one.what:28} {one.ours:7.2f} {one.unit} {one.floor:7.2f} {one.ratio:5.2f} x {one.goal} {one.range}")
