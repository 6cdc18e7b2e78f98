"""From one provider to the next: when a job moves on, what it may cost, and what becomes of the attempt before."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reprise.domain import deadlines
from reprise.domain.advance import Poll, Record, Rest, Submit, advance, begin
from reprise.domain.create import create, enqueue, retry
from reprise.domain.facts import (
    Accepted,
    Broke,
    CancelAsked,
    Fact,
    Kept,
    Pending,
    Progress,
    Refused,
    Unknown,
    Unusable,
    Via,
)
from reprise.domain.job import (
    Change,
    Entry,
    ErrorClass,
    Failure,
    Job,
    Leg,
    Outbox,
    ProviderError,
    Stage,
    State,
    TrackState,
)
from reprise.domain.observe import observe
from reprise.domain.purse import money
from reprise.domain.request import WhenUnknown
from reprise.domain.route import ANOTHER_MAY_DO, affordable
from reprise.domain.usage import spendings

from tests.factories import NOW, SOON, a_file, a_request, a_take

CHEAP, MIDDLE, DEAR = Leg("cheap", 0.06), Leg("middle", 0.103), Leg("dear", 0.195)
NO_CREDIT = ProviderError(ErrorClass.NO_CREDIT, "402", "insufficient credits")
DOWN = ProviderError(ErrorClass.RETRY_LATER, "500", "the vendor's words")


def on_its_way(*legs: Leg, **request: object) -> Job:
    """A job whose first leg is being called."""
    wish = a_request(providers=(), **request)
    return begin(enqueue(create("a" * 32, "owner", wish, legs or (CHEAP, DEAR), NOW), NOW).job, NOW).job


def after(job: Job, *facts: Fact, now: datetime = SOON) -> Job:
    for fact in facts:
        job = observe(job, fact, now).job
    return job


def called(job: Job, leg: Leg | None = None, now: datetime = SOON) -> Job:
    """The next leg is called."""
    assert job.state is State.QUEUED
    return begin(job, now, leg).job


def public(change: Change) -> list[str]:
    return [entry.type for entry in change.entries if entry.event is not None]


def music(attempt: int, stage: Stage, *numbers: int, via: Via = Via.CALLBACK) -> Progress:
    """Each attempt has a task and clips of its own."""
    takes = (
        a_take(number, id=f"{attempt}-{number}", urls=(f"https://x.example/{attempt}/{number}",)) for number in numbers
    )
    return Progress(attempt, via, stage, f"task-{attempt}", tuple(takes))


def broke(attempt: int, error: ProviderError = DOWN, via: Via = Via.CALLBACK) -> Broke:
    return Broke(attempt, via, error, f"task-{attempt}")


def taken(attempt: int) -> Accepted:
    return Accepted(attempt, f"task-{attempt}")


def kept(attempt: int, number: int, track: int) -> Kept:
    return Kept(attempt, track, 0, a_file(10 * attempt + number))


def ended(step: object) -> Job:
    assert isinstance(step, Record)
    return step.change.job


# --- moving on -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", list(ErrorClass))
@pytest.mark.parametrize("fact", ["refused", "broke"])
def test_a_job_moves_on_only_for_a_reason_that_another_provider_could_mend(fact: str, kind: ErrorClass) -> None:
    error = ProviderError(kind, "1", "words")
    job = on_its_way()
    change = (
        observe(job, Refused(1, error), SOON)
        if fact == "refused"
        else observe(after(job, taken(1)), broke(1, error), SOON)
    )
    mendable = kind not in (ErrorClass.FIX_REQUEST, ErrorClass.CONTENT_REFUSED, ErrorClass.AMBIGUOUS)
    assert (kind in ANOTHER_MAY_DO) == mendable
    dead_link = fact == "broke" and kind is ErrorClass.SOURCE_UNFETCHABLE  # each one ahead might charge for it too
    moved = mendable and not dead_link
    assert (change.job.provider, change.job.state) == (("dear", State.QUEUED) if moved else ("cheap", State.FAILED))
    assert public(change) == (["cover.switched"] if moved else ["cover.failed"])


def test_a_switch_is_told_with_its_reason_and_wakes_the_job_at_once() -> None:
    change = observe(on_its_way(), Refused(1, NO_CREDIT), SOON)
    told = next(entry for entry in change.entries if entry.type == "cover.switched")
    assert (told.outbox, told.provider) == (Outbox.PUBLISH, "dear")
    assert told.data == {"failed": "cheap", "reason": "no-credit", "code": "402"}
    assert (change.entries[-1].outbox, change.job.due_at) == (Outbox.WAKE, SOON)


def test_the_next_attempt_knows_nothing_of_the_task_before() -> None:
    job = after(on_its_way(), taken(1), broke(1))
    assert (job.task_id, job.closed, job.attempt, job.refusals) == (None, 1, 1, 0)
    job = called(job)
    assert (job.task_id, job.closed, job.attempt, job.polls) == (None, 1, 2, 0)
    assert after(job, taken(2)).task_id == "task-2"


def test_refusals_are_counted_anew_at_the_next_provider() -> None:
    busy = ProviderError(ErrorClass.RATE_LIMITED, "429", "slow down")
    job = called(after(on_its_way(), Refused(1, busy)))
    for attempt in range(2, 2 + deadlines.MOST_REFUSALS):
        assert (job.state, job.provider) == (State.SUBMITTING, "dear")
        job = after(job, Refused(attempt, busy))
        job = called(job) if job.state is State.QUEUED else job
    assert (job.state, job.failure and job.failure.reason) == (State.FAILED, "rate-limited")


def test_an_unknown_outcome_never_moves_on() -> None:
    job = after(on_its_way(), Unknown(1, "time-out"))
    assert (job.provider, job.state, job.route) == ("cheap", State.SUBMITTING, (DEAR,))
    assert job.due_at is not None
    end = ended(advance(job, job.due_at))
    assert (end.state, end.provider, end.failure and end.failure.reason) == (State.FAILED, "cheap", "submit-unknown")


def test_a_deadline_that_passes_moves_nothing_on() -> None:
    job = after(on_its_way(), taken(1))
    job = after(job, Pending(1, "still running"), now=job.deadline_at)
    assert (job.state, job.provider, job.failure and job.failure.reason) == (State.FAILED, "cheap", "deadline")


@pytest.mark.parametrize(("left", "state"), [(60, State.QUEUED), (59, State.FAILED)])
def test_with_less_than_a_minute_left_nothing_more_is_bought(left: int, state: State) -> None:
    job = after(on_its_way(), taken(1))
    assert after(job, broke(1), now=job.deadline_at - timedelta(seconds=left)).state is state


def test_when_the_last_provider_fails_its_failure_is_the_jobs() -> None:
    job = after(called(after(on_its_way(), Refused(1, NO_CREDIT))), taken(2))
    change = observe(job, broke(2), SOON)
    assert (change.job.state, change.job.failure) == (
        State.FAILED,
        Failure("retry-later", "the vendor's words", retryable=True, code="500"),
    )
    assert public(change) == ["cover.failed"]


def test_a_provider_that_was_passed_over_is_the_next_to_turn_to() -> None:
    job = enqueue(create("a" * 32, "owner", a_request(providers=()), (CHEAP, MIDDLE, DEAR), NOW), NOW).job
    job = called(job, MIDDLE)
    assert (job.provider, job.route) == ("middle", (CHEAP, DEAR))
    job = after(job, Refused(1, NO_CREDIT))
    assert (job.provider, job.route) == ("cheap", (DEAR,))


def test_a_switch_while_submitting_because_the_failure_came_before_the_answer() -> None:
    change = observe(on_its_way(), broke(1), SOON)
    assert public(change) == ["cover.submitted", "cover.switched"]
    assert (change.job.provider, change.job.spent) == ("dear", 0.06)
    for job in (change.job, called(change.job)):
        late = observe(job, taken(1), SOON)
        assert [entry.type for entry in late.entries] == ["late.submit.accepted"]
        assert replace(late.job, entries=0, heard=(), version=0, updated_at=NOW) == replace(
            job, entries=0, heard=(), version=0, updated_at=NOW
        )
        assert observe(late.job, taken(1), SOON).empty
        assert observe(job, Refused(1, NO_CREDIT), SOON).empty
        assert observe(job, Unknown(1, "time-out"), SOON).empty


def test_the_same_failure_twice_switches_once() -> None:
    job = after(on_its_way(CHEAP, MIDDLE, DEAR), taken(1), broke(1))
    again = observe(job, broke(1), SOON)
    assert ([entry.type for entry in again.entries], again.job.provider) == (["late.callback.failed"], "middle")
    assert observe(again.job, broke(1), SOON).empty


# --- money -----------------------------------------------------------------------------------------------------


def test_what_was_refused_was_not_spent() -> None:
    job = on_its_way()
    assert job.spent == 0.06
    job = after(job, Refused(1, NO_CREDIT))
    assert job.spent == 0
    assert called(job).spent == 0.195


def test_what_was_taken_and_then_failed_was_spent() -> None:
    assert called(after(on_its_way(), taken(1), broke(1))).spent == 0.255


def test_many_refusals_leave_no_dust_of_fractions() -> None:
    job = after(on_its_way(MIDDLE, CHEAP), taken(1), broke(1))
    for attempt in range(2, 8):
        job = after(called(job), Refused(attempt, ProviderError(ErrorClass.RATE_LIMITED, "429", "busy")))
        assert job.spent == 0.103


@pytest.mark.parametrize(
    ("first", "second", "cap"),
    [(0.06, 0.06, 0.12), (0.1, 0.2, 0.3), (0.7, 0.1, 0.8), (0.195, 0.103, 0.298), (0.06, 0.195, 0.255)],
)
def test_a_budget_may_be_used_up_to_the_last_cent_and_no_further(first: float, second: float, cap: float) -> None:
    legs = Leg("one", first), Leg("two", second)
    exactly = after(on_its_way(*legs, max_usd=cap), taken(1), broke(1))
    assert (exactly.state, exactly.provider) == (State.QUEUED, "two")
    under = after(on_its_way(*legs, max_usd=cap - 0.0001), taken(1), broke(1))
    assert (under.state, under.provider) == (State.FAILED, "one")


def test_a_refused_attempt_leaves_the_whole_budget_for_the_next() -> None:
    assert after(on_its_way(max_usd=0.195), Refused(1, NO_CREDIT)).provider == "dear"


def test_a_leg_that_is_too_dear_is_passed_over_for_one_that_is_not() -> None:
    job = after(on_its_way(MIDDLE, DEAR, CHEAP, max_usd=0.2), taken(1), broke(1))
    assert (job.provider, job.route) == ("cheap", ())


def test_a_submit_is_not_repeated_beyond_the_budget() -> None:
    """The first one may have been charged."""
    for cap, state in ((0.12, State.QUEUED), (0.119, State.FAILED)):
        job = on_its_way(CHEAP, when_unknown=WhenUnknown.RESUBMIT, max_usd=cap)
        assert job.due_at is not None
        assert ended(advance(job, job.due_at)).state is state


def test_a_callback_of_a_refused_attempt_shows_that_it_was_bought_after_all() -> None:
    busy = ProviderError(ErrorClass.RATE_LIMITED, "429", "busy")
    job = after(on_its_way(CHEAP), Refused(1, busy))
    assert (job.state, job.spent) == (State.QUEUED, 0)
    job = after(job, music(1, Stage.FIRST, 1))
    assert (job.state, job.spent) == (State.RUNNING, 0.06)


@pytest.mark.parametrize(
    ("job", "maybe"),
    [
        (enqueue(create("a" * 32, "owner", a_request(), (CHEAP,), NOW), NOW).job, False),
        (on_its_way(), True),
        (after(on_its_way(), Refused(1, NO_CREDIT)), False),
        (after(on_its_way(), taken(1), broke(1)), True),
    ],
)
def test_who_cancels_is_told_whether_anything_may_have_been_charged(job: Job, maybe: bool) -> None:
    assert observe(job, CancelAsked(), SOON).entries[-1].data == {"maybe_charged": maybe}


def test_who_cancels_between_an_unknown_submit_and_its_repetition_may_have_been_charged() -> None:
    job = on_its_way(when_unknown=WhenUnknown.RESUBMIT)
    assert job.due_at is not None
    queued = ended(advance(job, job.due_at))
    assert observe(queued, CancelAsked(), SOON).entries[-1].data == {"maybe_charged": True}


# --- submitting again ------------------------------------------------------------------------------------------


def repeated(job: Job) -> Job:
    """An unknown outcome, and the caller chose to submit again."""
    assert job.due_at is not None
    return ended(advance(job, job.due_at))


def test_a_sign_of_life_before_the_repetition_makes_it_needless() -> None:
    job = repeated(on_its_way(when_unknown=WhenUnknown.RESUBMIT))
    job = after(job, music(1, Stage.TEXT))
    assert (job.state, job.task_id, job.attempt) == (State.RUNNING, "task-1", 1)


def test_a_failure_before_the_repetition_is_certain_and_moves_on() -> None:
    job = after(repeated(on_its_way(when_unknown=WhenUnknown.RESUBMIT)), broke(1))
    assert (job.state, job.provider, job.spent) == (State.QUEUED, "dear", 0.06)


def test_the_music_of_an_unknown_submit_that_was_repeated_is_an_alternative() -> None:
    job = called(repeated(on_its_way(when_unknown=WhenUnknown.RESUBMIT)))
    assert (job.attempt, job.spent) == (2, 0.12)
    job = after(job, music(1, Stage.COMPLETE, 1, 2), taken(2), music(2, Stage.COMPLETE, 1, 2))
    assert [track.attempt for track in job.tracks] == [1, 1, 2, 2]


# --- adopted retries -------------------------------------------------------------------------------------------


def adopted(*legs: Leg, **request: object) -> Job:
    late = after(on_its_way(*legs, **request), taken(1))
    late = after(late, Pending(1, "still running"), now=late.deadline_at)
    return retry(late, "b" * 32, NOW).job


def test_an_adopted_job_costs_nothing_and_turns_only_once_its_task_has_certainly_failed() -> None:
    job = adopted()
    assert (job.state, job.spent, job.provider, job.route) == (State.RUNNING, 0, "cheap", (DEAR,))
    assert after(job, Pending(1, "still running")).provider == "cheap"
    job = after(job, broke(1, via=Via.POLL))
    assert (job.state, job.provider, job.attempt) == (State.QUEUED, "dear", 1)
    job = after(called(job), taken(2), music(2, Stage.COMPLETE, 1), kept(2, 1, 1))
    assert (job.state, job.attempt, job.spent) == (State.SUCCEEDED, 2, 0.195)


def test_a_retry_of_what_nobody_took_begins_with_the_first_again() -> None:
    failed = after(called(after(on_its_way(CHEAP, MIDDLE, DEAR), Refused(1, NO_CREDIT))), Refused(2, DOWN))
    failed = after(called(failed), Refused(3, NO_CREDIT))
    fresh = retry(failed, "b" * 32, NOW).job
    assert (failed.state, fresh.state, fresh.provider) == (State.FAILED, State.QUEUED, "cheap")
    assert [leg.provider for leg in fresh.route] == ["middle", "dear"]


# --- takes of attempts that were given up ----------------------------------------------------------------------


def turned(*facts: Fact, **request: object) -> Job:
    """The first provider took it, said `facts`, failed; the second took it."""
    job = after(on_its_way(**request), taken(1), *facts, broke(1))
    return after(called(job), taken(2))


def test_late_words_of_an_abandoned_attempt_change_nothing_of_the_new_one() -> None:
    job = turned()
    for fact in (music(1, Stage.TEXT), broke(1), taken(1), Pending(1, "still running"), music(1, Stage.NONE)):
        late = observe(job, fact, SOON).job
        assert (late.state, late.stage, late.task_id, late.tracks, late.due_at, late.provider) == (
            job.state,
            job.stage,
            job.task_id,
            job.tracks,
            job.due_at,
            job.provider,
        )


def test_late_music_of_an_abandoned_attempt_is_kept_beside_the_new_one() -> None:
    job = after(turned(), music(1, Stage.COMPLETE, 1, 2), music(2, Stage.COMPLETE, 1, 2))
    assert [(track.number, track.attempt, track.take.id) for track in job.tracks] == [
        (1, 1, "1-1"),
        (2, 1, "1-2"),
        (3, 2, "2-1"),
        (4, 2, "2-2"),
    ]
    assert [job.alternative(track) for track in job.tracks] == [True, True, False, False]
    job = after(job, kept(1, 1, 1), kept(1, 2, 2), kept(2, 1, 3))
    assert job.state is State.ARCHIVING
    assert after(job, kept(2, 2, 4)).state is State.SUCCEEDED


def test_late_music_that_comes_after_the_end_is_only_written_down() -> None:
    job = after(turned(), music(2, Stage.COMPLETE, 1), kept(2, 1, 1))
    assert job.state is State.SUCCEEDED
    late = observe(job, music(1, Stage.COMPLETE, 1, 2), SOON)
    assert ([entry.type for entry in late.entries], late.job.tracks) == (["late.callback.complete"], job.tracks)


def test_a_copy_of_the_abandoned_attempt_that_is_under_way_goes_on() -> None:
    job = turned(music(1, Stage.FIRST, 1))
    assert [track.state for track in job.tracks] == [TrackState.COPYING]
    change = observe(job, kept(1, 1, 1), SOON)
    assert (public(change), change.job.state) == (["cover.first"], State.RUNNING)


def test_a_dead_link_of_the_abandoned_attempt_is_given_up_when_it_turns() -> None:
    job = turned(music(1, Stage.FIRST, 1), Unusable(1, 1, 0, "404"))
    assert [(track.state, track.reason) for track in job.tracks] == [(TrackState.LOST, "cheap failed")]


def test_a_fresh_link_to_a_take_that_was_given_up_is_copied_after_all() -> None:
    job = turned(music(1, Stage.FIRST, 1), Unusable(1, 1, 0, "404"))
    fresh = a_take(1, id="1-1", urls=("https://x.example/fresh",))
    late = observe(job, Progress(1, Via.CALLBACK, Stage.COMPLETE, "task-1", (fresh,)), SOON)
    assert [(track.state, track.take.urls) for track in late.job.tracks] == [(TrackState.COPYING, fresh.urls)]
    assert [entry.data["attempt"] for entry in late.entries if entry.outbox is Outbox.TRANSFER] == [1]


def test_nobody_is_asked_about_an_abandoned_attempts_dead_link() -> None:
    job = after(turned(), music(1, Stage.COMPLETE, 1), Unusable(1, 1, 0, "404"))
    assert [track.state for track in job.tracks] == [TrackState.LOST]


def test_a_late_take_without_an_id_keeps_its_place_beside_one_without_a_link() -> None:
    first, second = a_take(1, id="", urls=("https://x.example/1",)), a_take(2, id="", urls=("https://x.example/2",))
    job = turned(Progress(1, Via.CALLBACK, Stage.FIRST, "task-1", (first,)))
    gone = replace(first, urls=())
    job = after(job, Progress(1, Via.CALLBACK, Stage.COMPLETE, "task-1", (gone, second)))
    assert [track.take.urls for track in job.tracks] == [first.urls, second.urls]


def test_the_stage_stays_where_it_was_and_the_words_of_the_new_attempt_win() -> None:
    job = turned(replace(music(1, Stage.FIRST, 1), lyrics="old"))
    change = observe(job, replace(music(2, Stage.TEXT), lyrics="new"), SOON)
    assert (change.job.stage, change.job.lyrics, public(change)) == (Stage.FIRST, "new", [])


# --- what is there is kept -------------------------------------------------------------------------------------


def test_when_the_last_provider_fails_an_alternative_take_that_is_kept_is_the_cover() -> None:
    change = observe(after(turned(music(1, Stage.FIRST, 1)), kept(1, 1, 1)), broke(2), SOON)
    assert (change.job.state, public(change)) == (State.SUCCEEDED, ["cover.succeeded"])
    assert change.job.failure is None


def test_when_the_last_provider_refuses_an_alternative_take_that_is_kept_is_the_cover() -> None:
    job = after(on_its_way(), taken(1), music(1, Stage.FIRST, 1), broke(1), kept(1, 1, 1))
    assert after(called(job), Refused(2, NO_CREDIT)).state is State.SUCCEEDED


def test_an_alternative_take_that_is_still_being_copied_decides_how_the_job_ends() -> None:
    job = after(turned(music(1, Stage.FIRST, 1)), broke(2))
    assert job.state is State.ARCHIVING
    assert after(job, kept(1, 1, 1)).state is State.SUCCEEDED
    assert after(job, Unusable(1, 1, 0, "404")).state is State.FAILED


def test_an_alternative_take_outlives_an_unknown_submit_and_a_deadline() -> None:
    job = called(after(on_its_way(), taken(1), music(1, Stage.FIRST, 1), broke(1), kept(1, 1, 1)))
    assert job.due_at is not None
    assert ended(advance(job, job.due_at)).state is State.SUCCEEDED
    queued = after(on_its_way(), taken(1), music(1, Stage.FIRST, 1), broke(1), kept(1, 1, 1))
    assert ended(advance(queued, queued.deadline_at)).state is State.SUCCEEDED


@pytest.mark.parametrize("copied", [True, False])
def test_a_deadline_keeps_what_is_in_the_bucket_or_on_its_way(copied: bool) -> None:
    job = after(on_its_way(CHEAP), taken(1), music(1, Stage.FIRST, 1))
    job = after(job, kept(1, 1, 1)) if copied else job
    job = after(job, Pending(1, "still running"), now=job.deadline_at)
    assert job.state is (State.SUCCEEDED if copied else State.ARCHIVING)
    assert after(job, kept(1, 1, 1), now=job.deadline_at).state is State.SUCCEEDED


def test_a_deadline_does_not_wait_for_a_link_that_was_dead() -> None:
    job = after(on_its_way(CHEAP), taken(1), music(1, Stage.FIRST, 1), Unusable(1, 1, 0, "404"))
    job = after(job, Pending(1, "still running"), now=job.deadline_at)
    assert (job.state, job.failure and job.failure.reason) == (State.FAILED, "deadline")


def test_a_deadline_gives_up_the_dead_link_beside_the_take_that_is_kept() -> None:
    job = after(on_its_way(CHEAP), taken(1), music(1, Stage.FIRST, 1, 2), Unusable(1, 2, 0, "404"), kept(1, 1, 1))
    job = after(job, Pending(1, "still running"), now=job.deadline_at)
    assert (job.state, [track.state for track in job.tracks]) == (State.SUCCEEDED, [TrackState.KEPT, TrackState.LOST])


def test_a_retry_of_a_job_that_could_not_be_rescued_still_knows_the_way_on() -> None:
    job = after(on_its_way(), taken(1), music(1, Stage.FIRST, 1))
    job = after(job, Pending(1, "still running"), now=job.deadline_at)
    assert job.state is State.ARCHIVING
    gone = job.deadline_at + deadlines.ARCHIVE_PATIENCE
    job = after(job, Unusable(1, 1, 0, "404"), now=gone)
    assert job.failure is not None
    assert job.failure.reason == "audio-unavailable"
    assert retry(job, "b" * 32, gone).job.route == (DEAR,)


def test_a_rescued_job_ends_even_if_its_copy_never_does() -> None:
    job, looks = after(turned(music(1, Stage.FIRST, 1)), broke(2)), 0
    while not job.state.terminal:
        assert job.due_at is not None
        job = ended(advance(job, job.due_at))
        looks += 1
        assert looks < 60
    assert job.failure is not None
    assert job.failure.reason == "audio-unavailable"


# --- any facts of any attempt, in any order --------------------------------------------------------------------


def test_a_refusal_that_was_not_true_counts_once_though_the_job_has_gone_on() -> None:
    turned = called(after(on_its_way(), Refused(1, NO_CREDIT)))
    assert turned.spent == DEAR.usd
    change = observe(turned, music(1, Stage.FIRST, 1), SOON)
    assert change.job.spent == pytest.approx(CHEAP.usd + DEAR.usd)
    assert [entry.type for entry in change.entries][:2] == ["late.refusal", "late.alternative"]
    assert after(change.job, music(1, Stage.COMPLETE, 1, 2), broke(1)).spent == change.job.spent


def test_a_refusal_that_was_not_true_counts_where_the_provider_says_that_the_task_failed() -> None:
    turned = called(after(on_its_way(), Refused(1, NO_CREDIT)))
    assert after(turned, broke(1)).spent == pytest.approx(CHEAP.usd + DEAR.usd)


def test_after_the_end_a_refusal_that_was_not_true_changes_nothing_but_where_a_retry_looks_first() -> None:
    failed = after(on_its_way(CHEAP), Refused(1, NO_CREDIT))
    late = after(failed, music(1, Stage.COMPLETE, 1, 2))
    assert (late.state, late.spent, late.tracks) == (State.FAILED, 0.0, ())
    fresh = retry(late, "b" * 32, SOON).job
    assert (fresh.state, fresh.task_id) == (State.RUNNING, late.task_id)
    assert retry(failed, "b" * 32, SOON).job.state is State.QUEUED


def test_a_retry_looks_at_whichever_provider_took_what_it_had_refused() -> None:
    failed = after(called(after(on_its_way(), Refused(1, NO_CREDIT))), Refused(2, NO_CREDIT))
    late = after(failed, music(1, Stage.COMPLETE, 1, 2))
    fresh = retry(late, "b" * 32, SOON).job
    assert (fresh.state, fresh.provider, fresh.task_id) == (State.RUNNING, CHEAP.provider, music(1, Stage.TEXT).task_id)
    assert [leg.provider for leg in (fresh.leg, *fresh.route)] == [CHEAP.provider, DEAR.provider]


def test_a_refusal_that_comes_after_a_cancel_gives_back_what_was_put_by_once() -> None:
    canceled = after(on_its_way(), CancelAsked())
    assert canceled.spent == CHEAP.usd
    change = observe(canceled, Refused(1, NO_CREDIT), SOON)
    assert (change.job.state, change.job.spent, change.job.bought_nothing) == (State.CANCELED, 0.0, False)
    assert [entry.type for entry in change.entries] == ["submit.refused"]
    assert observe(change.job, Refused(1, NO_CREDIT), SOON).empty


def test_a_refusal_after_the_end_is_not_believed_where_the_provider_has_called() -> None:
    for heard in (music(1, Stage.TEXT), Progress(1, Via.CALLBACK, Stage.NONE)):
        canceled = after(on_its_way(), heard, CancelAsked())
        assert observe(canceled, Refused(1, NO_CREDIT), SOON).empty


def test_one_unknown_attempt_among_the_refused_ones_is_enough_to_have_bought_something() -> None:
    first = after(on_its_way(Leg("gift", 0.0), when_unknown=WhenUnknown.RESUBMIT), Unknown(1, "time-out"))
    step = advance(first, NOW + timedelta(minutes=10))
    assert isinstance(step, Record)
    failed = after(called(step.change.job), Refused(2, ProviderError(ErrorClass.FIX_REQUEST, "400", "no")))
    assert (failed.state, failed.bought_nothing, failed.maybe_charged) == (State.FAILED, False, True)


def test_a_job_that_was_refused_bought_nothing_until_a_provider_says_otherwise() -> None:
    failed = after(called(after(on_its_way(), Refused(1, NO_CREDIT))), Refused(2, NO_CREDIT))
    assert failed.bought_nothing
    for attempt in (1, 2):
        assert not after(failed, music(attempt, Stage.FIRST, 1)).bought_nothing


def test_a_job_whose_outcome_nobody_knows_may_have_bought_something_that_the_owner_calls_free() -> None:
    unknown = after(on_its_way(Leg("gift", 0.0)), Unknown(1, "time-out"))
    step = advance(unknown, NOW + timedelta(hours=1))
    assert isinstance(step, Record)
    assert (step.change.job.state, step.change.job.bought_nothing) == (State.FAILED, False)


def test_a_retry_does_not_look_for_what_was_refused_taken_and_failed() -> None:
    failed = after(on_its_way(CHEAP), Refused(1, NO_CREDIT), broke(1))
    assert retry(failed, "b" * 32, SOON).job.state is State.QUEUED


def test_what_is_heard_after_the_end_does_not_make_a_caller_wait_for_what_it_was_told_at_once() -> None:
    job = begin(create("a" * 32, "owner", a_request(providers=()), (CHEAP,), NOW), NOW).job
    failed = after(job, Refused(1, NO_CREDIT))
    assert failed.refused_at_once
    assert after(failed, music(1, Stage.FIRST, 1)).refused_at_once


class Road:
    """One job on its way, held to its promises at every step. Its own books are kept beside the job's."""

    def __init__(self, legs: tuple[Leg, ...], **request: Any) -> None:
        self.now = NOW
        self.timeline: list[Entry] = []
        self.job = create("a" * 32, "owner", a_request(providers=(), **request), legs, NOW)
        self.paid: dict[int, float] = {}
        self.certainly_failed: set[int] = set()
        self.refused: dict[int, float] = {}
        self.lies = 0.0
        self.take(enqueue(self.job, NOW))

    def take(self, change: Change) -> None:
        before, job = self.job, change.job
        assert change.before == before.version
        assert job.version == before.version + (not change.empty)
        assert not before.state.terminal or (job.state, job.tracks) == (before.state, before.tracks)
        assert not before.state.terminal or job.spent <= before.spent  # a refusal that comes after the end
        assert job.stage.rank >= before.stage.rank
        assert job.closed >= before.closed
        for was, track in zip(before.tracks, job.tracks, strict=False):
            assert (was.number, was.attempt, was.take.id) == (track.number, track.attempt, track.take.id)
            doubted = track.state is TrackState.WAITING and track.file == was.file
            assert was.state is not TrackState.KEPT or track == was or doubted
            assert was.file is None or track.file is not None
        assert all(track.take.id.startswith(f"{track.attempt}-") for track in job.tracks)
        assert [track.number for track in job.tracks] == list(range(1, len(job.tracks) + 1))
        self.timeline += change.entries
        self.job = job

    def hear(self, fact: Fact) -> None:
        before = self.job
        self.take(observe(before, fact, self.now))
        if isinstance(fact, CancelAsked):
            return
        present = not before.state.terminal and before.attempt == fact.attempt > before.closed
        if present and isinstance(fact, Refused) and before.state is State.SUBMITTING:
            self.refused[fact.attempt] = self.paid.pop(fact.attempt)
            self.certainly_failed.add(fact.attempt)
        if before.state.terminal and isinstance(fact, Refused) and self.job.spent < before.spent:
            assert fact.attempt == before.attempt > before.closed
            assert not before.task_id
            self.paid.pop(fact.attempt)
        if present and isinstance(fact, Broke) and self.job.closed == fact.attempt:
            self.certainly_failed.add(fact.attempt)
        taken_up = before.state is State.QUEUED and (
            self.job.state is not State.QUEUED or self.job.closed == fact.attempt
        )
        speaks = isinstance(fact, Accepted | Progress | Broke) and not before.state.terminal
        if fact.attempt in self.refused and speaks and (not present or taken_up):  # a refusal that was not true
            usd = self.refused.pop(fact.attempt)
            self.paid[fact.attempt] = usd
            self.lies += usd

    def advance(self, choice: int, answer: Fact | None = None) -> None:
        """Whatever the job needs now; any leg that it can pay may be chosen."""
        match advance(self.job, self.now):
            case Submit():
                job = self.job
                legs = [job.leg, *affordable(job)]
                told = [one.type for one in self.timeline if one.type in ("submit.intended", "submit.repeated")]
                repeated = told[-1:] == ["submit.repeated"]
                assert job.attempt == 0 or job.attempt in self.certainly_failed or repeated
                leg = legs[choice % len(legs)]
                self.take(begin(job, self.now, leg))
                assert self.job.attempt == job.attempt + 1
                self.paid[self.job.attempt] = leg.usd
            case Record(change):
                self.take(change)
            case Poll():
                self.hear(answer or Pending(self.job.attempt, "still running"))
            case Rest():
                pass

    def finish(self) -> None:
        """Nobody says anything any more, and every copy that was asked for arrives."""
        for _ in range(300):
            if self.job.state.terminal:
                return
            copying = next((track for track in self.job.tracks if track.state is TrackState.COPYING), None)
            if copying:
                self.hear(kept(copying.attempt, int(copying.take.id[-1]), copying.number))
            else:
                assert self.job.due_at is not None
                self.now = max(self.now, self.job.due_at)
                self.advance(0)
        raise AssertionError("the job never ended")

    def check(self) -> None:
        events = [entry for entry in self.timeline if entry.event is not None]
        assert [entry.sequence for entry in self.timeline] == list(range(1, len(self.timeline) + 1))
        assert [entry.event for entry in events] == list(range(1, len(events) + 1))
        assert [entry.type for entry in events if entry.state.terminal] == [entry.type for entry in events[-1:]]
        once = [entry.type for entry in events if entry.type not in ("cover.switched", "cover.submitted")]
        assert len(set(once)) == len(once)
        begun = [entry.data["attempt"] for entry in self.timeline if entry.type == "submit.intended"]
        assert begun == list(range(1, len(begun) + 1))
        assert self.job.spent == pytest.approx(sum(self.paid.values()))
        told = [usd for _, _, usd in spendings(self.job)]
        assert sum(told) == money(self.job.spent)
        assert min(told) >= 0
        most = self.job.request.max_usd
        assert most is None or self.job.spent <= most + self.lies + 1e-9
        assert any(track.file for track in self.job.tracks) or self.job.state is not State.SUCCEEDED


