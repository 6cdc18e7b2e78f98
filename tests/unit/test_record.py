"""The one writer, where its caller has just stored the job: it reads only what it cannot know."""

from dataclasses import dataclass, field, replace

from reprise.domain.facts import Accepted
from reprise.domain.job import Job, Stage, State
from reprise.memory import MemoryClock, MemoryJobs
from reprise.usecases.record import Record

from tests.factories import SOON, a_progress, a_submitting_job

TAKEN = Accepted(1, "task-1")


@dataclass
class Watched(MemoryJobs):
    """Which jobs were read."""

    read: list[str] = field(default_factory=list)

    def load(self, job_id: str) -> Job | None:
        self.read.append(job_id)
        return super().load(job_id)


def bench(*stored: Job) -> tuple[Record, Watched]:
    jobs = Watched(jobs={job.id: job for job in stored})
    return Record(jobs, MemoryClock(SOON)), jobs


def test_the_answer_to_a_paid_call_is_written_without_reading_the_job_once_more() -> None:
    job = a_submitting_job()
    record, jobs = bench(job)
    after = record.outcome(job, TAKEN)
    assert after is not None
    assert (after.state, after.task_id) == (State.RUNNING, "task-1")
    assert jobs.jobs[job.id] == after
    assert jobs.read == []


def test_where_a_callback_was_faster_the_answer_is_judged_by_what_the_table_says() -> None:
    job = a_submitting_job()
    record, jobs = bench(job)
    record(job.id, a_progress(Stage.TEXT, 1))
    jobs.read.clear()
    after = record.outcome(job, TAKEN)
    assert after is not None
    assert (after.stage, after.task_id) == (Stage.TEXT, "task-1")
    assert jobs.read == [job.id]


def test_what_is_no_news_to_the_job_that_the_caller_knows_may_be_news_to_the_one_in_the_table() -> None:
    known = a_submitting_job()
    record, jobs = bench(known)
    heard = record.outcome(known, TAKEN)
    assert heard is not None
    jobs.read.clear()
    jobs.jobs[known.id] = replace(known, version=heard.version + 1)
    after = record(known.id, TAKEN, stored=heard)
    assert after is not None
    assert (after.state, after.version) == (State.RUNNING, heard.version + 2)
    assert jobs.read == [known.id]


def test_a_job_that_was_deleted_meanwhile_is_not_written_anew() -> None:
    record, jobs = bench()
    assert record.outcome(a_submitting_job(), TAKEN) is None
    assert jobs.jobs == {}
