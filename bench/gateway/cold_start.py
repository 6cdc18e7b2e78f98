"""Cold starts: a fresh python3.13 with the built artifact, from nothing to the first answer, beside boto3 alone."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bench.gateway import artifact
from bench.gateway.recorded import cases
from bench.gateway.row import Row, timed
from tests.conftest import AWS

ROUNDS = 9
SIDE = Path(__file__).with_name("cold_side.py")
GOALS = {"callback": 1.15, "submit": 1.5, "read": 1.5}
OTHERS = 1.4
FLOOR = "floor"


def rows() -> list[Row]:
    runs = {**cases(), FLOOR: {}}
    place = artifact.built() / "cases"
    place.mkdir(exist_ok=True)
    for name, case in runs.items():
        (place / f"{name}.json").write_text(json.dumps(case))
    verbs = [verb for verb in runs if verb != FLOOR]
    for verb in verbs:
        start(verb, place, runs[verb])  # the files are in the page cache, and nothing is broken
    spent: dict[str, list[list[float]]] = {verb: [] for verb in verbs}
    for _ in range(ROUNDS):
        for verb in verbs:
            spent[verb].append([start(verb, place, runs[verb])[0], start(FLOOR, place, {})[0]])
    return [row(verb, spent[verb]) for verb in sorted(verbs, key=lambda verb: (verb not in GOALS, verb))]


def row(verb: str, spent: list[list[float]]) -> Row:
    ours, floor = ([pair[side] * 1000 for pair in spent] for side in range(2))
    return timed(f"Cold start of `{verb}`", "ms CPU", ours, floor, at_most=GOALS.get(verb, OTHERS), note=NOTE)


def start(name: str, place: Path, case: Mapping[str, Any]) -> tuple[float, float]:
    """Seconds of CPU and of the wall. Raises RuntimeError where the first event fails."""
    path = str(artifact.built() / "runtime") if name == FLOOR else artifact.path_of(name)
    here = {"PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", **AWS, **case.get("environ", {})}
    command = [artifact.python(), "-S", str(SIDE), str(place / f"{name}.json")]
    done = subprocess.run(command, env=here, capture_output=True, text=True, cwd=os.sep, check=False)  # noqa: S603 - our own
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-2000:]}")
    cpu, wall = json.loads(done.stdout.splitlines()[-1])
    return cpu, wall


NOTE = (
    f"{ROUNDS} rounds, ours and the floor in turns, each in a fresh python3.13: imports and the first event, whose "
    "answers of AWS and of the vendor were recorded from moto and are parsed again, without network or TLS. The floor "
    'is `import boto3; boto3.client("dynamodb")` with the same kind of bytecode. CPU, user and system, without the '
    "start of the interpreter."
)


if __name__ == "__main__":
    for one in rows():
        print(f"{one.what:28} {one.ours:7.1f} {one.unit} {one.floor:7.1f} {one.ratio:5.2f} x {one.goal} {one.range}")
