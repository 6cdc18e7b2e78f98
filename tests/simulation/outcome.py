"""What a world came to, or several worlds together: plain figures, which travel from process to process."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from tests.simulation.simulation import Simulation
from tests.simulation.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Outcome:
    """`seed` is the first world's. `counts` are of orders and jobs, `mail` of webhooks, `endpoints` those made,
    disabled after 410 and after five days. `seconds` are virtual, of all worlds."""

    seed: int
    worlds: int
    counts: Counter[str]
    verdict: Verdict
    mail: Counter[str]
    endpoints: tuple[int, int, int]
    faults: Counter[str]
    seconds: float
    fingerprint: str


def outcome(sim: Simulation) -> Outcome:
    ends = sim.watch.webhooks.subscribers
    return Outcome(
        seed=sim.seed,
        worlds=1,
        counts=Counter(
            orders=sim.orders,
            drops=sim.callers.drops,
            refused=sim.callers.refused,
            unanswered=sim.callers.unanswered,
            stored=sim.watch.stored,
            retries=sim.watch.retries,
            renewals=sim.watch.renewals,
        ),
        verdict=sim.verdict,
        mail=sim.watch.webhooks.tally,
        endpoints=(ends.made, ends.after_gone, ends.after_days),
        faults=sim.mischief.counts,
        seconds=sim.agenda.seconds,
        fingerprint=sim.fingerprint.hexdigest(),
    )


def together(parts: Sequence[Outcome]) -> Outcome:
    """In the order of their seeds, so that the sum is the same whichever world was over first."""
    parts = sorted(parts, key=lambda one: one.seed)
    if len(parts) == 1:
        return parts[0]
    made, gone, days = (sum(column) for column in zip(*(one.endpoints for one in parts), strict=True))
    return Outcome(
        seed=parts[0].seed,
        worlds=len(parts),
        counts=sum((one.counts for one in parts), Counter[str]()),
        verdict=sum((one.verdict for one in parts), Verdict()),
        mail=sum((one.mail for one in parts), Counter[str]()),
        endpoints=(made, gone, days),
        faults=sum((one.faults for one in parts), Counter[str]()),
        seconds=sum(one.seconds for one in parts),
        fingerprint=hashlib.sha256("".join(one.fingerprint for one in parts).encode()).hexdigest(),
    )
