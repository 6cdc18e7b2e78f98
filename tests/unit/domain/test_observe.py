"""What the state machine promises, fact by fact."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from reprise.domain import deadlines
from reprise.domain.advance import Record, advance
from reprise.domain.create import enqueue
from reprise.domain.facts import Accepted, Broke, CancelAsked, Fact, Kept, Pending, Refused, Unknown, Unusable, Via
from reprise.domain.job import Change, ErrorClass, Job, Outbox, ProviderError, Stage, State, TrackState
from reprise.domain.observe import observe

from tests.factories import (
    NOW,
    SOON,
    a_file,
    a_job,
    a_progress,
    a_running_job,
    a_submitting_job,
    a_take,
    an_archiving_job,
)

LATE = NOW + timedelta(minutes=21)


def after(job: Job, *facts: Fact, now: datetime = SOON) -> Job:
    for fact in facts:
        job = observe(job, fact, now).job
    return job


def public(change: Change) -> list[str]:
    return [entry.type for entry in change.entries if entry.event is not None]


def an_error(kind: ErrorClass, code: str = "500") -> ProviderError:
    return ProviderError(kind, code, "the vendor's words")


def test_an_accepted_submit_runs_and_is_announced() -> None:
    change = observe(a_submitting_job(), Accepted(1, "task-1"), NOW)
    assert (change.job.state, change.job.task_id) == (State.RUNNING, "task-1")
    assert public(change) == ["cover.submitted"]
    assert change.job.due_at == NOW + timedelta(seconds=60)


def test_a_callback_before_submit_returned_starts_the_job_and_the_late_answer_changes_nothing() -> None:
    early = observe(a_submitting_job(), a_progress(Stage.FIRST, 1), NOW)
    assert public(early) == ["cover.submitted", "cover.text"]
    late = observe(early.job, Accepted(1, "task-1"), SOON)
    assert public(late) == []
    assert (late.job.state, late.job.stage, late.job.due_at) == (State.RUNNING, Stage.FIRST, early.job.due_at)


@pytest.mark.parametrize("kind", [ErrorClass.RATE_LIMITED, ErrorClass.RETRY_LATER])
def test_a_refusal_that_will_pass_queues_the_job_again(kind: ErrorClass) -> None:
    change = observe(a_submitting_job(), Refused(1, an_error(kind)), NOW)
    assert change.job.state is State.QUEUED
    assert change.job.due_at is not None
    assert change.job.due_at > NOW
    assert change.entries[-1].outbox is Outbox.WAKE


def test_refusals_that_never_pass_end_the_job() -> None:
    job = a_submitting_job()
    for _ in range(deadlines.MOST_REFUSALS):
        assert job.state is State.SUBMITTING
        job = observe(job, Refused(1, an_error(ErrorClass.RATE_LIMITED, "429")), NOW).job
        if job.state is State.QUEUED:
            job = replace(job, state=State.SUBMITTING)
    assert (job.state, job.failure and job.failure.reason) == (State.FAILED, "rate-limited")


@pytest.mark.parametrize(
    ("kind", "retryable"),
    [
        (ErrorClass.FIX_REQUEST, False),
        (ErrorClass.CONTENT_REFUSED, False),
        (ErrorClass.AUTH, True),
        (ErrorClass.NO_CREDIT, True),
        (ErrorClass.SOURCE_UNFETCHABLE, True),
    ],
)
def test_any_other_refusal_is_final_and_says_whether_a_retry_makes_sense(kind: ErrorClass, retryable: bool) -> None:
    change = observe(a_submitting_job(), Refused(1, an_error(kind, "402")), NOW)
    failure = change.job.failure
    assert failure is not None
    assert (failure.reason, failure.code, failure.retryable) == (kind, "402", retryable)
    assert public(change) == ["cover.failed"]
    assert change.job.due_at is None


def test_an_unknown_outcome_waits_and_is_not_submitted_again() -> None:
    before = a_submitting_job()
    change = observe(before, Unknown(1, "time-out"), SOON)
    assert (change.job.state, change.job.due_at) == (State.SUBMITTING, before.due_at)


def test_the_same_callback_five_times_changes_nothing_after_the_first() -> None:
    job = after(a_running_job(), a_progress(Stage.FIRST, 1, lyrics="la la"))
    for _ in range(4):
        assert observe(job, a_progress(Stage.FIRST, 1, lyrics="la la"), SOON).empty


def test_a_stage_never_goes_back() -> None:
    job = after(a_running_job(), a_progress(Stage.COMPLETE, 1, 2), a_progress(Stage.TEXT), a_progress(Stage.FIRST, 1))
    assert (job.stage, job.state) == (Stage.COMPLETE, State.ARCHIVING)


def test_lyrics_of_a_later_stage_win_and_those_of_an_earlier_one_fill_a_gap() -> None:
    rising = after(a_running_job(), a_progress(Stage.TEXT, lyrics="draft"), a_progress(Stage.FIRST, 1, lyrics="final"))
    falling = after(a_running_job(), a_progress(Stage.FIRST, 1, lyrics="final"), a_progress(Stage.TEXT, lyrics="draft"))
    gap = after(a_running_job(), a_progress(Stage.FIRST, 1), a_progress(Stage.TEXT, lyrics="draft"))
    assert (rising.lyrics, falling.lyrics, gap.lyrics) == ("final", "final", "draft")


def test_each_new_track_is_handed_to_transfer_once() -> None:
    first = observe(a_running_job(), a_progress(Stage.FIRST, 1), NOW)
    complete = observe(first.job, a_progress(Stage.COMPLETE, 1, 2), SOON)
    asked = [entry.data["number"] for c in (first, complete) for entry in c.entries if entry.outbox is Outbox.TRANSFER]
    assert asked == [1, 2]


def test_placeholder_rows_of_an_early_stage_are_no_tracks() -> None:
    job = after(a_running_job(), a_progress(Stage.TEXT, takes=(a_take(1, urls=()), a_take(2, urls=()))))
    assert job.tracks == ()


def test_first_is_announced_when_track_one_is_in_the_bucket_and_not_before() -> None:
    announced = observe(a_running_job(), a_progress(Stage.FIRST, 1), NOW)
    assert "cover.first" not in public(announced)
    assert public(observe(announced.job, Kept(1, 1, 0, a_file(1)), SOON)) == ["cover.first"]


def test_a_second_track_that_is_kept_first_waits_for_track_one() -> None:
    job = an_archiving_job()
    second = observe(job, Kept(1, 2, 0, a_file(2)), SOON)
    assert public(second) == []
    assert public(observe(second.job, Kept(1, 1, 0, a_file(1)), SOON)) == ["cover.first", "cover.succeeded"]


def test_success_needs_every_track_in_the_bucket() -> None:
    job = after(an_archiving_job(), Kept(1, 1, 0, a_file(1)))
    assert job.state is State.ARCHIVING
    assert after(job, Kept(1, 2, 0, a_file(2))).state is State.SUCCEEDED


def test_a_dead_link_waits_for_a_fresh_one_and_a_poll_brings_it() -> None:
    refused = observe(an_archiving_job(), Unusable(1, 1, 0, "the link answered 404"), NOW)
    track = refused.job.track(1)
    assert track is not None
    assert (track.state, track.tries) == (TrackState.WAITING, 1)
    assert refused.entries[-1].outbox is Outbox.WAKE
    healed = observe(refused.job, a_progress(Stage.COMPLETE, 1, 2, via=Via.POLL), SOON)
    again = [entry for entry in healed.entries if entry.outbox is Outbox.TRANSFER]
    assert [(entry.data["number"], entry.data["tries"]) for entry in again] == [(1, 1)]


def test_duplicate_callbacks_do_not_wear_out_the_tries_of_a_dead_link() -> None:
    job = after(an_archiving_job(), Unusable(1, 1, 0, "404"))
    for _ in range(5):
        assert observe(job, a_progress(Stage.COMPLETE, 1, 2), SOON).empty


def test_a_stale_word_of_transfer_changes_nothing() -> None:
    job = after(an_archiving_job(), Unusable(1, 1, 0, "404"), a_progress(Stage.COMPLETE, 1, 2, via=Via.POLL))
    assert observe(job, Unusable(1, 1, 0, "404, told twice"), SOON).empty


def test_links_that_stay_dead_cost_the_track_but_not_the_other_one() -> None:
    job = after(an_archiving_job(), Kept(1, 1, 0, a_file(1)), *_dead_for_good(2), now=LATE)
    assert (job.state, [track.state for track in job.tracks]) == (State.SUCCEEDED, [TrackState.KEPT, TrackState.LOST])


def test_a_job_without_any_usable_track_fails_and_says_why() -> None:
    job = after(an_archiving_job(), *_dead_for_good(1), *_dead_for_good(2), now=LATE)
    assert job.failure is not None
    assert (job.state, job.failure.reason) == (State.FAILED, "audio-unavailable")
    assert "the link answered 404" in job.failure.message


def test_a_copy_that_ends_after_it_was_given_up_still_counts() -> None:
    job = after(an_archiving_job(), *_dead_for_good(1), Kept(1, 1, 0, a_file(1)), Kept(1, 2, 0, a_file(2)), now=LATE)
    assert [track.state for track in job.tracks] == [TrackState.KEPT, TrackState.KEPT]


def test_a_first_track_with_a_dead_link_is_not_given_up_while_the_provider_works() -> None:
    job = after(a_running_job(), a_progress(Stage.FIRST, 1))
    for tries in range(deadlines.FEWEST_TRIES + 2):
        job = after(job, Unusable(1, 1, tries, "404"), a_progress(Stage.FIRST, 1, via=Via.POLL))
    track = job.track(1)
    assert track is not None
    assert track.state is TrackState.COPYING


def test_a_complete_row_without_a_link_is_asked_for_again() -> None:
    takes = (a_take(1), a_take(2, urls=()))
    change = observe(a_running_job(), a_progress(Stage.COMPLETE, takes=takes), NOW)
    assert change.job.state is State.ARCHIVING
    assert change.job.due_at is not None
    assert change.job.due_at < NOW + deadlines.COPY_PATIENCE


def test_an_error_of_the_provider_ends_the_job() -> None:
    change = observe(a_running_job(), Broke(1, Via.CALLBACK, an_error(ErrorClass.CONTENT_REFUSED, "413")), NOW)
    assert (change.job.state, public(change)) == (State.FAILED, ["cover.failed"])


def test_an_error_after_completion_cannot_take_the_music_back() -> None:
    job = after(an_archiving_job(), Broke(1, Via.CALLBACK, an_error(ErrorClass.RETRY_LATER), "task-1"))
    assert job.state is State.ARCHIVING


def test_what_the_provider_understood_is_written_once_for_each_attempt() -> None:
    told = [observe(a_running_job(), a_progress(Stage.TEXT, understood="style: Lo-fi"), NOW)]
    told.append(observe(told[0].job, a_progress(Stage.FIRST, 1, understood="style: Lo-fi"), SOON))
    assert told[0].entries[0].message.endswith("says: text. It understood: style: Lo-fi")
    assert told[1].entries[0].message.endswith("says: first")


def test_a_late_fact_is_written_once_and_changes_nothing() -> None:
    failed = after(a_running_job(), Broke(1, Via.CALLBACK, an_error(ErrorClass.RETRY_LATER)))
    late = observe(failed, a_progress(Stage.COMPLETE, 1, 2), SOON)
    assert [entry.type for entry in late.entries] == ["late.callback.complete"]
    assert (late.job.state, late.job.tracks, public(late)) == (State.FAILED, (), [])
    assert observe(late.job, a_progress(Stage.COMPLETE, 1, 2), SOON).empty


def test_a_callback_of_an_abandoned_attempt_cannot_touch_the_new_one() -> None:
    second = replace(a_running_job(), attempt=2, closed=1, task_id="task-2")
    late = observe(second, a_progress(Stage.TEXT, attempt=1), SOON)
    assert (late.job.state, late.job.stage, late.job.tracks) == (State.RUNNING, Stage.NONE, ())
    assert [entry.type for entry in late.entries] == ["late.callback.text"]


def test_a_callback_about_another_task_changes_nothing() -> None:
    change = observe(a_running_job(), a_progress(Stage.COMPLETE, 1, task_id="task-of-another"), SOON)
    assert (change.job.stage, [entry.type for entry in change.entries]) == (Stage.NONE, ["late.other-task"])


def test_polls_back_off_and_look_once_more_at_the_deadline() -> None:
    job, times = a_running_job(), []
    now = NOW
    while job.state is State.RUNNING:
        assert job.due_at is not None
        now = job.due_at
        times.append(now)
        job = observe(job, Pending(1, "still running"), now).job
    assert times[-1] == job.deadline_at
    assert (job.state, job.failure and job.failure.reason) == (State.FAILED, "deadline")
    assert max(late - early for early, late in pairwise(times)) <= deadlines.POLL_SLOWEST


def test_a_poll_at_the_deadline_that_finds_the_music_saves_the_job() -> None:
    job = a_running_job()
    change = observe(job, a_progress(Stage.COMPLETE, 1, 2, via=Via.POLL), job.deadline_at + timedelta(seconds=40))
    assert change.job.state is State.ARCHIVING


@pytest.mark.parametrize("job", [a_job(), a_submitting_job(), a_running_job(), an_archiving_job()])
def test_a_job_that_has_not_ended_can_be_canceled_once(job: Job) -> None:
    change = observe(job, CancelAsked(), SOON)
    assert (change.job.state, change.job.due_at, public(change)) == (State.CANCELED, None, ["cover.canceled"])
    assert observe(change.job, CancelAsked(), SOON).empty


def test_a_storm_of_takes_is_cut_to_a_few_also_over_many_callbacks() -> None:
    job = a_running_job()
    for start in range(1, 500, 20):
        job = after(job, a_progress(Stage.FIRST, *range(start, start + 20)))
    assert len(job.tracks) == 10


def test_strange_task_ids_cannot_make_a_job_grow() -> None:
    job = a_running_job()
    for number in range(50):
        job = after(job, a_progress(Stage.FIRST, 1, task_id=f"strange-{number}"))
    assert len(job.heard) == 2
    assert job.entries == a_running_job().entries + 1


def test_links_are_tried_until_the_deadline_however_often_they_failed() -> None:
    job = after(an_archiving_job(), *_dead_for_good(1), *_dead_for_good(1, first=deadlines.FEWEST_TRIES))
    assert job.state is State.ARCHIVING


def test_a_dead_first_link_does_not_push_the_next_look_beyond_the_deadline() -> None:
    job = after(a_running_job(), a_progress(Stage.FIRST, 1))
    for tries in range(12):
        job = after(job, Unusable(1, 1, tries, "404"), a_progress(Stage.FIRST, 1, via=Via.POLL))
        assert job.due_at is not None
        assert job.due_at <= job.deadline_at


def test_the_answer_to_the_paid_call_outweighs_a_callback_about_another_task() -> None:
    job = after(a_submitting_job(), a_progress(Stage.TEXT, task_id="strange"), Accepted(1, "task-1"))
    assert job.task_id == "task-1"


def test_the_other_takes_bytes_are_not_this_take() -> None:
    job = after(an_archiving_job(), Kept(1, 1, 0, a_file(1)), Kept(1, 2, 0, a_file(2, sha256=a_file(1).sha256)))
    track = job.track(2)
    assert track is not None
    assert (track.state, track.reason, track.file) == (TrackState.WAITING, "the same bytes as track 1", None)


def test_a_track_that_is_kept_twice_is_told_once() -> None:
    job = after(an_archiving_job(), Kept(1, 1, 0, a_file(1)))
    assert observe(job, Kept(1, 1, 0, a_file(1, sha256="f" * 64)), SOON).empty


def _dead_for_good(number: int, first: int = 0) -> list[Fact]:
    """As many failed copies as it takes, each after a poll; the deadline must be over, too."""
    facts: list[Fact] = []
    for tries in range(first, first + deadlines.FEWEST_TRIES):
        facts += [
            Unusable(1, number, tries, "the link answered 404"),
            a_progress(Stage.COMPLETE, 1, 2, via=Via.POLL),
        ]
    return facts


# --- what failed and what it may have cost ---------------------------------------------------------------------


def charged(change: Change) -> object:
    (failed,) = (entry for entry in change.entries if entry.type == "cover.failed")
    return failed.data["maybe_charged"]


def at_the_end(job: Job) -> Change:
    step = advance(replace(job, due_at=LATE), LATE)
    assert isinstance(step, Record)
    return step.change


def test_a_job_that_was_taken_and_failed_may_have_been_charged_whatever_it_costs() -> None:
    assert a_running_job().spent == 0
    assert charged(observe(a_running_job(), Broke(1, Via.CALLBACK, an_error(ErrorClass.CONTENT_REFUSED)), SOON)) is True
    assert charged(observe(a_running_job(), Pending(1, "still"), LATE)) is True


def test_a_refusal_cost_nothing_unless_an_attempt_before_it_did() -> None:
    refusal = Refused(1, an_error(ErrorClass.NO_CREDIT))
    assert charged(observe(a_submitting_job(), refusal, SOON)) is False
    assert charged(observe(replace(a_submitting_job(), spent=0.06), refusal, SOON)) is True


def test_an_outcome_that_nobody_knows_may_have_been_charged_also_while_it_waits_to_be_sent_again() -> None:
    assert charged(at_the_end(a_submitting_job())) is True
    assert charged(at_the_end(replace(a_submitting_job(), state=State.QUEUED))) is True
    assert charged(at_the_end(enqueue(a_job(), NOW).job)) is False


def test_the_first_track_and_the_end_say_how_long_it_took() -> None:
    done = observe(an_archiving_job(), Kept(1, 1, 0, a_file(1)), NOW + timedelta(seconds=61.44))
    (first,) = (entry for entry in done.entries if entry.type == "cover.first")
    assert first.data == {"number": 1, "seconds": 61.4}
    last = observe(done.job, Kept(1, 2, 0, a_file(2)), NOW + timedelta(seconds=90))
    (end,) = (entry for entry in last.entries if entry.type == "cover.succeeded")
    assert end.data == {"tracks": [1, 2], "seconds": 90.0}
