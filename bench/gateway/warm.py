"""CPU of one warm callback and of one warm submit, beside handlers that do the unavoidable alone.

The recorded answers of a first event are given again and again, so each side's calls are built, signed and parsed.
"""

import json
import os
import subprocess
from pathlib import Path

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
FLOORS = {
    "callback": "The floor parses the body and makes one UpdateItem, the one that ours makes.",
    "submit": "The floor parses the body and makes the same calls to AWS and one POST with httpx, in the same order.",
}


def rows() -> list[Row]:
    found = cases()
    place = artifact.built() / "cases"
    place.mkdir(exist_ok=True)
    return [row(verb, {**found[verb], "verb": verb}, place) for verb in FLOORS]


def row(verb: str, case: dict[str, object], place: Path) -> Row:
    path = place / f"{verb}.json"
    path.write_text(json.dumps(case))
    ours, floor = [], []
    for _ in range(ROUNDS):
        ours.append(spent(verb, "ours", path, case))
        floor.append(spent(verb, "floor", path, case))
    note = NOTE.format(floor=FLOORS[verb])
    return timed(f"CPU of one warm `{verb}`", "ms CPU", ours, floor, at_most=AT_MOST, note=note)


def spent(verb: str, side: str, path: Path, case: dict[str, object]) -> float:
    """Milliseconds of one event. Raises RuntimeError where it fails."""
    here = {"PYTHONPATH": artifact.path_of(verb), "PYTHONDONTWRITEBYTECODE": "1", **AWS, **case["environ"]}  # type: ignore[dict-item]
    command = [artifact.python(), "-S", str(SIDE), str(path), side, str(TIMES)]
    done = subprocess.run(command, env=here, capture_output=True, text=True, cwd=os.sep, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise RuntimeError(f"{verb}: {done.stderr[-2000:]}")
    return float(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    for one in rows():
        print(f"{one.what:28} {one.ours:7.2f} {one.unit} {one.floor:7.2f} {one.ratio:5.2f} x {one.goal} {one.range}")
