"""Webhooks on the deployed house: from a provider's callback through the stream to receivers who check signatures."""

import base64
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from reprise.domain.attempts import Posted
from reprise.domain.job import State
from reprise.errors import FetchError
from standardwebhooks import Webhook, WebhookVerificationError

from tests.golden import KEY, body_of, golden, request
from tests.integration.house import House, Reply
from tests.integration.test_call_back import Street, bought, kie_says
from tests.integration.test_work import FIRST, SECOND, Life, a_song

URL = "https://hooks.example.net/own?token=5ec7e7"
OTHER_KEY = "rk_another-tenants-key-that-opens-nothing"
STORY = ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]


@dataclass
class Receiver:
    """Somebody's server: answers what it is told, by the end of the URL's path."""

    answers: dict[str, Posted | FetchError] = field(default_factory=dict)
    posts: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)

    def post(self, url: str, body: bytes, headers: Any) -> Posted:
        self.posts.append((url, body, dict(headers)))
        answer = self.answers.get(url.split("?")[0].rsplit("/", 1)[-1], Posted(204))
        if isinstance(answer, FetchError):
            raise answer
        return answer

    def heard(self, url: str = URL) -> list[str]:
        return [json.loads(body)["type"] for one, body, _ in self.posts if one == url]


@pytest.fixture
def receiver(house: House, monkeypatch: pytest.MonkeyPatch) -> Receiver:
    one = Receiver()
    monkeypatch.setattr("reprise.net.post.GuardedPoster", lambda _: one)
    house.links.files = {FIRST: a_song(1), SECOND: a_song(2)}
    return one


class Mail(Street):
    """All messages of the deliver queue that need not wait, those that come about meanwhile too."""

    def settle(self) -> None:
        Life.settle(self)
        while len(waiting := prompt(self.house)) > self.worked.get("MAIL", 0):
            self.worked["MAIL"] = self.worked.get("MAIL", 0) + 1
            self.deliver(waiting[self.worked["MAIL"] - 1])


def prompt(house: House) -> list[dict[str, Any]]:
    """In the order in which they were sent."""
    found: list[dict[str, Any]] = []
    for call in house.stack.calls:
        if call.asked.get("QueueUrl") == house.stack.environ["DELIVER_QUEUE"]:
            found += call.asked.get("Entries", []) if call.name.endswith("Batch") else [call.asked]
    return [json.loads(one["MessageBody"]) for one in found if not one.get("DelaySeconds")]


def subscribe(house: House, name: str, body: Any = None, key: str = KEY, **path: str) -> Reply:
    return house.http("subscribe", request(f"subscribe-{name}", body, {"authorization": f"Bearer {key}"}, None, **path))


def endpoint(house: House, *events: str) -> dict[str, Any]:
    url = "https://hooks.example.net/endpoint?token=5ec7e7"
    made = subscribe(house, "create", {"url": url, "events": list(events)})
    assert made.status == 201
    return dict(made.body)


def ordered(house: House, webhook: dict[str, Any] | None = None) -> Mail:
    more = {"webhook": webhook} if webhook else {}
    reply = house.submit({**body_of("submit"), "provider": "kie", **more})
    assert reply.status == 202
    street = Mail(house, reply.body["id"])
    street.settle()
    return street


def deliveries(house: House, job_id: str) -> dict[str, dict[str, Any]]:
    reply = house.http("read", request("read-deliveries", id=job_id))
    assert reply.status == 200
    return {one["id"]: one for one in reply.body["deliveries"]}


