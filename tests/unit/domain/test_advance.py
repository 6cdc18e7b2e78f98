"""What a job that is due needs next."""

from dataclasses import replace
from datetime import timedelta

import pytest
from reprise.domain import deadlines
from reprise.domain.advance import Poll, Record, Rest, Submit, advance, begin
from reprise.domain.create import enqueue, retry
from reprise.domain.facts import Accepted, CancelAsked, Fact, Kept, Pending, Unusable
from reprise.domain.job import Failure, Job, Outbox, Stage, State, TrackState
from reprise.domain.observe import observe
from reprise.domain.request import WhenUnknown

from tests.factories import (
    NOW,
    a_file,
    a_job,
    a_progress,
    a_running_job,
    a_submitting_job,
    a_take,
    an_archiving_job,
)


def when_due(job: Job) -> object:
    assert job.due_at is not None
    return advance(job, job.due_at)


def test_nothing_is_done_before_its_time() -> None:
    assert advance(a_running_job(), NOW) == Rest()
    assert advance(replace(a_running_job(), state=State.SUCCEEDED, due_at=None), NOW) == Rest()


def test_a_queued_job_stores_its_intent_before_anybody_is_called() -> None:
    step = when_due(enqueue(a_job(), NOW).job)
    assert isinstance(step, Submit)
    intent = begin(enqueue(a_job(), NOW).job, NOW)
    assert (intent.job.state, intent.job.attempt) == (State.SUBMITTING, 1)


def test_every_submit_is_an_attempt_of_its_own() -> None:
    again = replace(a_submitting_job(), state=State.QUEUED, due_at=NOW)
    assert isinstance(when_due(again), Submit)
    intent = begin(again, NOW)
    assert (intent.job.attempt, intent.job.closed, intent.job.task_id) == (2, 1, None)


def test_a_queued_job_past_its_deadline_is_not_bought_any_more() -> None:
    job = enqueue(a_job(), NOW).job
    step = advance(job, job.deadline_at)
    assert isinstance(step, Record)
    assert (step.change.job.state, step.change.job.attempt) == (State.FAILED, 0)


def test_an_unknown_submit_is_not_sent_again_when_its_grace_is_over() -> None:
    step = when_due(a_submitting_job())
    assert isinstance(step, Record)
    assert step.change.job.failure is not None
    assert step.change.job.failure.reason == "submit-unknown"


def test_an_unknown_submit_is_sent_again_only_where_the_caller_chose_that() -> None:
    step = when_due(a_submitting_job(when_unknown=WhenUnknown.RESUBMIT))
    assert isinstance(step, Record)
    assert (step.change.job.state, step.change.entries[-1].outbox) == (State.QUEUED, Outbox.WAKE)


def test_even_the_caller_who_chose_it_does_not_pay_for_ever() -> None:
    job = replace(a_submitting_job(when_unknown=WhenUnknown.RESUBMIT), attempt=deadlines.MOST_ATTEMPTS)
    step = when_due(job)
    assert isinstance(step, Record)
    assert step.change.job.state is State.FAILED


def test_a_running_job_is_asked_for() -> None:
    assert when_due(a_running_job()) == Poll("task-1")


def test_a_job_whose_task_nobody_knows_waits_for_callbacks_until_its_deadline() -> None:
    job = replace(a_running_job(), task_id=None)
    step = when_due(job)
    assert isinstance(step, Record)
    assert step.change.job.due_at == job.deadline_at
    end = when_due(step.change.job)
    assert isinstance(end, Record)
    assert end.change.job.failure is not None
    assert end.change.job.failure.reason == "deadline"


def test_a_dead_link_makes_us_ask_the_provider_again() -> None:
    job = observe(an_archiving_job(), Unusable(1, 2, 0, "404"), NOW).job
    assert when_due(job) == Poll("task-1")


def test_a_copy_that_went_silent_is_asked_for_again_and_costs_no_try() -> None:
    step = when_due(an_archiving_job())
    assert isinstance(step, Record)
    assert [(track.state, track.tries) for track in step.change.job.tracks] == [(TrackState.COPYING, 0)] * 2
    assert [entry.outbox for entry in step.change.entries] == [Outbox.TRANSFER] * 2


