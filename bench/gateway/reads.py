"""What is read of a table with a million jobs, beside the same of one with a thousand: the same 100 are due in both."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any, cast

from reprise.aws.deliveries import DynamoDeliveries
from reprise.aws.endpoints import DynamoEndpoints
from reprise.aws.items import job_item, text_of
from reprise.aws.job_store import DynamoJobs
from reprise.domain.job import Entry, State
from reprise.memory import MemoryClock, MemoryQueue
from reprise.usecases.poller import Sweep
from reprise.usecases.read import Read

from bench.gateway.row import Row, counted
from bench.gateway.shelf import Item, Shelf
from tests.factories import NOW, a_job, a_running_job

MANY, FEW, DUE = 1_000_000, 1_000, 100
PAGE = 50
LINES = 13
"""Of a cover's timeline that went well (bench/gateway/story.py)."""

NOTE = (
    f"{DUE} jobs are due, {{}} have ended, all of one tenant. Items that DynamoDB evaluates for the very queries that "
    "the adapters send, counted by a table in memory with the template's indexes."
)


class Client:
    """What the adapters ask of botocore's client."""

    def __init__(self, shelf: Shelf) -> None:
        self.shelf = shelf

    def query(self, **asked: Any) -> dict[str, Any]:
        return self.shelf.query(asked)

    def get_item(self, **asked: Any) -> dict[str, Any]:
        return self.shelf.get(asked)

    def get_paginator(self, _: str) -> "Client":
        return self

    def paginate(self, **asked: Any) -> Iterator[dict[str, Any]]:
        """Of at most 1 MB each: what is asked for here is less."""
        yield self.shelf.query(asked)


def ended(number: int, like: Item) -> Item:
    """A second apart, before all that are due."""
    job_id = f"{number:032x}"
    at = text_of(NOW - timedelta(seconds=number + 1))
    return {**like, "pk": {"S": f"JOB#{job_id}"}, "id": {"S": job_id}, "created_at": {"S": at}}


def items(jobs: int) -> Iterator[Item]:
    like = job_item(replace(a_job(), state=State.SUCCEEDED, due_at=None))
    yield from (ended(number, like) for number in range(jobs - DUE))
    lines = [line(sequence) for sequence in range(1, LINES + 1)]
    for number in range(DUE):
        yield job_item(replace(a_running_job(), id=f"d{number:031x}", due_at=NOW), () if number else lines)


def line(sequence: int) -> Entry:
    return Entry(f"d{0:031x}", sequence, NOW, "callback", "a line", "owner", "kie", State.RUNNING, event=sequence)


def sweep(shelf: Shelf) -> None:
    jobs, deliveries = _stores(shelf)
    swept = Sweep(jobs, deliveries, MemoryQueue(), MemoryQueue(), MemoryClock(NOW))()
    if swept.due != DUE:
        raise RuntimeError(f"{swept.due} of {DUE} were found")


def page(shelf: Shelf, state: State | None = None) -> None:
    found = _stores(shelf)[0].page("owner", state, PAGE, None)
    if not state and len(found.summaries) != PAGE:
        raise RuntimeError(f"{len(found.summaries)} on a page of {PAGE}")


def timeline(shelf: Shelf) -> None:
    nothing = cast("Any", None)
    found = Read(_stores(shelf)[0], nothing, nothing, nothing, MemoryClock(NOW)).timeline("owner", f"d{0:031x}")
    if len(found) != LINES:
        raise RuntimeError(f"{len(found)} of {LINES} lines")


def stream(shelf: Shelf) -> None:
    """`dispatch` asks whom its tenant wants to be told; `deliver` looks up what may stand against telling the URL that
    the cover brought, and the event where its message was too small for it."""
    jobs, deliveries = _stores(shelf)
    client = _client(shelf)
    DynamoEndpoints("table", lambda: client).of("owner")
    found, _ = deliveries.with_job(f"d{0:031x}")
    if not found or not jobs.line(found.id, LINES):
        raise RuntimeError("the job of the event is not there")


WORK: dict[str, Callable[[Shelf], None]] = {
    f"Items read by a sweep, {DUE} due": sweep,
    f"Items read by a list of {PAGE}": page,
    f"Items read by a list of {PAGE} in a state that none is in": lambda shelf: page(shelf, State.CANCELED),
    "Items read by a timeline": timeline,
    "Items read for one event of the stream": stream,
}


def rows() -> list[Row]:
    many, few = read(MANY), read(FEW)
    note = NOTE.format(f"{MANY - DUE:,} (floor: {FEW - DUE:,})")
    return [counted(what, "items", many[what], few[what], most=few[what], goal="<= 1 x", note=note) for what in WORK]


def read(jobs: int) -> dict[str, int]:
    """Items evaluated by each piece of work on a table of so many jobs."""
    shelf, found = Shelf(items(jobs)), {}
    for what, work in WORK.items():
        before = shelf.read
        work(shelf)
        found[what] = shelf.read - before
    return found


def _client(shelf: Shelf) -> Any:
    return Client(shelf)


def _stores(shelf: Shelf) -> tuple[DynamoJobs, DynamoDeliveries]:
    client = _client(shelf)
    return DynamoJobs("table", lambda: client), DynamoDeliveries("table", lambda: client)