def verify(secret: str, body: bytes, headers: dict[str, str], house: House) -> bool:
    """The library's verdict at the house's time. It raises ValueError for what it cannot read: a refusal too."""

    class Standing(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> "Standing":
            return cls.fromtimestamp(house.clock.now().timestamp(), UTC)

    with mock.patch("standardwebhooks.webhooks.datetime", Standing):
        try:
            return Webhook(secret).verify(body, headers) is not None
        except (WebhookVerificationError, ValueError):
            return False


def test_a_covers_own_url_hears_its_story_signed_by_the_tenants_secret(house: House, receiver: Receiver) -> None:
    street = ordered(house, {"url": URL})
    kie_says(street, "text", "first", "complete")
    assert receiver.heard() == STORY
    secret = subscribe(house, "secret").body["secret"]
    for _, body, headers in receiver.posts:
        assert verify(secret, body, headers, house)
        assert not verify(secret, body + b" ", headers, house)
        assert headers["webhook-id"] == json.loads(body)["id"]
        assert len(body) < 20_000


def test_it_hears_what_the_topic_hears(house: House, receiver: Receiver) -> None:
    street = ordered(house, {"url": URL})
    kie_says(street, "text", "first", "complete")
    published = [json.loads(one["Message"]) for one in house.stack.asked("SNS.Publish")]
    assert [json.loads(body) for _, body, _ in receiver.posts] == published


@pytest.mark.parametrize("named", [["cover.succeeded"], ["cover.failed", "cover.text"]])
def test_types_that_are_named_come_and_no_others(house: House, receiver: Receiver, named: list[str]) -> None:
    made = endpoint(house, *named)
    street = ordered(house, {"url": URL, "events": named})
    kie_says(street, "text", "first", "complete")
    assert receiver.heard() == [one for one in STORY if one in named]
    assert made["events"] == named
    assert len(receiver.posts) == 2 * len(receiver.heard())


def test_an_endpoint_hears_of_every_cover_of_its_tenant_by_its_own_secret(house: House, receiver: Receiver) -> None:
    made = endpoint(house)
    kie_says(ordered(house), "text", "first", "complete")
    assert [json.loads(body)["type"] for _, body, _ in receiver.posts] == STORY
    _, body, headers = receiver.posts[0]
    assert verify(made["secret"], body, headers, house)
    assert not verify(subscribe(house, "secret").body["secret"], body, headers, house)


def test_another_tenants_endpoint_hears_nothing(house: House, receiver: Receiver) -> None:
    house.new_tenant("other", OTHER_KEY)
    body = {"url": "https://hooks.example.net/other"}
    assert subscribe(house, "create", body, OTHER_KEY).status == 201
    kie_says(ordered(house), "text", "first", "complete")
    assert receiver.posts == []


def test_the_published_key_checks_v1a(house: House, receiver: Receiver) -> None:
    ordered(house, {"url": URL})
    _, body, headers = receiver.posts[0]
    (key,) = house.http("subscribe", request("subscribe-keys")).body["keys"]
    (signature,) = (one for one in headers["webhook-signature"].split(" ") if one.startswith("v1a,"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key["whpk"].removeprefix("whpk_")))
    public.verify(base64.b64decode(signature.removeprefix("v1a,")), content)


def test_after_a_rotation_both_secrets_are_good_for_a_day(house: House, receiver: Receiver) -> None:
    made = endpoint(house)
    rotated = subscribe(house, "rotate", id=made["id"]).body
    assert rotated["secret"] != made["secret"]
    assert rotated["previous_until"] == (house.clock.now() + timedelta(hours=24)).isoformat()
    ordered(house)
    _, body, headers = receiver.posts[-1]
    assert verify(made["secret"], body, headers, house)
    assert verify(rotated["secret"], body, headers, house)
    house.clock.at += timedelta(hours=24)
    ordered(house)
    _, body, headers = receiver.posts[-1]
    assert not verify(made["secret"], body, headers, house)
    assert verify(rotated["secret"], body, headers, house)


def test_a_receiver_that_is_down_hears_it_later_by_the_poller_and_the_log_says_all(
    house: House, receiver: Receiver
) -> None:
    receiver.answers["own"] = Posted(503, None, "down; whsec_" + "A" * 43)
    street = ordered(house, {"url": URL})
    first = f"{street.job_id}-1"
    assert receiver.heard() == ["cover.submitted"]
    for _ in range(3):
        house.clock.at += timedelta(minutes=6)
        house.invoke("poller", golden("poller"))
        street.settle()
    receiver.answers["own"] = FetchError("hooks.example.net: ConnectTimeout")
    house.clock.at += timedelta(hours=1)
    house.invoke("poller", golden("poller"))
    street.settle()
    del receiver.answers["own"]
    house.clock.at += timedelta(hours=3)
    house.invoke("poller", golden("poller"))
    street.settle()
    told = deliveries(house, street.job_id)["1-job"]
    assert (told["state"], told["event"]["id"], told["next_attempt_at"]) == ("delivered", first, None)
    assert [one["status"] for one in told["attempts"]] == [503, 503, 503, 503, None, 204]
    assert [one["number"] for one in told["attempts"]] == [1, 2, 3, 4, 5, 6]
    assert told["attempts"][0]["answer"] == "down; [redacted]"
    assert told["attempts"][4]["reason"] == "hooks.example.net: ConnectTimeout"


def test_gone_disables_an_endpoint_the_owner_hears_of_it_and_may_enable_it(house: House, receiver: Receiver) -> None:
    made = endpoint(house)
    receiver.answers["endpoint"] = Posted(410)
    street = ordered(house)
    kie_says(street, "text")
    assert len(receiver.posts) == 1
    (notice,) = (one for one in house.stack.asked("SNS.Publish") if "webhook.disabled" in one["Message"])
    assert notice["MessageAttributes"]["type"]["StringValue"] == "webhook.disabled"
    assert json.loads(notice["Message"])["webhook"] == made["id"]
    view = subscribe(house, "read", id=made["id"]).body
    assert (view["enabled"], view["disabled_reason"]) == (False, "it answered 410 Gone")
    refused = house.http("manage", request("manage-replay", id=street.job_id, delivery=f"1-{made['id']}"))
    assert refused.status == 409
    assert subscribe(house, "enable", id=made["id"]).body["enabled"] is True
    receiver.answers.clear()
    for event in ("1", "2"):
        again = house.http("manage", request("manage-replay", id=street.job_id, delivery=f"{event}-{made['id']}"))
        assert (again.status, again.body["state"]) == (202, "pending")
    street.settle()
    assert {one["state"] for one in deliveries(house, street.job_id).values()} == {"delivered"}


def test_messages_that_come_again_send_nothing_again(house: House, receiver: Receiver) -> None:
    street = ordered(house, {"url": URL})
    sent = len(receiver.posts)
    for message in house.queued("DELIVER_QUEUE"):
        street.deliver(message)
    assert len(receiver.posts) == sent


def test_a_receivers_trouble_is_no_trouble_of_the_cover(house: House, receiver: Receiver) -> None:
    receiver.answers["own"] = FetchError("no route")
    street = ordered(house, {"url": URL})
    kie_says(street, "text", "first", "complete")
    assert house.job(street.job_id).state is State.SUCCEEDED


def test_a_deleted_cover_takes_its_deliveries_with_it(house: House, receiver: Receiver) -> None:
    receiver.answers["own"] = Posted(500)
    street = ordered(house, {"url": URL})
    assert house.http("manage", request("manage-cancel", id=street.job_id)).status == 200
    assert house.http("manage", request("manage-delete", id=street.job_id)).status == 204
    posts = len(receiver.posts)
    house.clock.at += timedelta(hours=1)
    house.invoke("poller", golden("poller"))
    street.settle()
    assert len(receiver.posts) == posts
    assert house.http("read", request("read-deliveries", id=street.job_id)).status == 404


@pytest.mark.parametrize(("delivery", "status"), [("9-job", 404), ("nonsense", 404), ("1-job", 202)])
def test_only_what_was_sent_can_be_replayed(house: House, receiver: Receiver, delivery: str, status: int) -> None:
    street = ordered(house, {"url": URL})
    assert house.http("manage", request("manage-replay", id=street.job_id, delivery=delivery)).status == status


def test_another_tenants_deliveries_do_not_exist(house: House, receiver: Receiver) -> None:
    house.new_tenant("other", OTHER_KEY)
    street = ordered(house, {"url": URL})
    headers = {"authorization": f"Bearer {OTHER_KEY}"}
    asked = request("read-deliveries", None, headers, id=street.job_id)
    assert house.http("read", asked).status == 404
    again = request("manage-replay", None, headers, id=street.job_id, delivery="1-job")
    assert house.http("manage", again).status == 404


def test_a_vendors_client_has_its_attempts_in_the_log_and_no_signatures(house: House, receiver: Receiver) -> None:
    house.open_all()
    street = bought(house, "kie")
    kie_says(street, "text")
    told = house.http("read", request("read-deliveries", id=street.job_id)).body
    assert [(one["about"], one["status"]) for one in told["callbacks"]] == [("text", 204)]
    assert [headers for _, _, headers in receiver.posts] == [{}]


def test_no_secret_is_in_the_table_an_event_a_message_or_a_view(
    house: House, receiver: Receiver, capfd: pytest.CaptureFixture[str]
) -> None:
    made = endpoint(house)
    secrets = {made["secret"], subscribe(house, "rotate", id=made["id"]).body["secret"]}
    secrets |= {subscribe(house, "secret").body["secret"]}
    street = ordered(house, {"url": URL})
    kie_says(street, "text", "first", "complete")
    views = [
        subscribe(house, "list").body,
        subscribe(house, "read", id=made["id"]).body,
        subscribe(house, "enable", id=made["id"]).body,
        deliveries(house, street.job_id),
        house.http("read", request("read-cover", query={}, id=street.job_id)).body,
        house.http("read", request("read-timeline", id=street.job_id)).body,
    ]
    calls = [house.stack.asked("SNS.Publish"), house.stack.asked("SQS.SendMessage")]
    out, err = capfd.readouterr()
    told = json.dumps([views, calls]) + out + err
    assert "5ec7e7" not in told
    for secret in secrets:
        assert secret not in told + house.words()
