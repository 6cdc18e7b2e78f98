"""The judgement: every promise that the evidence does not bear out, with the job that it was broken to."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator

from tests.e2e.storm.evidence import ENDS, TERMINAL, Case, Evidence, Finding, Ordered, seconds
from tests.e2e.storm.judge_audio import kept, told_too_early
from tests.e2e.storm.judge_paid import money, paid
from tests.e2e.storm.judge_told import clients, published, webhooks

Rule = Callable[[Evidence], Iterator[Finding]]


def judge(evidence: Evidence) -> list[Finding]:
    return [finding for rule in RULES for finding in rule(evidence)]


def ended(evidence: Evidence) -> Iterator[Finding]:
    """Each job is over, and not too long after its deadline; a client that gave up had a reason to."""
    for case in evidence.cases:
        if case.cover["state"] not in TERMINAL:
            yield Finding("ended", f"is still {case.cover['state']}", case.id, case.order)
        elif (late := lateness(case)) > evidence.grace:
            yield Finding("ended", f"ended {late:.0f} s after its deadline", case.id, case.order)
        if case.gave_up and not _hopeless(case, evidence):
            words = f"its client gave up a job that was {case.gave_up}, and no vendor is to blame"
            yield Finding("ended", words, case.id, case.order)


def orders(evidence: Evidence) -> Iterator[Finding]:
    """What was accepted became one job, a repeated key no second one, and there is no job that nobody ordered."""
    known = {ordered.number: ordered for ordered in evidence.orders}
    firsts: dict[int, list[Case]] = defaultdict(list)
    for case in evidence.cases:
        if case.order not in known:
            yield Finding("orders", "nobody ordered it", case.id, case.order)
        elif not case.cover["retry_of"]:
            firsts[case.order or 0].append(case)
    for ordered in evidence.orders:
        yield from _one_order(ordered, [case.id for case in firsts[ordered.number]])
    yield from _retries(evidence)


def _one_order(ordered: Ordered, jobs: list[str]) -> Iterator[Finding]:
    most = 1 if ordered.keyed or ordered.dropped else ordered.posts
    if ordered.accepted and not jobs:
        yield Finding("orders", "was accepted, and there is no job", order=ordered.number)
    if len(jobs) > most:
        words = f"came to {len(jobs)} jobs; {ordered.posts} POSTs, {'one' if ordered.keyed else 'no'} key"
        yield Finding("orders", words, jobs[0], ordered.number)
    for named in {answer.job for answer in ordered.answers if answer.job} - set(jobs):
        yield Finding("orders", "the caller was told of a job that does not exist", named, ordered.number)


def _retries(evidence: Evidence) -> Iterator[Finding]:
    known = {case.id: case for case in evidence.cases}
    for old, count in Counter(one.cover["retry_of"] for one in evidence.cases if one.cover["retry_of"]).items():
        if count > 1:
            yield Finding("orders", f"was retried by {count} jobs", old)
        if old in known and known[old].cover["state"] == "succeeded":
            yield Finding("orders", "succeeded, and was retried", old)


def leftovers(evidence: Evidence) -> Iterator[Finding]:
    for queue, count in evidence.dead_letters.items():
        if count:
            yield Finding("dead letters", f"{count} of {queue}")


def secrets(evidence: Evidence) -> Iterator[Finding]:
    for log, name in evidence.told:
        yield Finding("secrets", f"{log} has {name}")


def lateness(case: Case) -> float:
    """Seconds from its deadline to its end; below zero where it was earlier."""
    ends = [line for line in case.timeline if line["type"] in ENDS]
    return max((seconds(line["at"]) for line in ends), default=0.0) - seconds(case.cover["deadline_at"])


def _hopeless(case: Case, evidence: Evidence) -> bool:
    """Nobody could know more: the submit's outcome, or a task that its vendor will never finish."""
    stuck = {row.task for row in evidence.purchases if row.job == case.id and row.outcome == "stuck"}
    bought = {row.attempt for row in evidence.purchases if row.job == case.id}
    if case.gave_up == "submitting":
        return True
    if case.gave_up == "running":
        return bool(stuck) or case.cover["attempt"] not in bought or case.cover["task_id"] is None
    waits = ("submit.waiting", "submit.postponed", "cover.switched")
    return case.gave_up == "queued" and any(line["type"] in waits for line in case.timeline)


RULES: tuple[Rule, ...] = (
    ended,
    orders,
    paid,
    money,
    kept,
    told_too_early,
    published,
    webhooks,
    clients,
    leftovers,
    secrets,
)
