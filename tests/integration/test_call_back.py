"""Calling a vendor's client back: from the provider's callback through the stream to the client's own URL."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest
from reprise.domain.attempts import Posted
from reprise.domain.job import State
from reprise.errors import FetchError

from tests.golden import body_of as golden_body
from tests.golden import golden, request
from tests.integration.house import House
from tests.integration.test_dialects import CALLBACK_FIELD, body_of, buy
from tests.integration.test_work import FIRST, SECOND, Life, a_song, short_takes

URL = "https://gw.example.net/cb?token=5ec7e7"
MUSICGPT_SONG = "https://media.example.net/4411.mp3"


@dataclass
class Client:
    """The client's callback URL. Answers what it is told; `meanwhile` happens once, while it is called."""

    answer: Posted | FetchError = field(default_factory=lambda: Posted(200))
    posts: list[tuple[str, Any]] = field(default_factory=list)
    meanwhile: Callable[[], object] | None = None

    def post(self, url: str, body: bytes, headers: object) -> Posted:
        self.posts.append((url, json.loads(body)))
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        if isinstance(self.answer, FetchError):
            raise self.answer
        return self.answer

    @property
    def heard(self) -> list[str]:
        """Of a client of kie.ai or sunoapi.org."""
        return [body["data"]["callbackType"] for _, body in self.posts]


class Street(Life):
    """The event sources, the one of the deliver queue too. What waits for later there is `later`'s."""

    def settle(self) -> None:
        super().settle()
        waiting = self.house.queued("DELIVER_QUEUE")
        for message in waiting[self.worked.get("DELIVER_QUEUE", 0) :]:
            self.deliver(message)
        self.worked["DELIVER_QUEUE"] = len(self.house.queued("DELIVER_QUEUE"))

    def later(self, seconds: float) -> None:
        self.house.clock.at += timedelta(seconds=seconds)
        self.deliver({"job": self.job_id})

    def deliver(self, message: dict[str, Any]) -> None:
        event = golden("deliver/message")
        event["Records"][0]["body"] = json.dumps(message)
        assert self.house.invoke("deliver", event) == {"batchItemFailures": []}


@pytest.fixture
def client(house: House, monkeypatch: pytest.MonkeyPatch) -> Client:
    one = Client()
    monkeypatch.setattr("reprise.net.post.GuardedPoster", lambda _: one)
    house.open_all()
    house.links.files = {FIRST: a_song(1), SECOND: a_song(2), MUSICGPT_SONG: a_song(3)}
    return one


def bought(house: House, vendor: str, provider: str = "kie") -> Street:
    place = {str(CALLBACK_FIELD[vendor]): URL}
    assert buy(house, vendor, body_of(vendor, **place), x_reprise_provider=provider).status == 200
    (job,) = house.jobs()
    assert job.provider == provider
    return Street(house, job.id)


def kie_says(street: Street, *names: str) -> None:
    for name in names:
        body = short_takes(name) if name in ("first", "complete") else None
        assert street.house.callback(name, street.job_id, body=body).status == 200
        street.settle()


def opened(house: House, link: str) -> Any:
    """Our own link to audio, without any key."""
    assert link.startswith("https://covers.example/audio/")
    _, _, job_id, key, file = urlsplit(link).path.split("/")
    reply = house.http("read", request("read-public-audio", id=job_id, key=key, file=file))
    assert (reply.status, reply.headers["location"]) == (302, reply.body["audio_url"])
    assert f"/covers/owner/{job_id}/" in reply.headers["location"]
    return reply


@pytest.mark.parametrize("vendor", ["kie", "sunoapi"])
def test_a_client_hears_text_first_and_complete_in_order_with_links_that_open(
    house: House, client: Client, vendor: str
) -> None:
    street = bought(house, vendor)
    kie_says(street, "text", "first", "complete")
    assert client.heard == ["text", "first", "complete"]
    assert {url for url, _ in client.posts} == {URL}
    links = [row["audio_url"] for row in client.posts[-1][1]["data"]["data"]]
    assert len(links) == 2
    for link in links:
        opened(house, link)
    assert all(body["data"]["task_id"] == street.job_id for _, body in client.posts)


def test_clips_come_in_the_words_of_their_vendor(house: House, client: Client) -> None:
    street = bought(house, "aimusicapi")
    kie_says(street, "text", "first", "complete")
    assert [len(body) for _, body in client.posts] == [2, 2, 2]
    for clip in client.posts[-1][1]:
        opened(house, clip["audio_url"])


