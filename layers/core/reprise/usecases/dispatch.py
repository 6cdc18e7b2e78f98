"""The outbox: a committed line of the timeline goes where it says, at least once."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from reprise.domain.audience import CLIENT, OWN, wanted
from reprise.domain.job import Entry, Outbox
from reprise.errors import UnreadableLineError
from reprise.ports import Clock, Notifier, Queue
from reprise.usecases.describe import SUCCEEDED

if TYPE_CHECKING:
    from reprise.domain.endpoint import Endpoint

LISTENERS_LIFE = timedelta(seconds=5)
"""How long `dispatch` remembers which endpoints a tenant has: a new one hears what is committed after that."""

MOST_CARRIED = 20_000
"""Characters of an event that its messages bring along; ten of them must fit into one call of SQS, 256 KiB."""

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
    endpoints: "Callable[[str], Sequence[Endpoint]]"
    """Of a tenant, as they were LISTENERS_LIFE ago at the most."""
    describe: Callable[[Entry], None]
    """Writes what lies beside the audio."""

    def __call__(self, entry: Entry) -> None:
        """Raises UnreadableLineError, before anything is sent, where the line lacks what its way needs."""
        match entry.outbox:
            case Outbox.PUBLISH:
                if entry.type == SUCCEEDED:  # told only when all of it is in the bucket
                    self.describe(entry)
                if found := self._messages(entry):  # first: what is sent twice finds its delivery claimed
                    self.deliver.send_many(found)
                self.notifier.publish(event(entry), attributes(entry))
            case Outbox.TRANSFER:
                self.transfer.send({"job": entry.job_id, "tenant": entry.tenant, **_copy(entry)})
            case Outbox.WAKE:
                wait = (_due(entry) - self.clock.now()).total_seconds()
                self.advance.send({"job": entry.job_id}, delay_seconds=max(0, int(wait) + (wait > int(wait))))
            case None:
                pass

    def _messages(self, entry: Entry) -> list[dict[str, Any]]:
        """None, where nobody listens. Where that cannot be known now, `deliver` looks: one tenant's endpoints hold up
        nobody else's events."""
        ask = [{"job": entry.job_id, "line": entry.sequence}]
        if entry.named is None:
            return ask
        try:
            endpoints = self.endpoints(entry.tenant)
        except Exception:
            return ask
        return messages(entry, entry.named, endpoints)

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


def messages(entry: Entry, named: Sequence[str], endpoints: "Sequence[Endpoint]") -> list[dict[str, Any]]:
    """One to each who is to hear of a public event, so that nobody waits for another. They bring what the topic hears,
    unless it is long: then it is looked up."""
    said = event(entry)
    carried = {"event": said} if len(json.dumps(said)) <= MOST_CARRIED else {}
    listeners = [OWN] if OWN in named else []
    listeners += [one.id for one in endpoints if wanted(entry.type, one.events)]
    found = [{"job": entry.job_id, "line": entry.sequence, "to": one, **carried} for one in listeners]
    return [*found, {"job": entry.job_id}] if CLIENT in named else found


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
