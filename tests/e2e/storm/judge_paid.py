"""Every purchase has a job, an intent and a reason, and every cent is accounted for."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise

from tests.e2e.storm.evidence import Case, Evidence, Finding, Purchase, seconds

CERTAIN = ("submit.refused", "callback.failed", "poll.failed")
CLOCKS = 1.0
"""Seconds that a vendor's clock and ours may differ: they are one machine's."""
CENT = 0.0051
"""The API rounds to four places, each price has three."""


def paid(evidence: Evidence) -> Iterator[Finding]:
    """A purchase has a job and exactly one intent, an attempt at most one purchase, a second attempt a reason."""
    cases = {case.id: case for case in evidence.cases}
    bought: dict[tuple[str, int], list[Purchase]] = defaultdict(list)
    for row in evidence.purchases:
        if row.job not in cases or row.attempt is None:
            yield Finding("paid", f"{row.provider} sold task {row.task}, and no job explains it", row.job)
            continue
        bought[row.job, row.attempt].append(row)
        if not _intended(cases[row.job], row):
            words = f"the timeline does not explain what {row.provider} charges for attempt {row.attempt}"
            yield Finding("paid", words, row.job, cases[row.job].order)
    for (job, attempt), rows in bought.items():
        if len(rows) > 1:
            yield Finding("paid", f"attempt {attempt} was paid {len(rows)} times", job, cases[job].order)
    for case in evidence.cases:
        yield from _second_attempts(case, bought)


def _intended(case: Case, row: Purchase) -> bool:
    lines = [
        line
        for line in case.timeline
        if line["type"] == "submit.intended"
        and line["data"]["attempt"] == row.attempt
        and line["message"].endswith(f" {row.provider}")
    ]
    return len(lines) == 1 and seconds(lines[0]["at"]) <= row.at + CLOCKS


def _second_attempts(case: Case, bought: dict[tuple[str, int], list[Purchase]]) -> Iterator[Finding]:
    choice = case.cover["request"].get("when_unknown") == "resubmit"
    intents = [n for n, line in enumerate(case.timeline) if line["type"] == "submit.intended"]
    for begin, end in pairwise(intents):
        attempt, since = case.timeline[begin]["data"]["attempt"], [line["type"] for line in case.timeline[begin:end]]
        chosen = choice and "submit.repeated" in since
        told = [row for row in bought.get((case.id, attempt), []) if not row.outcome.startswith("failed")]
        if not chosen and (told or not any(type in CERTAIN for type in since)):
            words = f"attempt {attempt + 1} was begun while the last may be alive"
            yield Finding("paid", words, case.id, case.order)


def money(evidence: Evidence) -> Iterator[Finding]:
    """Estimated = charged + refunded + open, for each job; open is what nobody sold and nobody refused."""
    rows: dict[tuple[str, int], Purchase] = {
        (row.job, row.attempt): row for row in evidence.purchases if row.job and row.attempt
    }
    for case in evidence.cases:
        found = 0.0
        for attempt, (provider, refused, heard) in attempts(case).items():
            row = rows.get((case.id, attempt))
            if row and refused:
                yield Finding("money", f"attempt {attempt} was refused, and yet bought", case.id, case.order)
            if heard and row is None:
                words = f"attempt {attempt} was answered ({heard}), but {provider} sold nothing"
                yield Finding("money", words, case.id, case.order)
            found += evidence.prices[provider] if row or not refused else 0.0
        if abs(case.cover["estimated_usd"] - found) > CENT:
            words = f"estimated {case.cover['estimated_usd']} USD, charged, refunded and open are {found:.4f}"
            yield Finding("money", words, case.id, case.order)


def attempts(case: Case) -> dict[int, tuple[str, bool, str]]:
    """Attempt -> provider, whether it was refused, and what proves that it was taken; from the timeline alone."""
    found: dict[int, tuple[str, bool, str]] = {}
    now = 0
    for line in case.timeline:
        if line["type"] == "submit.intended":
            now = line["data"]["attempt"]
            found[now] = (line["message"].rpartition(" ")[2], False, "")
        elif line["type"] == "submit.refused" and now:
            found[now] = (found[now][0], True, "")
        elif line["type"].startswith(("submit.accepted", "callback.")) and now:
            found[now] = (*found[now][:2], line["type"])
    return found
