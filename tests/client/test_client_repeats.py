"""What is asked again, what is not, and that nothing is bought twice whatever is lost on the way."""

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reprise.client import (
    ApiError,
    NotFoundError,
    Reprise,
    ServerError,
    TooManyRequestsError,
    UnreachableError,
    WrongUsageError,
)

from tests.client.world import World
from tests.integration.house import OWNER_KEY
from tests.stack import PUBLIC_URL

SONG = "https://songs.example/a.mp3"
Way = Callable[[httpx.Request], httpx.Response]
Fault = Callable[[httpx.Request, Way], httpx.Response]


def never_left(request: httpx.Request, way: Way) -> httpx.Response:
    raise httpx.ConnectError("no route", request=request)


def answer_lost(request: httpx.Request, way: Way) -> httpx.Response:
    way(request)
    raise httpx.ReadTimeout("silence", request=request)


def cut_off(request: httpx.Request, way: Way) -> httpx.Response:
    way(request)
    raise httpx.RemoteProtocolError("half an answer", request=request)


def gateway_lost_it(request: httpx.Request, way: Way) -> httpx.Response:
    way(request)
    return httpx.Response(504, json={"message": "Endpoint request timed out"})


def throttled(request: httpx.Request, way: Way) -> httpx.Response:
    return httpx.Response(429, json=problem(429, "too-many-requests"), headers={"Retry-After": "7"})


def busy(request: httpx.Request, way: Way) -> httpx.Response:
    return httpx.Response(503, json=problem(503, "busy"), headers={"Retry-After": "1"})


FAULTS = (never_left, answer_lost, cut_off, gateway_lost_it, throttled, busy)
LOST = (answer_lost, cut_off, gateway_lost_it)


def problem(status: int, slug: str) -> dict[str, object]:
    return {"type": f"urn:reprise:problem:{slug}", "title": slug, "status": status}


def on_the_way(world: World, monkeypatch: pytest.MonkeyPatch, *faults: Fault) -> None:
    """The next requests meet these, one each; those after them meet none."""
    waiting: list[Fault] = list(faults)
    way: Way = world.through
    monkeypatch.setattr(world, "through", lambda request: (waiting.pop(0) if waiting else pass_on)(request, way))


def pass_on(request: httpx.Request, way: Way) -> httpx.Response:
    return way(request)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(faults=st.lists(st.sampled_from(FAULTS), min_size=1, max_size=4))
def test_a_cover_that_is_ordered_through_any_four_faults_is_one_cover_and_paid_once(
    world: World, faults: list[Fault]
) -> None:
    jobs, paid = len(world.house.jobs()), world.paid()
    with pytest.MonkeyPatch.context() as patch:
        on_the_way(world, patch, *faults)
        cover = world.client().covers.create(SONG, prompt="dub")
    assert (len(world.house.jobs()), world.paid()) == (jobs + 1, paid + 1)
    assert world.client().covers.get(cover["id"])["id"] == cover["id"]


