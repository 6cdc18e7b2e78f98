"""What a run came to, as a table; what broke, as a trace that can be read and replayed."""

from collections.abc import Iterator

from tests.simulation.agenda import START
from tests.simulation.broken import BrokenError
from tests.simulation.outcome import Outcome
from tests.simulation.simulation import Simulation
from tests.simulation.verdict import Money


def table(told: Outcome) -> str:
    """The same for the same seed, to the last byte."""
    return "\n".join([_markdown("run", _run(told)), _markdown("faults injected", _faults(told)), _money(told)])


def broken(sim: Simulation, error: BrokenError) -> str:
    case = sim.watch.cases.get(error.job)
    known = case or sim.watch.webhooks.mails.get(error.job)
    trace = known.trace if known else sim.watch.early.get(error.job, [])
    lines = [f"{START.isoformat()} is 0 s; deeper lines happened while the function above them waited", ""]
    lines += [f"{at:12.2f} s  {'| ' * depth}{text}" for at, depth, text in trace]
    told = f"BROKEN after {sim.verdict.jobs} jobs: job {error.job}: {error.words}"
    again = f"make simulate JOBS={sim.jobs} SEED={sim.seed}"
    return "\n".join([*lines, "", told, f"seed {sim.seed}; to see it again: {again}"])


def _run(one: Outcome) -> Iterator[tuple[str, str]]:
    told, counts = one.verdict, one.counts
    yield "seed", str(one.seed)
    if one.worlds > 1:
        yield "worlds, each with the next seed", f"{one.worlds}"
    yield "orders, drops of songs among them", f"{counts['orders']:,}, {counts['drops']:,}"
    yield "refused before anything was stored", f"{counts['refused']:,}"
    yield "never answered (no key, or eight crashes in a row)", f"{counts['unanswered']:,}"
    yield "jobs stored, retries among them", f"{counts['stored']:,}, {counts['retries']:,}"
    yield "... made anew under a trace that had bought nothing", f"{counts['renewals']:,}"
    yield "jobs lost", f"{counts['stored'] - told.jobs:,}"
    yield (
        "succeeded, failed, canceled",
        ", ".join(f"{told.states[name]:,}" for name in ("succeeded", "failed", "canceled")),
    )
    for reason, count in sorted(told.reasons.items(), key=lambda one: (-one[1], one[0])):
        yield f"... failed: {reason}", f"{count:,}"
    yield "paid submits", f"{told.purchases:,}"
    yield "paid twice", f"{told.double_paid:,}"
    yield "bought again after a refusal that was not true", f"{told.bought_again:,}"
    yield "turned to another provider", f"{told.turned:,}"
    yield "takes given up (their links stayed bad)", f"{told.lost_takes:,}"
    yield "events", f"{told.events:,}"
    yield "events missing, in double or after the end", f"{told.bad_events:,}"
    yield "messages to a dialect's clients", f"{told.messages:,}"
    mail = one.mail
    ends = ", ".join(f"{count:,}" for count in one.endpoints)
    yield "webhook endpoints, disabled after 410, after five days of failures", ends
    yield "webhook messages, attempts", f"{mail['due']:,}, {mail['attempts']:,}"
    yield "... heard", f"{mail['heard']:,}"
    yield "... heard again (a lost answer, a crash, a replay)", f"{mail['again']:,}"
    yield "... given up after the whole schedule", f"{mail['given up']:,}"
    yield "... stopped (410, disabled or deleted)", f"{mail['stopped']:,}"
    yield "... missing", f"{mail['missing']:,}"
    yield "worst end after a deadline", f"{told.worst / 60:.1f} min"
    yield "virtual time", f"{one.seconds / 3600:,.0f} h"
    yield "fingerprint of all traces", one.fingerprint[:16]


def _faults(one: Outcome) -> list[tuple[str, str]]:
    return [(kind, f"{count:,}") for kind, count in sorted(one.faults.items())]


def _money(told: Outcome) -> str:
    """USD by provider, over all tenants; the check was made for each tenant."""
    sums: dict[str, Money] = {}
    for (_, name), money in told.verdict.money.items():
        one = sums.setdefault(name, Money())
        one.add(money)
    rows = ["| USD | estimated | charged | refunded | open | unheard |", "|---|---:|---:|---:|---:|---:|"]
    for name, one in sorted(sums.items()):
        parts = (one.estimated, one.charged, one.refunded, one.open, one.unheard)
        cells = " | ".join(f"{part / 1e6:.2f}" for part in parts)
        rows.append(f"| {name} | {cells} |")
    return "\n".join([*rows, ""])


def _markdown(title: str, rows: Iterator[tuple[str, str]] | list[tuple[str, str]]) -> str:
    return "\n".join([f"| {title} | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows), ""])
