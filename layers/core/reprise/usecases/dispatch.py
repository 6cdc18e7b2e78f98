"""The outbox: a committed line of the timeline goes where it says, at least once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from reprise.domain.job import Entry, Outbox
from reprise.errors import UnreadableLineError
from reprise.ports import Clock, Notifier, Queue

MOST_ASIDE = 200_000
"""Characters of a record that fit into a message together with the rest; SQS takes 256 KiB."""

MOST_REASON = 1000


@dataclass(frozen=True, slots=True)
class Dispatch:
    notifier: Notifier
    transfer: Queue
    advance: Queue
    deliver: Queue
    aside: Queue
    clock: Clock

    def __call__(self, entry: Entry) -> None:
        """Raises UnreadableLineError, before anything is sent, where the line lacks what its way needs."""
        match entry.outbox:
            case Outbox.PUBLISH:
                self.notifier.publish(event(entry), attributes(entry))
                self.deliver.send({"job": entry.job_id, "line": entry.sequence})
            case Outbox.TRANSFER:
                self.transfer.send({"job": entry.job_id, **_copy(entry)})
            case Outbox.WAKE:
                wait = (_due(entry) - self.clock.now()).total_seconds()
                self.advance.send({"job": entry.job_id}, delay_seconds=max(0, int(wait) + (wait > int(wait))))
            case None:
                pass

    def set_aside(self, record: Mapping[str, Any], reason: UnreadableLineError) -> None:
        """One line that nobody can read must not hold up all that were committed after it in its shard.

        What is too long for a message is named by its place: the table has it.
        """
        place = {"keys": record["dynamodb"]["Keys"], "sequence_number": record["dynamodb"].get("SequenceNumber")}
        whole = {} if len(json.dumps(record)) > MOST_ASIDE else {"record": record}
        self.aside.send({"unreadable": str(reason)[:MOST_REASON], **place, **whole})


def _copy(entry: Entry) -> dict[str, object]:
    try:
        return {"number": entry.data["number"], "tries": entry.data["tries"]}
    except KeyError as error:
        raise UnreadableLineError(f"no {error} to copy") from error


def _due(entry: Entry) -> datetime:
    try:
        due = datetime.fromisoformat(str(entry.data["due_at"]))
    except (KeyError, ValueError) as error:
        raise UnreadableLineError(f"no time to wake the job at: {error}") from error
    return due if due.tzinfo else due.replace(tzinfo=UTC)


def event(entry: Entry) -> dict[str, Any]:
    """A public event as callers see it. `id` is the same in every delivery of it; `sequence` has no gaps."""
    return {
        "id": f"{entry.job_id}-{entry.event}",
        "type": entry.type,
        "job": entry.job_id,
        "sequence": entry.event,
        "at": entry.at.isoformat(),
        "tenant": entry.tenant,
        "provider": entry.provider,
        "status": entry.state,
        "message": entry.message,
        "data": dict(entry.data),
    }


def attributes(entry: Entry) -> dict[str, str]:
    """SNS message attributes, for filter policies."""
    return {"type": entry.type, "tenant": entry.tenant, "provider": entry.provider, "status": entry.state}
