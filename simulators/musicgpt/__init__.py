"""An independent fake of MusicGPT's Cover (being renamed Wav): a form, a raw key, one webhook, one file, voices.

    python -m simulators.musicgpt --port 0 --key KEY [--pace 1.0] [--credits 1000]

prints one JSON line with its URL and runs until it is told to end. In a test:

    with MusicgptSimulator(key="k", pace=0.05) as sim: ...

The ledger charges one credit a cover. The amounts in `credit_estimate` and `conversion_cost` are in a unit which the
vendor explains nowhere, and have nothing to do with it.

The control endpoint is described in simulators.frame, the way switches work in simulators.faults, and each switch in
simulators.musicgpt.switches (or GET /_control/faults). For example

    curl -d '{"submit": "hang", "times": 1}' URL/_control/faults      accept and charge one submit, never answer it
    curl -d '{"webhook": "new", "byid": "numbered"}' ...              the shapes of the new brand
    curl -d '{"plan": "free"}' ...                                    one cover at a time, twenty polls a minute
    curl -d '{"false_failure": "before"}' ...                         a failure webhook for a cover that succeeds
    curl -X DELETE URL/_control/faults                                back to none
    curl URL/_control/ledger                                          who paid for what, and how often
"""

from simulators.musicgpt.simulator import MusicgptSimulator

__all__ = ["MusicgptSimulator"]
