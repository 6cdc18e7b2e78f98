"""The outbox: a committed line of the timeline goes where it says, at least once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from reprise.domain.job import Entry, Outbox
from reprise.ports import Clock, Notifier, Queue


@dataclass(frozen=True, slots=True)
class Dispatch:
    notifier: Notifier
    transfer: Queue
    advance: Queue
    deliver: Queue
    clock: Clock

    def __call__(self, entry: Entry) -> None:
        match entry.outbox:
            case Outbox.PUBLISH:
                self.notifier.publish(event(entry), attributes(entry))
                if entry.webhook:
                    self.deliver.send({"job": entry.job_id})
            case Outbox.TRANSFER:
                self.transfer.send({"job": entry.job_id, "number": entry.data["number"], "tries": entry.data["tries"]})
            case Outbox.WAKE:
                due = datetime.fromisoformat(str(entry.data["due_at"]))
                wait = (due - self.clock.now()).total_seconds()
                self.advance.send({"job": entry.job_id}, delay_seconds=max(0, int(wait) + (wait > int(wait))))
            case None:
                pass


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
