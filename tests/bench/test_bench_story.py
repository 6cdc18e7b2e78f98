"""One cover through the real doors: every call is counted, has a price, and has a cause."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from moto.core.botocore_stubber import BotocoreStubber

from bench.gateway.calls import FLOOR, counts
from bench.gateway.cost import ITEMS, dollars, prices, usage
from bench.gateway.hop import STREAM, causes, path_to
from bench.gateway.story import Run, Street, cover, street, warm_cover


@pytest.fixture(scope="module")
def house() -> Iterator[Street]:
    with street() as one:
        yield one


@pytest.fixture(scope="module")
def runs(house: Street) -> list[Run]:
    return warm_cover(house, webhook=True)


def test_every_request_that_reaches_aws_is_counted(house: Street, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    answer = BotocoreStubber.__call__

    def listening(*args: object, **named: object) -> object:
        asked.append(house.stack.actor)
        return answer(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(BotocoreStubber, "__call__", listening)
    told = cover(house, "listened-to", webhook=True)
    assert counts(told).total() == len([who for who in asked if who != "a test"])
    assert counts(told).total() > 40


def test_a_cover_makes_no_fewer_calls_than_its_floor(runs: list[Run]) -> None:
    found = counts(runs)
    assert {what: found[what] for what in FLOOR if found[what] < FLOOR[what]} == {}


def test_a_callback_writes_its_job_once_and_submit_reads_nothing(runs: list[Run]) -> None:
    for run in runs:
        if run.verb == "callback":
            found = [call.name for call in run.calls if call.name.startswith("DynamoDB")]
            assert found == ["DynamoDB.GetItem", "DynamoDB.PutItem", "DynamoDB.UpdateItem"]
    (submit,) = [run for run in runs if run.verb == "submit"]
    assert [call.name for call in submit.calls] == ["DynamoDB.TransactWriteItems", "DynamoDB.UpdateItem"]


def test_every_counted_call_has_a_price_with_a_source(runs: list[Run]) -> None:
    used = usage(runs, dict.fromkeys(range(len(runs)), 0.001))
    assert set(used) <= set(prices()["usd"])
    assert sum(dollars(used).values()) > 0
    assert set(ITEMS.values()) <= set(prices()["usd"])
    for one in prices()["usd"].values():
        assert one["source"].startswith("https://aws.amazon.com/")
    assert prices()["date"]


def test_a_call_that_nobody_knows_the_price_of_is_an_error(runs: list[Run]) -> None:
    strange = replace(runs[0].calls[0], name="Kinesis.PutRecord")
    with pytest.raises(KeyError, match="Kinesis"):
        usage([replace(runs[0], calls=(strange,))], {0: 0.0})


def test_a_run_that_costs_cpu_costs_more(runs: list[Run]) -> None:
    idle, busy = (usage(runs, dict.fromkeys(range(len(runs)), seconds)) for seconds in (0.0, 0.01))
    assert busy["lambda.gb-second"] > idle["lambda.gb-second"] > 0


def test_what_came_from_outside_has_no_cause_and_everything_else_has_one(runs: list[Run]) -> None:
    without = [run.verb for place, run in enumerate(runs) if place not in causes(runs)]
    assert without == ["submit", "callback", "callback", "callback"]


def test_an_event_is_followed_back_to_the_run_that_committed_it(runs: list[Run]) -> None:
    place = next(place for place, run in enumerate(runs) if run.posted)
    way = path_to(place, runs[place].posted[0], runs)
    assert (way.verbs, way.by) == (("submit", "dispatch", "deliver"), (STREAM, "queue"))


def test_what_cannot_be_followed_back_is_not_guessed(runs: list[Run]) -> None:
    place = next(place for place, run in enumerate(runs) if run.posted)
    with pytest.raises(LookupError, match="what led to"):
        path_to(place, "another-cover-1", runs)
