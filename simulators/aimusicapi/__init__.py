"""An independent fake of aimusicapi.org (upload-cover), to be bought from a thousand times for nothing.

    python -m simulators.aimusicapi --port 0 --key KEY [--pace 1.0] [--credits 1000]

prints one JSON line with its URL and runs until it is told to end. In a test:

    with AimusicapiSimulator(key="k", pace=0.05) as sim: ...

Its callbacks are bare arrays of clips that name no task, and one that fails costs nothing. The control endpoint is
described in simulators.frame, the way switches work in simulators.faults, and each switch in
simulators.aimusicapi.switches (or GET /_control/faults). For example

    curl -d '{"submit": "hang", "times": 1}' URL/_control/faults      accept and charge one submit, never answer it
    curl -d '{"type": "FAILED", "times": 1}' ...                      one song that does not meet the guidelines
    curl -d '{"success_while_text": true}' ...                        SUCCESS with clips that are not finished
    curl -d '{"callback_shape": "status_object"}' ...                 callbacks that look like the status
    curl -X DELETE URL/_control/faults                                back to none
    curl URL/_control/ledger                                          who paid for what, and how often
"""

from simulators.aimusicapi.simulator import AimusicapiSimulator

__all__ = ["AimusicapiSimulator"]