def test_without_the_key_that_the_client_makes_the_same_fault_buys_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is the key that does it: the test above can fail."""
    on_the_way(world, monkeypatch, answer_lost)
    way: Way = world.through

    def keyless(request: httpx.Request) -> httpx.Response:
        request.headers.pop("Idempotency-Key", None)
        return way(request)

    monkeypatch.setattr(world, "through", keyless)
    world.client().covers.create(SONG, prompt="dub")
    assert world.paid() == 2


@pytest.mark.parametrize("fault", LOST)
def test_an_endpoint_is_not_made_again_when_the_answer_is_lost(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    on_the_way(world, monkeypatch, fault)
    with pytest.raises(UnreachableError):
        world.client().webhooks.create("https://example.net/hook")
    assert len(world.client().webhooks.list()) == 1


@pytest.mark.parametrize("fault", [never_left, throttled, busy])
def test_an_endpoint_is_made_after_all_where_nothing_was_done(
    world: World, monkeypatch: pytest.MonkeyPatch, fault: Fault
) -> None:
    on_the_way(world, monkeypatch, fault)
    world.client().webhooks.create("https://example.net/hook")
    assert len(world.client().webhooks.list()) == 1


def test_the_pause_is_what_the_answer_says(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_way(world, monkeypatch, throttled, busy)
    world.client().providers()
    assert world.slept == [7, 1]


def test_who_wants_to_know_hears_of_each_pause(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_way(world, monkeypatch, throttled, busy, never_left)
    told: list[tuple[str, float]] = []
    world.client(on_pause=lambda why, seconds: told.append((why, seconds))).providers()
    assert [why for why, _ in told] == ["too many requests", "the stack is busy", "no answer"]
    assert [seconds for _, seconds in told] == world.slept


def test_pauses_of_our_own_grow_and_five_tries_are_all(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    on_the_way(world, monkeypatch, *[never_left] * 9)
    with pytest.raises(UnreachableError) as raised:
        world.client().providers()
    assert len(world.asked) == 5
    assert world.slept == sorted(world.slept)
    assert 0 < world.slept[0] < 1 < world.slept[-1] < 10
    assert "no route" in str(raised.value)


def test_who_has_to_wait_longer_than_a_minute_is_told_at_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def tomorrow(request: httpx.Request, way: Way) -> httpx.Response:
        return httpx.Response(429, json=problem(429, "too-many-requests"), headers={"Retry-After": "86400"})

    on_the_way(world, monkeypatch, tomorrow)
    with pytest.raises(TooManyRequestsError):
        world.client().providers()
    assert world.slept == []


def test_a_stack_without_providers_is_not_asked_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.house.unset_parameter("kie/api-key")
    with pytest.raises(ServerError) as raised:
        world.client().covers.create(SONG, prompt="dub")
    assert (raised.value.type, world.slept) == ("not-configured", [])


def test_a_delete_whose_answer_is_lost_is_done(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client()
    cover = client.covers.cancel(client.covers.create(SONG, prompt="dub")["id"])
    on_the_way(world, monkeypatch, pass_on, answer_lost)
    client.covers.delete(cover["id"])
    assert world.house.jobs() == []
    with pytest.raises(NotFoundError):
        client.covers.delete(cover["id"])


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, html="<h1>Welcome to nginx</h1>"),
        httpx.Response(301, headers={"Location": "https://elsewhere.example/"}),
        httpx.Response(404, html="<h1>Not here</h1>"),
        httpx.Response(403, json={"message": "Forbidden"}),
    ],
)
def test_what_is_no_reprise_is_told_as_that(answer: httpx.Response) -> None:
    stranger = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    with pytest.raises(UnreachableError, match="not as a Reprise does") as raised:
        Reprise(PUBLIC_URL, "rk_x", http=stranger).providers()
    assert "address" in raised.value.mend


def test_the_key_is_never_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    client = world.client("rk_secret-of-the-test")
    with pytest.raises(ApiError) as raised:
        client.providers()
    told = f"{client!r} {raised.value!s} {raised.value!r} {raised.value.mend}"
    assert "secret-of-the-test" not in told


def test_blanks_and_line_breaks_around_a_key_do_not_matter(world: World) -> None:
    world.client(f" {OWNER_KEY}\r\n").providers()
    assert world.asked[0].headers["Authorization"] == f"Bearer {OWNER_KEY}"


@pytest.mark.parametrize("key", ["rk_ключ", "rk_one\nrk_two", "rk_\x1b[0m", "rk_\udcff", " \n", ""])
def test_a_key_that_no_header_takes_is_refused_and_not_told(world: World, key: str) -> None:
    with pytest.raises(WrongUsageError, match="The API key") as raised:
        world.client(key)
    assert "rk_" not in f"{raised.value!s} {raised.value!r} {raised.value.mend}"


@pytest.mark.parametrize("name", ["order-4711\nmore", "заказ", "\t"])
def test_an_idempotency_key_that_no_header_takes_is_refused_before_anything_is_sent(
    world: World, song: Path, name: str
) -> None:
    with pytest.raises(WrongUsageError, match="The idempotency_key"):
        world.client().covers.create(song, prompt="dub", idempotency_key=name)
    assert world.asked == []
