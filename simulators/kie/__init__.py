"""An independent fake of kie.ai (upload and cover), to be bought from a thousand times for nothing.

    python -m simulators.kie --port 0 --key KEY [--hmac-key K] [--pace 1.0] [--credits 1000]

prints one JSON line with its URL and runs until it is told to end. In a test:

    with KieSimulator(key="k", pace=0.05) as sim: ...

The control endpoint is described in simulators.frame, the way switches work in simulators.faults, and each switch in
simulators.kie.switches (or GET /_control/faults). For example

    curl -d '{"submit": "hang", "times": 1}' URL/_control/faults      accept and charge one submit, never answer it
    curl -d '{"media": "404", "media_first_fetches": 2}' ...          links that are dead twice and then alive
    curl -d '{"media": "0bytes", "media_on": "audio"}' ...            only audio_url lies; source_audio_url is good
    curl -X DELETE URL/_control/faults                                back to none
    curl URL/_control/ledger                                          who paid for what, and how often
"""

from simulators.kie.simulator import KieSimulator

__all__ = ["KieSimulator"]
