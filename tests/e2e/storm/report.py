"""What a storm came to, as a table; what broke, with the timeline of each job that it broke for."""

from collections import Counter
from collections.abc import Iterator, Sequence

from tests.e2e.storm.evidence import Case, Evidence, Finding, Json
from tests.e2e.storm.judge import lateness
from tests.e2e.storm.judge_paid import attempts
from tests.e2e.storm.scale import Scale

MOST_STORIES = 6
STATES = ("succeeded", "failed", "canceled")


def story(case: Case) -> str:
    """A job's timeline, a line each."""
    return "\n".join(
        f"    {line['at']} {line['type']}: {line['message']} {line['data'] or ''}" for line in case.timeline
    )


def broken(findings: Sequence[Finding], evidence: Evidence, scale: Scale) -> str:
    known = {case.id: case for case in evidence.cases}
    lines = [f"{one.rule}: {_of(one)}{one.words}" for one in findings]
    jobs = list(dict.fromkeys(one.job for one in findings if one.job in known))[:MOST_STORIES]
    lines += [f"  {job}\n{story(known[job])}" for job in jobs]
    again = f"make test-e2e JOBS={scale.jobs} SEED={scale.seed}"
    return "\n".join(
        [f"{len(findings)} promises broken", *lines, f"seed {scale.seed}; the same mischief again: {again}"]
    )


def _of(finding: Finding) -> str:
    about = [f"job {finding.job}" if finding.job else "", f"order {finding.order}" if finding.order else ""]
    return ", ".join(part for part in about if part) + (": " if any(about) else "")


def table(
    evidence: Evidence,
    findings: Sequence[Finding],
    scale: Scale,
    kills: Counter[str],
    faults: Counter[str],
    extra: Sequence[tuple[str, str]],
) -> str:
    rows = [*_run(evidence, findings, scale), *extra, ("workers killed", f"{sum(kills.values()):,}")]
    rows += [
        (f"... {name.removesuffix('Function').lower()}", f"{count:,}") for name, count in kills.most_common() if count
    ]
    return "\n".join(
        [_markdown("storm", rows), _markdown("faults seen", sorted((k, f"{v:,}") for k, v in faults.items() if v))]
    )


def _run(evidence: Evidence, findings: Sequence[Finding], scale: Scale) -> Iterator[tuple[str, str]]:
    cases, broken_rules = evidence.cases, Counter(finding.rule for finding in findings)
    states = Counter(case.cover["state"] for case in cases)
    yield "seed", str(scale.seed)
    yield "orders, dropped songs among them", f"{len(evidence.orders)}, {sum(one.dropped for one in evidence.orders)}"
    yield "POSTs of them, double clicks and repeats among them", f"{sum(one.posts for one in evidence.orders)}"
    yield "refused, or never answered", f"{sum(not one.accepted for one in evidence.orders)}"
    yield "jobs, retries among them", f"{len(cases)}, {sum(bool(case.cover['retry_of']) for case in cases)}"
    yield "jobs lost", str(broken_rules["orders"] + broken_rules["ended"])
    yield ", ".join(STATES), ", ".join(str(states[name]) for name in STATES)
    reasons = Counter(case.cover["failure"]["reason"] for case in cases if case.cover["failure"])
    yield from ((f"... failed: {reason}", str(count)) for reason, count in reasons.most_common())
    yield "deleted; given up by a client", f"{sum(c.deleted for c in cases)}; {sum(bool(c.gave_up) for c in cases)}"
    yield "paid submits", str(len(evidence.purchases))
    yield "... not answered by the vendor", str(sum(row.reply != "ok" for row in evidence.purchases))
    yield "paid twice, or unexplained", str(broken_rules["paid"])
    yield "turned to another provider", str(_lines(cases, "cover.switched"))
    yield "tracks kept, given up", f"{_tracks(cases, 'kept')}, {_tracks(cases, 'lost')}"
    yield "events", str(sum(len(case.events) for case in cases))
    yield "events missing, in double or after the end", str(broken_rules["events"])
    yield "webhooks POSTed, taken", _posts(evidence, "/own/", "/all", "/ends", "/never", "/gone")
    yield "clients' callbacks POSTed, taken", _posts(evidence, "/client/")
    late = max((lateness(case) for case in cases), default=0.0)
    yield "worst end after a deadline", f"{late:.0f} s"
    yield "estimated = charged + refunded + open, USD", _money(evidence)


def _money(evidence: Evidence) -> str:
    charged = sum(evidence.prices[row.provider] for row in evidence.purchases if not row.refunded)
    refunded = sum(evidence.prices[row.provider] for row in evidence.purchases if row.refunded)
    bought = {(row.job, row.attempt) for row in evidence.purchases}
    unsold = 0.0
    for case in evidence.cases:
        found = attempts(case).items()
        unsold += sum(evidence.prices[p] for n, (p, no, _) in found if not no and (case.id, n) not in bought)
    estimated = sum(case.cover["estimated_usd"] for case in evidence.cases)
    return f"{estimated:.2f} = {charged:.2f} + {refunded:.2f} + {unsold:.2f}"


def _posts(evidence: Evidence, *paths: str) -> str:
    posts = [post for post in evidence.posts if post.path.startswith(paths)]
    return f"{len(posts):,}, {sum(200 <= post.answered < 300 for post in posts):,}"


def _lines(cases: Sequence[Case], type: str) -> int:
    return sum(line["type"] == type for case in cases for line in case.timeline)


def _tracks(cases: Sequence[Case], status: str) -> int:
    tracks: list[Json] = [track for case in cases for track in case.cover["tracks"]]
    return sum(track["status"] == status for track in tracks)


def _markdown(title: str, rows: Sequence[tuple[str, str]]) -> str:
    return "\n".join([f"| {title} | |", "|---|---:|", *(f"| {name} | {value} |" for name, value in rows), ""])
