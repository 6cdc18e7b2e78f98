"""An independent fake of sunoapi.org (upload and cover), to be bought from a thousand times for nothing.

    python -m simulators.sunoapi --port 0 --key KEY [--pace 1.0] [--credits 1000]

prints one JSON line with its URL and runs until it is told to end. In a test:

    with SunoapiSimulator(key="k", pace=0.05) as sim: ...

Its codes are its own: 429 says that the credits are used up, 430 (or 405) that calls come too fast, and nearly all of
them come with HTTP 200. The control endpoint is described in simulators.frame, the way switches work in
simulators.faults, and each switch in simulators.sunoapi.switches (or GET /_control/faults). For example

    curl -d '{"submit": "hang", "times": 1}' URL/_control/faults      accept and charge one submit, never answer it
    curl -d '{"credits": 0}' ...                                      HTTP 200 with code 429 from now on
    curl -d '{"error_code": 451, "times": 1}' ...                     one song whose source cannot be fetched
    curl -d '{"media": "441", "media_on": "audio"}' ...               audio_url is gone; source_audio_url is good
    curl -X DELETE URL/_control/faults                                back to none
    curl URL/_control/ledger                                          who paid for what, and how often
"""

from simulators.sunoapi.simulator import SunoapiSimulator

__all__ = ["SunoapiSimulator"]