def facts_of(attempt: int, number: int, tries: int, error: ErrorClass) -> list[Fact]:
    """All that can be said of one attempt."""
    words = ProviderError(error, "1", "words")
    said: list[Fact] = [
        taken(attempt),
        Refused(attempt, words),
        Unknown(attempt, "time-out"),
        Pending(attempt, "running"),
    ]
    said += [broke(attempt, words, via) for via in Via]
    said += [music(attempt, stage, *numbers, via=via) for via in Via for stage, numbers in STAGES]
    said += [kept(attempt, number % 2 + 1, number), Unusable(attempt, number, tries, "404")]
    return said


STAGES = [(Stage.TEXT, ()), (Stage.FIRST, (1,)), (Stage.COMPLETE, (1, 2))]
KINDS = st.one_of(st.sampled_from([ErrorClass.RETRY_LATER, ErrorClass.RATE_LIMITED]), st.sampled_from(ErrorClass))
SAY = st.tuples(
    st.just("say"), st.tuples(st.sampled_from([0, 0, 0, 1, 2]), st.integers(0, 13), st.integers(1, 6), KINDS)
)
MOVE = st.tuples(st.sampled_from(["advance", "due"]), st.integers(0, 2))
WAIT = st.tuples(st.just("wait"), st.integers(1, 60))
STEPS = st.lists(st.one_of(SAY, SAY, SAY, MOVE, WAIT), min_size=4, max_size=40)
LEGS = st.lists(st.sampled_from([CHEAP, MIDDLE, DEAR]), min_size=1, max_size=3, unique=True).map(tuple)


@settings(max_examples=1500, deadline=None)
@given(LEGS, STEPS, st.sampled_from(WhenUnknown), st.sampled_from([None, 0.2, 0.255, 0.358]))
def test_whatever_is_said_of_whichever_attempt_the_promises_hold(
    legs: tuple[Leg, ...], steps: list[tuple[str, Any]], when_unknown: WhenUnknown, max_usd: float | None
) -> None:
    road = Road(legs, when_unknown=when_unknown, max_usd=max_usd)
    road.advance(0)
    for kind, what in steps:
        if kind == "say":
            back, which, number, error = what
            attempt = max(1, road.job.attempt - back)
            said = facts_of(attempt, number, which % 3, error)
            road.hear(said[which % len(said)])
        elif kind == "wait":
            road.now += timedelta(seconds=what)
        else:
            road.now = max(road.now, road.job.due_at or road.now) if kind == "due" else road.now
            road.advance(what)
    road.finish()
    road.check()
    for attempt in range(1, road.job.attempt + 1):
        for fact in facts_of(attempt, 1, 0, ErrorClass.RETRY_LATER):
            road.hear(fact)
    road.check()
