"""Calls to AWS per cover, by botocore hooks on the real doors, against the floor argued in docs/performance.md."""

from collections import Counter
from collections.abc import Iterable, Mapping

from bench.gateway.row import Row, counted
from bench.gateway.story import Run, cover, street, warm_cover

FLOOR: Mapping[tuple[str, str], int] = {
    ("submit", "DynamoDB.TransactWriteItems"): 1,
    ("submit", "DynamoDB.UpdateItem"): 1,
    ("callback", "DynamoDB.GetItem"): 3,
    ("callback", "DynamoDB.PutItem"): 3,
    ("callback", "DynamoDB.UpdateItem"): 3,
    ("transfer", "DynamoDB.GetItem"): 2,
    ("transfer", "S3.PutObject"): 2,
    ("transfer", "DynamoDB.UpdateItem"): 2,
    ("dispatch", "S3.PutObject"): 1,
    ("dispatch", "SNS.Publish"): 4,
    ("dispatch", "SQS.SendMessage"): 2,
}
"""Of a cover that no webhook hears: what no correct design of this shape can avoid."""

HEARD: Mapping[tuple[str, str], int] = {
    ("dispatch", "SQS.SendMessageBatch"): 4,
    ("deliver", "DynamoDB.Query"): 4,
    ("deliver", "DynamoDB.PutItem"): 8,
}
"""What each of the four events adds where a webhook hears it: a message, the look whether it may still be called, a
claim before the POST and what came of it after."""

SLACK = 2
MOST_BEFORE_THE_ANSWER = 2

COMMITS = ("TransactWriteItems", "UpdateItem")

Counts = Counter[tuple[str, str]]


def counts(runs: Iterable[Run]) -> Counts:
    """(function, call) -> how often."""
    return Counter((run.verb, call.name) for run in runs for call in run.calls)


def table(found: Counts, floor: Mapping[tuple[str, str], int]) -> str:
    rows = [f"| {verb} | {name} | {found[verb, name]} | {floor.get((verb, name), 0)} |"
            for verb, name in sorted({*found, *floor})]  # fmt: skip
    total = f"| **all** | | **{found.total()}** | **{sum(floor.values())}** |"
    return "\n".join(["| function | call | counted | floor |", "|---|---|---:|---:|", *rows, total])


def rows() -> list[Row]:
    with street() as house:
        started = counts(cover(house, "started", webhook=False)).total()
        plain, heard = warm_cover(house, webhook=False), warm_cover(house, webhook=True)
    with street(quiet=True) as house:
        alone, heard_alone = (counts(warm_cover(house, webhook=webhook)).total() for webhook in (False, True))
    return [
        _per_cover(
            "AWS calls per cover",
            counts(plain),
            FLOOR,
            "Every function warm: it remembers keys, parameters, the providers' health and who listens. No webhook. On "
            f"a stack so quiet that no other event comes within seconds of these, who listens is asked anew: {alone}. "
            f"The first cover of a process: {started}. Of two takes on their way at once each reads the job once more.",
        ),
        _per_cover(
            "AWS calls per cover with a webhook",
            counts(heard),
            Counter(FLOOR) + Counter(HEARD),
            f"The same with a webhook that hears all four events. On a quiet stack: {heard_alone}.",
        ),
        _at_once(plain),
        _transactions(plain),
    ]


def _per_cover(what: str, found: Counts, floor: Mapping[tuple[str, str], int], note: str) -> Row:
    base = sum(floor.values())
    goal = f"<= floor + {SLACK}"
    return counted(
        what, "calls", found.total(), base, most=base + SLACK, goal=goal, note=note, details=table(found, floor)
    )


def _at_once(runs: list[Run]) -> Row:
    """They are sequential: the function makes one after the other."""
    (submit,) = [run for run in runs if run.verb == "submit"]
    return counted(
        "AWS calls of `submit` before its answer",
        "calls",
        len(submit.calls),
        sum(count for (verb, _), count in FLOOR.items() if verb == "submit"),
        most=MOST_BEFORE_THE_ANSWER,
        goal=f"<= {MOST_BEFORE_THE_ANSWER}",
        note=f"{', '.join(call.name for call in submit.calls)}. The order has an Idempotency-Key: the transaction "
        "tells who holds its claim.",
    )


def _transactions(runs: list[Run]) -> Row:
    """Of the callback that made the most. A conditional write of one item is whole or not at all, too."""
    callbacks = [counts([run]) for run in runs if run.verb == "callback"]
    most = max(sum(one["callback", f"DynamoDB.{name}"] for name in COMMITS) for one in callbacks)
    note = "An UpdateItem on condition of the job's version counts as one: a job and what was said of it are one item."
    return counted("Transactions of one callback", "transactions", most, 1, most=1, goal="<= 1", note=note)
