"""From a state change to what the world hears of it: which functions lie between, followed through one cover's trace.

A run is caused by the one that wrote the change which the stream showed it, or sent the message that it works on.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from reprise.aws.packed import unpack

from bench.gateway.row import Row, counted
from bench.gateway.story import Run, street, warm_cover

STREAM, QUEUE = "stream", "queue"

Place = tuple[str, str]
"""A job's partition and its version."""


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
            if set(_changes_read(run)) & {change for change, _ in _changes_written(runs[earlier])}:
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
    found = ((place, line) for place, change in _changes_written(run) for line in unpack(change["L"][-1]))
    return {f"{place[0].removeprefix('JOB#')}-{line['event']}" for place, line in found if line.get("event")}


def _changes_read(run: Run) -> Iterator[Place]:
    for record in run.event.get("Records", []):
        if "dynamodb" in record:
            image = record["dynamodb"]["NewImage"]
            yield image["pk"]["S"], image["version"]["N"]


def _changes_written(run: Run) -> Iterator[tuple[Place, Any]]:
    """Those that the stream shows to `dispatch`, and what each says."""
    for call in run.calls:
        asked = call.asked
        for one in asked.get("TransactItems", [{"Update" if "UpdateExpression" in asked else "Put": asked}]):
            for write in one.values():
                told = write.get("Item") or {k[1:]: v for k, v in write.get("ExpressionAttributeValues", {}).items()}
                if "outbox" in told:
                    pk = write.get("Key", told)["pk"]["S"]
                    yield (pk, told["version"]["N"]), told.get("timeline", told.get("lines"))


def _messages_read(run: Run) -> Iterator[str]:
    for record in run.event.get("Records", []):
        if "body" in record:
            yield json.dumps(json.loads(record["body"]), sort_keys=True)


def _messages_sent(run: Run) -> Iterator[str]:
    for call in run.calls:
        for one in (call.asked, *call.asked.get("Entries", [])):
            if "MessageBody" in one:
                yield json.dumps(json.loads(one["MessageBody"]), sort_keys=True)
