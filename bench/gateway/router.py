"""CPU that a gateway adds to a request, beside LiteLLM's router in its own process."""

import os
import sys

from bench.gateway.row import Row, timed
from bench.gateway.turns import Side, percentile

ROUNDS, REQUESTS, WARM_UP = 15, 100, 100
PYTHON = ".venv-bench/bin/python"
AT_MOST = 0.5


WHAT = """A request is all that happens between a caller's call and the answer, but the waiting and the provider.
LiteLLM: one `Router.completion` with two deployments and its own `mock_response`. Ours: one `POST /v1/covers` at the
handler of `submit`, warm, two providers switched on: the API key, the wish, the choice, the callback's token, the job
stored before and after the paid call, the answer. Both without HTTP to a provider, ours without the look at the song,
theirs without a proxy in front. CPU is the whole process's, its threads too."""


def rows() -> list[Row]:
    """Raises FileNotFoundError where LiteLLM's virtualenv is not there."""
    if not os.path.exists(PYTHON):
        raise FileNotFoundError(f"{PYTHON}: make .venv-bench/.ready")
    here = {"PYTHONPATH": os.pathsep.join((".", "layers/core"))}
    with (
        Side(sys.executable, "bench.gateway.router_ours", here) as stored,
        Side(sys.executable, "bench.gateway.router_ours", here, "memory") as remembered,
        Side(PYTHON, "bench.gateway.router_litellm", {"PYTHONPATH": "."}) as theirs,
    ):
        sides = (stored, remembered, theirs)
        for side in sides:
            side.turn(WARM_UP)
        turns = [[side.turn(REQUESTS) for side in sides] for _ in range(ROUNDS)]
    on_table, in_memory, litellm = ([each[place] for each in turns] for place in range(3))
    note = f"{ROUNDS} rounds of {REQUESTS} requests on each side. {WHAT}"
    return [
        *_pair("with the job in the table", on_table, litellm, f"{note} Each AWS call is built, signed and parsed."),
        *_pair("with the job in memory", in_memory, litellm, "The same run and the same door, which keeps its jobs in "
               "this process, as LiteLLM's router keeps its state: no AWS call is made."),
    ]  # fmt: skip


def _pair(which: str, ours: list[list[float]], theirs: list[list[float]], note: str) -> list[Row]:
    return [
        timed(
            f"Added CPU per request beside LiteLLM, {which}, p{share * 100:.0f}",
            "ms",
            _ms(ours, share),
            _ms(theirs, share),
            at_most=AT_MOST,
            note=note,
        )
        for share in (0.5, 0.99)
    ]


def _ms(rounds: list[list[float]], share: float) -> list[float]:
    return [1000 * percentile(one, share) for one in rounds]
