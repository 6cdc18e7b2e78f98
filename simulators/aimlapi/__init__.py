"""An independent fake of AI/ML API's `minimax/music-cover`: poll only, no callback, one file per job.

    python -m simulators.aimlapi --port 0 --key KEY [--pace 1.0] [--credits 200000000]

prints one JSON line with its URL and runs until it is told to end. In a test:

    with AimlapiSimulator(key="k", pace=0.05) as sim: ...

Money is counted in the vendor's credits: 2,000,000 of them are one dollar, and a cover costs 390,000.

The control endpoint is described in simulators.frame, the way switches work in simulators.faults, and each switch in
simulators.aimlapi.switches (or GET /_control/faults). For example

    curl -d '{"submit": "hang", "times": 1}' URL/_control/faults      accept one submit, never answer it
    curl -d '{"http": "403_credits"}' ...                             out of credits, which is no 402 here
    curl -d '{"minimax_code": 1026}' ...                              covers fail with that upstream code
    curl -d '{"media": "404", "media_first_fetches": 2}' ...          links that are dead twice and then alive
    curl -X DELETE URL/_control/faults                                back to none
    curl URL/_control/ledger                                          who paid for what, and how often
"""

from simulators.aimlapi.simulator import AimlapiSimulator

__all__ = ["AimlapiSimulator"]