def test_a_conversion_is_told_of_once_at_its_end(house: House, client: Client) -> None:
    street = bought(house, "musicgpt", "musicgpt")
    body = {**golden_body("callback/musicgpt/complete"), "conversion_duration": 2.0}
    body["task_id"] = house.job(street.job_id).task_id
    body = {name: MUSICGPT_SONG if "://" in str(value) else value for name, value in body.items()}
    token = house.token(street.job_id, 1, "musicgpt")
    event = request("callback/musicgpt/complete", body, job=street.job_id, attempt="1", token=token)
    assert house.http("callback", event).status == 200
    street.settle()
    assert house.job(street.job_id).state is State.SUCCEEDED
    ((url, told),) = client.posts
    assert (url, told["success"], told["conversion_path"]) == (URL, True, told["audio_url"])
    opened(house, told["audio_url"])


@pytest.mark.parametrize(
    "storm",
    [("complete",), ("complete", "first", "text"), ("first", "first", "complete", "complete"), ("text", "complete")],
)
def test_whatever_the_provider_leaves_out_or_repeats_the_client_hears_each_once_in_order(
    house: House, client: Client, storm: tuple[str, ...]
) -> None:
    kie_says(bought(house, "kie"), *storm)
    assert client.heard == ["text", "first", "complete"]


def test_a_failure_is_told_and_nothing_after_it(house: House, client: Client) -> None:
    street = bought(house, "kie")
    kie_says(street, "text", "error", "complete")
    assert client.heard == ["text", "error"]


def test_messages_delivered_again_tell_nothing_again(house: House, client: Client) -> None:
    street = bought(house, "kie")
    kie_says(street, "text", "first", "complete")
    for _ in range(3):
        street.later(60)
    assert client.heard == ["text", "first", "complete"]


@pytest.mark.parametrize("answer", [Posted(503), Posted(302), FetchError("gw.example.net: ConnectTimeout")])
def test_a_client_that_is_not_there_hears_it_later_and_the_next_one_waits_for_it(
    house: House, client: Client, answer: Posted | FetchError
) -> None:
    client.answer = answer
    street = bought(house, "kie")
    kie_says(street, "text", "first", "complete")
    assert client.heard == ["text"]
    client.answer = Posted(200)
    street.later(5)
    assert client.heard == ["text", "text", "first", "complete"]


def test_a_clients_silence_is_no_trouble_of_the_cover(house: House, client: Client) -> None:
    client.answer = FetchError("gw.example.net: no route")
    street = bought(house, "kie")
    kie_says(street, "text", "first", "complete")
    assert house.job(street.job_id).state is State.SUCCEEDED
    asked = [one["DelaySeconds"] for one in house.stack.asked("SQS.SendMessage") if one.get("DelaySeconds")]
    assert 5 in asked


def test_two_messages_at_once_tell_each_notice_once(house: House, client: Client) -> None:
    street = bought(house, "kie")
    client.meanwhile = lambda: street.deliver({"job": street.job_id})
    kie_says(street, "text")
    assert client.heard == ["text"]


def test_a_cover_that_is_deleted_is_told_of_no_more(house: House, client: Client) -> None:
    client.answer = Posted(503)
    street = bought(house, "kie")
    kie_says(street, "text", "error")
    assert house.http("manage", request("manage-delete", id=street.job_id)).status == 204
    client.answer = Posted(200)
    street.later(3600)
    assert client.heard == ["text"]


def test_a_cover_of_ours_has_nobody_to_tell(house: House, client: Client) -> None:
    street = Street(house, house.cover())
    kie_says(street, "text", "first", "complete")
    assert list(house.queued("DELIVER_QUEUE")) == []
    street.later(0)
    assert client.posts == []


def test_a_client_is_told_neither_who_served_it_nor_where_from(house: House, client: Client) -> None:
    street = bought(house, "sunoapi", "kie")
    kie_says(street, "text", "first", "complete")
    told = json.dumps([body for _, body in client.posts])
    assert FIRST not in told
    assert SECOND not in told
    assert "kie" not in told


def test_the_keys_in_our_links_are_in_no_event_and_no_view(house: House, client: Client) -> None:
    street = bought(house, "kie")
    kie_says(street, "text", "first", "complete")
    key = house.job(street.job_id).audio_key
    view = house.http("read", request("read-cover", query={}, id=street.job_id)).body
    lines = house.http("read", request("read-timeline", id=street.job_id)).body
    told = json.dumps([view, lines, house.stack.asked("SNS.Publish"), house.stack.asked("SQS.SendMessage")])
    assert key
    assert key not in told
    assert "5ec7e7" not in told
