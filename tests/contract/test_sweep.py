"""What a sweep costs: it reads what is due, whatever else was ever stored."""

from dataclasses import replace
from datetime import timedelta

from reprise.aws import clients, items
from reprise.aws.deliveries import DynamoDeliveries
from reprise.aws.job_store import DynamoJobs
from reprise.domain.create import enqueue
from reprise.domain.delivery import Delivery
from reprise.domain.facts import CancelAsked
from reprise.domain.job import Job
from reprise.domain.observe import observe
from reprise.memory import MemoryClock, MemoryQueue
from reprise.usecases.poller import Sweep, Swept

from tests.factories import NOW, a_job
from tests.stack import Stack

FINISHED = 2_000


def finished(number: int) -> Job:
    """Ended, and its last time to look long gone by."""
    job = enqueue(replace(a_job(f"{number:032x}"), created_at=NOW - timedelta(days=1)), NOW).job
    return observe(job, CancelAsked(), NOW).job


def waiting(number: int, seconds: int) -> Job:
    return enqueue(a_job(f"{number:032x}"), NOW + timedelta(seconds=seconds)).job


def test_a_sweep_of_3_due_jobs_among_2000_finished_ones_reads_3_items(stack: Stack) -> None:
    stack.empty_table()
    due = [waiting(FINISHED + number, seconds=-number) for number in range(3)]
    later = [waiting(FINISHED + 10 + number, seconds=3600) for number in range(5)]
    store(stack, [*map(finished, range(FINISHED)), *due, *later])
    queue, to_deliver, table = MemoryQueue(), MemoryQueue(), stack.environ["TABLE"]
    sent = Delivery(due[0].id, 1, 1, "cover.submitted", "job", NOW, due_at=NOW, version=1)
    deliveries = DynamoDeliveries(table, clients.dynamodb)
    deliveries.save(sent)
    deliveries.save(replace(sent, event=2, due_at=NOW + timedelta(seconds=1)))
    stack.forget()

    found = Sweep(DynamoJobs(table, clients.dynamodb), deliveries, queue, to_deliver, MemoryClock(NOW))()

    assert found == Swept(due=3, oldest=2.0, deliveries=1)
    assert {message["job"] for message, _ in queue.messages} == {job.id for job in due}
    assert to_deliver.messages == [({"job": due[0].id, "delivery": "1-job"}, 0)]
    assert set(stack.called()) == {"DynamoDB.Query"}
    assert sum(call.answer["ScannedCount"] for call in stack.calls) == 4
    assert sum(call.answer["Count"] for call in stack.calls) == 4
    assert {call.asked["IndexName"] for call in stack.calls} == {"due"}
    assert len(stack.calls) == 2 * items.SHARDS
    stack.empty_table()


def store(stack: Stack, jobs: list[Job]) -> None:
    table, client = stack.environ["TABLE"], clients.dynamodb()
    for start in range(0, len(jobs), 25):
        batch = [{"PutRequest": {"Item": items.job_item(job)}} for job in jobs[start : start + 25]]
        client.batch_write_item(RequestItems={table: batch})  # type: ignore[dict-item]
