"""The outbox: where a committed line goes, and what is said there."""

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from reprise.domain.job import Entry, Outbox, State
from reprise.memory import MemoryClock, MemoryNotifier, MemoryQueue
from reprise.usecases.dispatch import Dispatch, attributes, event

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

    def dispatch(self, entry: Entry) -> None:
        Dispatch(self.topic, self.transfer, self.advance, self.deliver, self.aside, MemoryClock(NOW))(entry)

    @property
    def sent(self) -> dict[str, int]:
        """How much went where."""
        queues = {"transfer": self.transfer, "advance": self.advance, "deliver": self.deliver, "aside": self.aside}
        told = {"topic": len(self.topic.published), **{name: len(one.messages) for name, one in queues.items()}}
        return {name: count for name, count in told.items() if count}


def wake(seconds: float) -> Entry:
    due = NOW + timedelta(seconds=seconds)
    return replace(LINE, outbox=Outbox.WAKE, data={"due_at": due.isoformat()})


@pytest.mark.parametrize(
    ("line", "sent"),
    [
        (LINE, {}),
        (replace(LINE, outbox=Outbox.PUBLISH), {"topic": 1, "deliver": 1}),
        (replace(LINE, outbox=Outbox.TRANSFER, data={"number": 1, "tries": 0}), {"transfer": 1}),
        (wake(5), {"advance": 1}),
    ],
)
def test_a_line_goes_where_it_says_and_nowhere_else(line: Entry, sent: dict[str, int]) -> None:
    house = House()
    house.dispatch(line)
    assert house.sent == sent


def test_those_who_deliver_are_told_which_line_and_look_it_up_themselves() -> None:
    """Messages may come late, twice and out of order, and hold nothing that anybody should not read."""
    house = House()
    house.dispatch(replace(LINE, outbox=Outbox.PUBLISH, data={"secret": "5ec7e7"}))
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


def test_a_topic_that_is_down_keeps_the_message_to_the_client_for_the_next_try() -> None:
    """Both go again: each at least once, and the client hears each notice once all the same."""

    class Down(MemoryNotifier):
        def publish(self, event: Any, attributes: Any) -> None:
            raise ConnectionError("no topic")

    house = House(topic=Down())
    with pytest.raises(ConnectionError):
        house.dispatch(replace(LINE, outbox=Outbox.PUBLISH))
    assert house.sent == {}
