"""Callbacks per second on this machine: five duplicates of each of a job's three stages, beside a floor handler."""

import sys
from statistics import mean

from bench.gateway.row import Row, timed
from bench.gateway.turns import Side

ROUNDS, JOBS, WARM_UP = 15, 10, 10
AT_LEAST = 0.7

NOTE = (
    f"{ROUNDS} rounds of {JOBS} jobs, each with text, first and complete five times over: one caller, one connection, "
    "one process with a front that makes API Gateway's event of a request, by the process's CPU, which is all that it "
    "waits for. AWS answers from memory; each call is built, signed and parsed. The floor parses the body and makes "
    "the same DynamoDB calls with a client as it comes (the job read each time, a body kept and the job changed once a "
    "stage), and nothing else: no token, no state machine, no log."
)


def rows() -> list[Row]:
    module = "bench.gateway.callbacks_side"
    with Side(sys.executable, module, {}, "ours") as ours, Side(sys.executable, module, {}, "floor") as floor:
        for side in (ours, floor):
            side.turn(WARM_UP)
        turns = [[1 / mean(side.turn(JOBS)) for side in (ours, floor)] for _ in range(ROUNDS)]
    mine, base = ([each[place] for each in turns] for place in range(2))
    return [timed("Callbacks per second", "callbacks/s", mine, base, at_least=AT_LEAST, note=NOTE)]
