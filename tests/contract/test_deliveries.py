"""What every Deliveries and every Endpoints promises, in memory and on DynamoDB alike."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from reprise.aws import clients
from reprise.aws.callback_records import DynamoCallbackRecords
from reprise.aws.deliveries import DynamoDeliveries, delivery_item
from reprise.aws.endpoints import DynamoEndpoints
from reprise.domain.attempts import Posted
from reprise.domain.audience import OWN
from reprise.domain.callbacks import CallbackRecord, claim
from reprise.domain.callbacks import settle as settle_callback
from reprise.domain.create import enqueue
from reprise.domain.delivery import Delivery, DeliveryState, begin, settle
from reprise.domain.endpoint import Endpoint, Keyring, heard, rotate
from reprise.errors import ConflictError
from reprise.memory import MemoryCallbackRecords, MemoryJobs
from reprise.memory_webhooks import MemoryDeliveries, MemoryEndpoints
from reprise.ports import CallbackRecords, Deliveries, Endpoints, Waiting

from tests.contract.conftest import BOTH, World
from tests.factories import NOW, SOON, a_job
from tests.stack import Stack

HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Post:
    """The stores of webhooks beside the jobs of the same world."""

    deliveries: Deliveries
    endpoints: Endpoints
    callbacks: CallbackRecords
    new_job: Callable[[], str]


@pytest.fixture
def post(world: World, request: pytest.FixtureRequest) -> Post:
    def new_job() -> str:
        job_id = secrets.token_hex(16)
        world.jobs.create(enqueue(a_job(job_id), SOON), None)
        return job_id

    if isinstance(world.jobs, MemoryJobs):
        records = MemoryCallbackRecords(world.jobs)
        return Post(MemoryDeliveries(world.jobs, records), MemoryEndpoints(), records, new_job)
    stack: Stack = request.getfixturevalue("stack")
    given = stack.environ["TABLE"], clients.dynamodb
    return Post(DynamoDeliveries(*given), DynamoEndpoints(*given), DynamoCallbackRecords(*given), new_job)


def a_delivery(job_id: str, event: int = 1, endpoint: str = OWN) -> Delivery:
    return Delivery(job_id, event, event * 2, "cover.text", endpoint, NOW, due_at=NOW, version=1)


def an_endpoint(tenant: str, number: int = 1) -> Endpoint:
    created = NOW + timedelta(seconds=number)
    return Endpoint(f"{number:032x}", tenant, "https://hooks.example/?a=1", created, ("cover.text",), version=1)


@BOTH
def test_there_is_no_delivery_before_the_first(post: Post) -> None:
    job_id = post.new_job()
    assert post.deliveries.load(job_id, "1-job") is None
    assert list(post.deliveries.of(job_id)) == []


@BOTH
def test_every_field_of_a_delivery_comes_back(post: Post) -> None:
    new = a_delivery(post.new_job())
    post.deliveries.save(new)
    begun = begin(new, NOW)
    post.deliveries.save(begun)
    failed = settle(begun, Posted(429, 7, "später"), SOON, 0.5)
    post.deliveries.save(failed)
    assert post.deliveries.load(new.job_id, "1-job") == failed
    assert failed.attempts[0].answer == "später"


@BOTH
def test_a_delivery_is_opened_once(post: Post) -> None:
    new = a_delivery(post.new_job())
    post.deliveries.save(new)
    with pytest.raises(ConflictError):
        post.deliveries.save(replace(new, reason="another"))
    assert post.deliveries.load(new.job_id, new.id) == new


@BOTH
def test_of_two_that_claim_one_wins(post: Post) -> None:
    new = a_delivery(post.new_job())
    post.deliveries.save(new)
    won = begin(new, NOW)
    post.deliveries.save(won)
    with pytest.raises(ConflictError):
        post.deliveries.save(begin(new, SOON))
    assert post.deliveries.load(new.job_id, new.id) == won


@BOTH
def test_a_jobs_deliveries_come_by_event_and_endpoint_and_no_others(post: Post) -> None:
    job_id, other = post.new_job(), post.new_job()
    for one in (a_delivery(job_id, 10), a_delivery(job_id, 2, "e"), a_delivery(job_id, 2, "d"), a_delivery(other)):
        post.deliveries.save(one)
    post.callbacks.save(claim(CallbackRecord(job_id, NOW), "text", NOW), 0)
    assert [one.id for one in post.deliveries.of(job_id)] == ["2-d", "2-e", "10-job"]


@BOTH
def test_a_job_comes_with_its_deliveries_and_with_nothing_that_lies_beside_them(world: World, post: Post) -> None:
    job_id, other = post.new_job(), post.new_job()
    for one in (a_delivery(job_id, 10), a_delivery(job_id, 2, "e"), a_delivery(other)):
        post.deliveries.save(one)
    post.callbacks.save(claim(CallbackRecord(job_id, NOW), "text", NOW), 0)
    job, sent = post.deliveries.with_job(job_id)
    assert job == world.jobs.load(job_id) is not None
    assert [one.id for one in sent] == ["2-e", "10-job"]
    world.jobs.delete(job_id)
    assert post.deliveries.with_job(job_id) == (None, [])


@BOTH
def test_what_is_due_is_found_and_nothing_else(world: World, post: Post) -> None:
    job_id = post.new_job()
    due, later, over = a_delivery(job_id), a_delivery(job_id, 2), a_delivery(job_id, 3)
    for one in (due, replace(later, due_at=NOW + HOUR), replace(over, due_at=None, state=DeliveryState.STOPPED)):
        post.deliveries.save(one)
    claimed = claim(CallbackRecord(job_id, NOW), "text", NOW)
    post.callbacks.save(claimed, 0)
    assert list(post.deliveries.due(NOW)) == [Waiting(job_id, "1-job")]
    assert set(post.deliveries.due(NOW + HOUR)) == {
        Waiting(job_id, "1-job"),
        Waiting(job_id, "2-job"),
        Waiting(job_id),
    }
    post.callbacks.save(settle_callback(claimed, "text", Posted(200), SOON, 0.0), 1)
    assert Waiting(job_id) not in set(post.deliveries.due(NOW + HOUR))


@BOTH
def test_what_waits_to_be_sent_is_not_handed_to_advance_and_the_other_way_round(world: World, post: Post) -> None:
    sent, queued = post.new_job(), post.new_job()
    post.deliveries.save(a_delivery(sent))
    assert list(world.jobs.due(NOW)) == []
    assert {due.job_id for due in world.jobs.due(NOW + HOUR)} == {sent, queued}
    assert list(post.deliveries.due(NOW + HOUR)) == [Waiting(sent, "1-job")]


@BOTH
def test_deliveries_go_with_their_job(world: World, post: Post) -> None:
    new = a_delivery(post.new_job())
    post.deliveries.save(new)
    world.jobs.delete(new.job_id)
    assert list(post.deliveries.of(new.job_id)) == []
    with pytest.raises(ConflictError):
        post.deliveries.save(begin(new, NOW))
    assert world.jobs.timeline(new.job_id) == []


@BOTH
def test_a_line_of_the_timeline_is_found_by_its_number(world: World, post: Post) -> None:
    job_id = post.new_job()
    (line, *_) = world.jobs.timeline(job_id)
    assert world.jobs.line(job_id, line.sequence) == line
    assert world.jobs.line(job_id, 99) is None
    assert world.jobs.line(secrets.token_hex(16), 1) is None


@BOTH
def test_every_field_of_an_endpoint_comes_back(post: Post) -> None:
    tenant = secrets.token_hex(4)
    new = an_endpoint(tenant)
    post.endpoints.save(new)
    over = heard(new, Posted(410), SOON)
    post.endpoints.save(over)
    assert post.endpoints.load(tenant, new.id) == over
    assert post.endpoints.load(secrets.token_hex(4), new.id) is None


@BOTH
def test_a_tenants_endpoints_come_oldest_first_and_no_others(post: Post) -> None:
    mine, other = secrets.token_hex(4), secrets.token_hex(4)
    for one in (an_endpoint(mine, 2), an_endpoint(mine, 1), an_endpoint(other, 3)):
        post.endpoints.save(one)
    ring = rotate(Keyring(OWN), NOW)
    assert ring
    post.endpoints.save_keyring(mine, ring)
    assert list(post.endpoints.of(mine)) == [an_endpoint(mine, 1), an_endpoint(mine, 2)]


@BOTH
def test_of_two_changes_of_an_endpoint_one_wins(post: Post) -> None:
    new = an_endpoint(secrets.token_hex(4))
    post.endpoints.save(new)
    won = heard(new, Posted(500), NOW)
    post.endpoints.save(won)
    with pytest.raises(ConflictError):
        post.endpoints.save(heard(new, Posted(410), NOW))
    assert post.endpoints.load(new.tenant, new.id) == won


@BOTH
def test_an_endpoint_goes_with_its_keyring_and_is_not_changed_after(post: Post) -> None:
    new = an_endpoint(secrets.token_hex(4))
    post.endpoints.save(new)
    ring = rotate(post.endpoints.keyring(new.tenant, new.id), NOW)
    assert ring
    post.endpoints.save_keyring(new.tenant, ring)
    assert post.endpoints.keyring(new.tenant, new.id) == ring
    post.endpoints.delete(new.tenant, new.id)
    post.endpoints.delete(new.tenant, new.id)
    assert post.endpoints.load(new.tenant, new.id) is None
    assert post.endpoints.keyring(new.tenant, new.id) == Keyring(new.id)
    with pytest.raises(ConflictError):
        post.endpoints.save(heard(new, Posted(500), NOW))


@BOTH
def test_of_two_rotations_at_once_one_wins(post: Post) -> None:
    tenant = secrets.token_hex(4)
    ring = post.endpoints.keyring(tenant, OWN)
    one, other = rotate(ring, NOW), rotate(ring, SOON)
    assert one
    assert other
    post.endpoints.save_keyring(tenant, one)
    with pytest.raises(ConflictError):
        post.endpoints.save_keyring(tenant, other)
    assert post.endpoints.keyring(tenant, OWN) == one


def test_the_longest_log_fits_into_an_item() -> None:
    """An item holds 400 KB. An answer is longest as control characters, six bytes each in JSON."""
    delivery = a_delivery("a" * 32)
    for _ in range(40):
        delivery = settle(begin(replace(delivery, tries=0), NOW), Posted(500, None, "\x01" * 1024), NOW, 0.0)
    assert len(delivery.attempts) == 30
    assert len(delivery_item(delivery)["body"]["S"].encode()) < 200_000
