"""All checks of the doctor, by the name that their line has."""

from collections.abc import Mapping
from functools import partial

from cli.checks import doors, providers, queues, work
from cli.finding import Check
from cli.queues import DEAD_LETTERS, WORKING

CHECKS: Mapping[str, Check] = {
    "api": doors.api,
    "callbacks": doors.callbacks,
    "keys": providers.keys,
    "balances": providers.balances,
    "breakers": providers.breakers,
    **{name: partial(queues.waiting, name) for name in WORKING},
    **{one.name: partial(queues.dead, one) for one in DEAD_LETTERS},
    "oldest due": work.oldest_due,
    "sweep": work.sweep,
    "event sources": work.event_sources,
    "stream": work.stream,
    "alarms": work.alarms,
    "clock": work.clock,
}
