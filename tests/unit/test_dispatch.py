"""The outbox: where a committed line goes, and what is said there."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from reprise.domain.audience import CLIENT, OWN
from reprise.domain.endpoint import Endpoint
from reprise.domain.job import Entry, Outbox, State
from reprise.memory import MemoryClock, MemoryNotifier, MemoryQueue
from reprise.usecases.dispatch import MOST_CARRIED, Dispatch, attributes, event

from tests.factories import NOW

JOB = "a" * 32
LINE = Entry(JOB, 7, NOW, "cover.text", "the words are there", "owner", "kie", State.RUNNING, event=3)


@dataclass
class House:
    topic: MemoryNotifier = field(default_factory=MemoryNotifier)
    transfer: MemoryQueue = field(default_factory=MemoryQueue)
    advance: MemoryQueue = field(default_factory=MemoryQueue)
    deliver: MemoryQueue = field(default_factory=MemoryQueue)
    aside: MemoryQueue = field(default_factory=MemoryQueue)
    of: dict[str, list[Endpoint]] = field(default_factory=lambda: {"owner": []})
    described: list[Entry] = field(default_factory=list)

    def dispatch(self, entry: Entry) -> None:
        queues = (self.transfer, self.advance, self.deliver, self.aside)
        Dispatch(self.topic, *queues, MemoryClock(NOW), self.of.__getitem__, self.described.append)(entry)

    @property
    def sent(self) -> dict[str, int]:
        """How much went where."""
        queues = {"transfer": self.transfer, "advance": self.advance, "deliver": self.deliver, "aside": self.aside}
        told = {"topic": len(self.topic.published), **{name: len(one.messages) for name, one in queues.items()}}
        return {name: count for name, count in told.items() if count}


def endpoint(number: int, *events: str) -> Endpoint:
    return Endpoint(f"{number:032x}", "owner", "https://hooks.example/", NOW, events, version=1)


def wake(seconds: float) -> Entry:
    due = NOW + timedelta(seconds=seconds)
    return replace(LINE, outbox=Outbox.WAKE, data={"due_at": due.isoformat()})


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        (LINE, {}),
        (replace(LINE, outbox=Outbox.PUBLISH, named=()), {"topic": 1}),
        (replace(LINE, outbox=Outbox.PUBLISH, named=(OWN,)), {"topic": 1, "deliver": 1}),
        (replace(LINE, outbox=Outbox.TRANSFER, data={"number": 1, "tries": 0}), {"transfer": 1}),
        (wake(5), {"advance": 1}),
    ],
)
def test_a_line_goes_where_it_says_and_nowhere_else(line: Entry, sent: dict[str, int]) -> None:
    house = House()
    house.dispatch(line)
    assert house.sent == sent


def test_each_who_listens_has_a_message_of_its_own_and_it_brings_what_the_topic_hears() -> None:
    """Messages may come late, twice and out of order, and hold nothing that anybody should not read."""
    house = House(of={"owner": [endpoint(1), endpoint(2, "cover.first"), endpoint(3, "cover.text")]})
    line = replace(LINE, outbox=Outbox.PUBLISH, named=(OWN, CLIENT))
    house.dispatch(line)
    ((said, _),) = house.topic.published
    brought = {"job": JOB, "line": 7, "event": said}
    assert [message for message, _ in house.deliver.messages] == [
        {**brought, "to": OWN},
        {**brought, "to": endpoint(1).id},
        {**brought, "to": endpoint(3).id},
        {"job": JOB},
    ]


def test_a_long_event_is_looked_up() -> None:
    house = House()
    house.dispatch(replace(LINE, outbox=Outbox.PUBLISH, named=(OWN,), message="x" * MOST_CARRIED))
    assert [message for message, _ in house.deliver.messages] == [{"job": JOB, "line": 7, "to": OWN}]


def test_whom_a_line_of_an_older_release_concerns_only_its_job_knows() -> None:
    house = House()
    house.dispatch(replace(LINE, outbox=Outbox.PUBLISH))
    assert [message for message, _ in house.deliver.messages] == [{"job": JOB, "line": 7}]


@pytest.mark.parametrize(("seconds", "delay"), [(-60, 0), (0, 0), (0.2, 1), (1, 1), (37, 37), (37.5, 38)])
def test_a_wait_is_never_cut_short(seconds: float, delay: int) -> None:
    house = House()
    house.dispatch(wake(seconds))
    assert [after for _, after in house.advance.messages] == [delay]


def test_an_event_says_what_happened_to_which_cover_and_is_numbered_without_gaps() -> None:
    line = replace(LINE, outbox=Outbox.PUBLISH, data={"failed": "kie"})
    assert event(line) == {
        "id": f"{JOB}-3",
        "type": "cover.text",
        "job": JOB,
        "sequence": 3,
        "at": NOW.isoformat(),
        "tenant": "owner",
        "provider": "kie",
        "status": "running",
        "message": "the words are there",
        "data": {"failed": "kie"},
    }
    assert attributes(line) == {"type": "cover.text", "tenant": "owner", "provider": "kie", "status": "running"}


def test_a_topic_that_is_down_keeps_no_webhook_waiting() -> None:
    """Both go again: each at least once, and who is called hears each notice once all the same."""

    class Down(MemoryNotifier):
        def publish(self, event: Any, attributes: Any) -> None:
            raise ConnectionError("no topic")

    house = House(topic=Down())
    with pytest.raises(ConnectionError):
        house.dispatch(replace(LINE, outbox=Outbox.PUBLISH, named=(OWN, CLIENT)))
    assert house.sent == {"deliver": 2}


def test_a_tenant_whose_endpoints_cannot_be_read_holds_up_nobody() -> None:
    """`deliver` looks for them, in a queue where one message that fails is one message."""
    house = House(of={})
    house.dispatch(replace(LINE, outbox=Outbox.PUBLISH, named=()))
    assert [message for message, _ in house.deliver.messages] == [{"job": JOB, "line": LINE.sequence}]
    assert house.sent == {"topic": 1, "deliver": 1}
