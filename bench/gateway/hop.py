"""From a state change to what the world hears of it: which functions lie between, followed through one cover's trace.

A run is caused by the one that wrote the line which the stream brought it, or sent the message that it works on.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.gateway.row import Row, counted
from bench.gateway.story import Run, street, warm_cover

STREAM, QUEUE = "stream", "queue"


@dataclass(frozen=True)
class Path:
    """Of one public event: the functions on the way, and what brought it from each to the next."""

    verbs: tuple[str, ...]
    by: tuple[str, ...]

    def __str__(self) -> str:
        return "".join(f"{verb} -({by})-> " for verb, by in zip(self.verbs, self.by, strict=False)) + self.verbs[-1]


def causes(runs: Sequence[Run]) -> dict[int, tuple[int, str]]:
    """Place of a run -> place of its cause, and what brought it. Those from outside have none."""
    found: dict[int, tuple[int, str]] = {}
    for place, run in enumerate(runs):
        for earlier in range(place):
            if set(_lines_read(run)) & set(_lines_written(runs[earlier])):
                found[place] = earlier, STREAM
            elif set(_messages_read(run)) & set(_messages_sent(runs[earlier])):
                found[place] = earlier, QUEUE
    return found


def path_to(place: int, event: str, runs: Sequence[Run]) -> Path:
    """Back to the run that committed `event`, an id. Raises LookupError where its cause is none of `runs`."""
    known, verbs, by = causes(runs), [runs[place].verb], list[str]()
    while event not in _committed(runs[place]):
        if place not in known:
            raise LookupError(f"what led to {event} at {verbs[0]}?")
        place, how = known[place]
        verbs.insert(0, runs[place].verb)
        by.insert(0, how)
    return Path(tuple(verbs), tuple(by))


def rows() -> list[Row]:
    with street() as house:
        runs = warm_cover(house, webhook=True)
    published = [path_to(place, event, runs) for place, run in enumerate(runs) for event in _published(run)]
    posted = [path_to(place, event, runs) for place, run in enumerate(runs) for event in run.posted]
    return [
        _row("Hops of the stream from a state change to its SNS publish", published),
        _row("Hops of the stream from a state change to its first webhook attempt", posted),
    ]


def _row(what: str, paths: list[Path]) -> Row:
    """Raises where the four public events did not all arrive once, or a sweep lay between."""
    if len(paths) != 4 or any("poller" in path.verbs for path in paths):
        raise RuntimeError(f"{what}: {[str(path) for path in paths]}")
    ways = ", ".join(dict.fromkeys(f"`{path}`" for path in paths))
    most = max(path.by.count(STREAM) for path in paths)
    note = f"Of four events, each followed to its cause. {ways}. No sweep lies between."
    return counted(what, "hops", most, 1, most=1, goal="<= 1", note=note)


def _published(run: Run) -> Iterator[str]:
    for call in run.calls:
        if call.name == "SNS.Publish":
            yield json.loads(call.asked["Message"])["id"]


def _committed(run: Run) -> set[str]:
    """Ids of the public events that it wrote down."""
    lines = [json.loads(item["body"]["S"]) for item in _items_written(run)]
    return {f"{line['job_id']}-{line['event']}" for line in lines if line.get("event")}


def _lines_read(run: Run) -> Iterator[tuple[str, str]]:
    for record in run.event.get("Records", []):
        if "dynamodb" in record:
            image = record["dynamodb"]["NewImage"]
            yield image["pk"]["S"], image["sk"]["S"]


def _lines_written(run: Run) -> Iterator[tuple[str, str]]:
    for item in _items_written(run):
        yield item["pk"]["S"], item["sk"]["S"]


def _items_written(run: Run) -> Iterator[dict[str, Any]]:
    """Those that the stream brings."""
    for call in run.calls:
        for write in call.asked.get("TransactItems", []):
            item = write.get("Put", {}).get("Item", {})
            if "outbox" in item:
                yield item


def _messages_read(run: Run) -> Iterator[str]:
    for record in run.event.get("Records", []):
        if "body" in record:
            yield json.dumps(json.loads(record["body"]), sort_keys=True)


def _messages_sent(run: Run) -> Iterator[str]:
    for call in run.calls:
        for one in (call.asked, *call.asked.get("Entries", [])):
            if "MessageBody" in one:
                yield json.dumps(json.loads(one["MessageBody"]), sort_keys=True)