def test_a_vendor_that_is_down_for_a_while_does_not_cost_the_music() -> None:
    job = observe(an_archiving_job(), Unusable(1, 1, 0, "404"), NOW).job
    for _ in range(20):
        job = observe(job, Pending(1, "no answer"), NOW + timedelta(seconds=30)).job
    track = job.track(1)
    assert track is not None
    assert (track.state, track.tries) == (TrackState.WAITING, 1)


def test_nothing_is_bought_with_less_than_a_minute_left() -> None:
    job = enqueue(a_job(deadline=60), NOW).job
    step = advance(job, NOW + timedelta(seconds=1))
    assert isinstance(step, Record)
    assert (step.change.job.state, step.change.job.attempt) == (State.FAILED, 0)


def test_a_paid_call_has_a_minute_to_be_answered_whatever_the_deadline() -> None:
    job = a_submitting_job(deadline=60)
    assert job.due_at is not None
    assert job.due_at >= NOW + deadlines.LEAST_TIME


def test_a_copy_under_way_is_left_in_peace_while_another_is_mended() -> None:
    job = observe(an_archiving_job(), Unusable(1, 2, 0, "404"), NOW).job
    job = observe(job, Pending(1, "no answer"), NOW + timedelta(seconds=5)).job
    track = job.track(1)
    assert track is not None
    assert (track.state, track.tries) == (TrackState.COPYING, 0)


def test_archiving_always_ends_even_if_nobody_ever_answers() -> None:
    job, looks = an_archiving_job(), 0
    while not job.state.terminal:
        assert job.due_at is not None
        looks += 1
        assert looks < 60
        step = advance(job, job.due_at)
        job = (
            step.change.job
            if isinstance(step, Record)
            else observe(job, Pending(1, "the vendor is down"), job.due_at).job
        )
    assert job.failure is not None
    assert job.failure.reason == "audio-unavailable"


def test_without_a_task_id_the_same_links_are_tried_again() -> None:
    takes = (a_take(1),)
    job = observe(a_submitting_job(), a_progress(Stage.COMPLETE, takes=takes, task_id=None), NOW).job
    job = observe(job, Unusable(1, 1, 0, "404"), NOW).job
    step = when_due(job)
    assert isinstance(step, Record)
    assert [entry.type for entry in step.change.entries if entry.outbox is Outbox.TRANSFER] == ["track.announced"]


def test_a_retry_looks_for_what_was_paid_before_it_buys_again() -> None:
    late = replace(a_running_job(), state=State.FAILED, failure=Failure("deadline", "", True), due_at=None)
    change = retry(late, "b" * 32, NOW)
    assert (change.job.state, change.job.task_id, change.job.attempt) == (State.RUNNING, "task-1", 1)
    assert when_due(change.job) == Poll("task-1")
    assert change.entries[0].type == "cover.submitted"


@pytest.mark.parametrize("late", [Accepted(1, "task-1"), a_progress(Stage.COMPLETE, 1)])
def test_a_task_heard_of_after_the_end_is_looked_for_before_anything_is_bought_again(late: Fact) -> None:
    canceled = observe(a_submitting_job(), CancelAsked(), NOW).job
    grace_over = when_due(a_submitting_job())
    assert isinstance(grace_over, Record)
    for ended in (canceled, grace_over.change.job):
        told = observe(ended, late, NOW).job
        assert (told.state, told.task_id) == (ended.state, "task-1")
        assert retry(told, "b" * 32, NOW).job.state is State.RUNNING


def test_a_retry_of_a_certain_failure_is_a_new_purchase() -> None:
    broken = replace(a_running_job(), state=State.FAILED, failure=Failure("retry-later", "", True), due_at=None)
    change = retry(broken, "b" * 32, NOW)
    assert (change.job.state, change.job.attempt, change.job.retry_of) == (State.QUEUED, 0, broken.id)


def test_a_job_taken_over_ends_like_any_other() -> None:
    late = replace(a_running_job(), state=State.FAILED, failure=Failure("deadline", "", True), due_at=None)
    job = retry(late, "b" * 32, NOW).job
    job = observe(job, a_progress(Stage.COMPLETE, 1), NOW).job
    assert observe(job, Kept(1, 1, 0, a_file(1)), NOW).job.state is State.SUCCEEDED
