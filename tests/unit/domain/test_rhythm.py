"""When a provider is asked: in its own rhythm, to the second where it does not call back."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from reprise.domain import deadlines
from reprise.domain.advance import advance, begin
from reprise.domain.facts import Accepted, Pending, Unusable, Via
from reprise.domain.job import Change, Job, Leg, Outbox, Rhythm, Stage, State
from reprise.domain.observe import observe

from tests.factories import NOW, SOON, a_job, a_progress, a_running_job

SILENT = Rhythm(first=75, every=15, pushes=False)
CALLS_BACK = Rhythm(first=140, every=30)


def submitting(rhythm: Rhythm, **request: Any) -> Job:
    return begin(replace(a_job(**request), leg=Leg("one", rhythm=rhythm)), NOW).job


def accepted(rhythm: Rhythm, eta: int | None = None, **request: Any) -> Change:
    return observe(submitting(rhythm, **request), Accepted(1, "task-1", eta), NOW)


def wakes(change: Change) -> list[datetime]:
    """When the advance queue brings the job back."""
    lines = [entry for entry in change.entries if entry.outbox is Outbox.WAKE]
    return [datetime.fromisoformat(str(entry.data["due_at"])) for entry in lines]


def pauses(job: Job) -> list[float]:
    """Seconds between the polls of a job that is never done."""
    times = [NOW]
    while job.state is State.RUNNING:
        assert job.due_at is not None
        times.append(job.due_at)
        job = observe(job, Pending(1, "still running"), job.due_at).job
    return [(late - early).total_seconds() for early, late in pairwise(times)]


@pytest.mark.parametrize("rhythm", [SILENT, CALLS_BACK])
def test_the_first_poll_comes_after_the_providers_own_time(rhythm: Rhythm) -> None:
    assert accepted(rhythm).job.due_at == NOW + timedelta(seconds=rhythm.first)


def test_who_does_not_call_back_is_asked_to_the_second_by_an_outbox_line() -> None:
    assert wakes(accepted(SILENT)) == [NOW + timedelta(seconds=75)]


def test_who_calls_back_is_left_to_the_sweep() -> None:
    taken = accepted(CALLS_BACK)
    assert wakes(taken) == []
    assert wakes(observe(taken.job, Pending(1, "still running"), SOON)) == []


def test_each_poll_of_a_silent_provider_plans_the_next_to_the_second() -> None:
    job = accepted(SILENT).job
    change = observe(job, Pending(1, "still running"), NOW + timedelta(seconds=75))
    assert wakes(change) == [NOW + timedelta(seconds=90)] == [change.job.due_at]


def test_a_silent_provider_is_asked_once_a_minute_at_the_least() -> None:
    assert pauses(accepted(SILENT, deadline=600).job)[:6] == [75, 15, 30, 60, 60, 60]


def test_a_provider_that_calls_back_is_asked_ever_more_rarely() -> None:
    assert pauses(accepted(CALLS_BACK, deadline=3600).job)[:7] == [140, 30, 60, 120, 240, 300, 300]


@pytest.mark.parametrize("rhythm", [SILENT, CALLS_BACK])
def test_the_last_look_is_exactly_at_the_deadline(rhythm: Rhythm) -> None:
    assert sum(pauses(accepted(rhythm, deadline=1000).job)) == 1000


def test_a_deadline_before_the_first_poll_brings_it_forward() -> None:
    job = accepted(CALLS_BACK, deadline=90).job
    assert job.due_at == job.deadline_at


def test_the_providers_own_guess_sets_the_first_poll_to_the_second() -> None:
    change = accepted(CALLS_BACK, eta=42)
    assert change.job.due_at == NOW + timedelta(seconds=42)
    assert wakes(change) == [change.job.due_at]


def test_a_guess_beyond_the_deadline_is_not_believed() -> None:
    change = accepted(CALLS_BACK, eta=9_999)
    assert change.job.due_at == change.job.deadline_at


def test_a_guess_that_comes_twice_is_heard_once() -> None:
    job = accepted(CALLS_BACK, eta=42).job
    assert observe(job, Accepted(1, "task-1", 42), SOON).empty


def test_a_guess_that_comes_after_the_music_plans_no_poll() -> None:
    done = observe(submitting(CALLS_BACK), a_progress(Stage.COMPLETE, 1, 2), NOW).job
    change = observe(done, Accepted(1, "task-1", eta=42), SOON)
    assert (change.job.state, change.job.due_at) == (State.ARCHIVING, done.due_at)


def test_a_callback_that_only_says_that_something_happened_has_the_provider_asked_at_once() -> None:
    change = observe(a_running_job(), a_progress(Stage.NONE), SOON)
    assert wakes(change) == [SOON] == [change.job.due_at]
    assert observe(change.job, a_progress(Stage.NONE), SOON).empty


def test_a_wake_that_comes_early_is_no_poll() -> None:
    job = accepted(SILENT).job
    assert advance(job, NOW + timedelta(seconds=74)) == advance(job, NOW)


def test_a_dead_link_of_a_silent_provider_is_looked_after_in_its_rhythm() -> None:
    job = observe(accepted(SILENT).job, a_progress(Stage.COMPLETE, 1, via=Via.POLL), SOON).job
    job = observe(job, Unusable(1, 1, 0, "404"), SOON).job
    for _ in range(6):
        now = job.due_at
        assert now is not None
        job = observe(job, Pending(1, "no answer"), now).job
        track = job.track(1)
        assert track is not None
        assert track.look_at is not None
        assert track.look_at - now <= deadlines.POLL_SLOWEST_ALONE
