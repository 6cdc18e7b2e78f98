"""CPU that a gateway adds to a request, beside LiteLLM's router in its own process.

A request is all that happens between a caller's call and the answer, but the waiting and the provider. LiteLLM: one
`Router.completion` with two deployments and its own `mock_response`. Ours: one `POST /v1/covers` at the handler of
`submit`, warm, two providers switched on: the key, the wish, the choice, the callback's token, the job stored before
and after, each AWS call built, signed and parsed by botocore. Both without HTTP to a provider; ours without the look
at the song, theirs without a proxy in front or a store behind.
"""

import os
import sys
from statistics import median

from bench.gateway.row import Row, timed
from bench.gateway.turns import Side, percentile

ROUNDS, REQUESTS, WARM_UP = 15, 100, 100
PYTHON = ".venv-bench/bin/python"
AT_MOST = 0.5


def rows() -> list[Row]:
    """Raises FileNotFoundError where LiteLLM's virtualenv is not there."""
    if not os.path.exists(PYTHON):
        raise FileNotFoundError(f"{PYTHON}: make .venv-bench/.ready")
    ours, theirs = [], []
    here = {"PYTHONPATH": os.pathsep.join((".", "layers/core"))}
    with (
        Side(sys.executable, "bench.gateway.router_ours", here) as our,
        Side(PYTHON, "bench.gateway.router_litellm", {"PYTHONPATH": "."}) as their,
    ):
        our.turn(WARM_UP)
        their.turn(WARM_UP)
        for _ in range(ROUNDS):
            ours.append(our.turn(REQUESTS))
            theirs.append(their.turn(REQUESTS))
    note = f"{ROUNDS} rounds of {REQUESTS} requests on each side. {' '.join((__doc__ or '').split())}"
    p50 = timed("Added CPU per request, p50, beside LiteLLM", "ms", _ms(ours, 0.5), _ms(theirs, 0.5),
                at_most=AT_MOST, note=note)  # fmt: skip
    p99 = timed("Added CPU per request, p99, beside LiteLLM", "ms", _ms(ours, 0.99), _ms(theirs, 0.99),
                at_most=AT_MOST, note="The same run.")  # fmt: skip
    return [p50, p99]


def _ms(rounds: list[list[float]], share: float) -> list[float]:
    at = median if share == 0.5 else lambda one: percentile(one, share)
    return [1000 * at(one) for one in rounds]
