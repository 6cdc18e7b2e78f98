"""The product broken on purpose, in one place at a time: a simulation that does not notice is worth nothing."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from reprise.domain import advance, audio, callbacks, copies, create, deadlines, draft, observe, route, takes
from reprise.domain.attempts import Posted
from reprise.domain.callbacks import CallbackRecord
from reprise.domain.job import Change, ErrorClass, Failure, Job, Outbox, ProviderError, State, Track, TrackState
from reprise.domain.sidecars import sidecar
from reprise.errors import ConflictError
from reprise.memory import MemoryCovers, MemoryJobs, MemoryQueue
from reprise.ports import Claim
from reprise.usecases import advance as advance_usecase
from reprise.usecases import call_back, describe, dispatch, manage, poller

from tests.simulation import stores
from tests.simulation.broken import BrokenError
from tests.simulation.mischief import Rates
from tests.simulation.simulation import BETWEEN, Simulation

Patch = pytest.MonkeyPatch
JOBS, SEEDS = 400, range(1, 7)


def submits_before_the_intent_is_stored(patch: Patch) -> None:
    def hasty(self: Any, job: Job) -> Any:
        leg = self.choose(job) or job.leg
        intent = advance.begin(job, self.clock.now(), leg)
        order = self.draw_up(intent.job, self.providers(leg.provider).capabilities)
        outcome = self.providers(leg.provider).submit(order)
        if self._won(job, intent):
            self.record.outcome(intent.job, outcome)

    patch.setattr(advance_usecase.Advance, "_submit", hasty)


def pays_whoever_wrote_the_intent(patch: Patch) -> None:
    """A lost race does not keep it from the paid call."""

    def won(self: Any, change: Change) -> bool:
        with suppress(ConflictError):
            self.record.commit(change)
        return True

    patch.setattr(advance_usecase.Advance, "_won", won)


def takes_silence_for_a_no(patch: Patch) -> None:
    """An answer that never came is a refusal: submitted again."""
    busy = ProviderError(ErrorClass.RATE_LIMITED, "0", "no answer")
    patch.setattr(observe, "_unknown", lambda one, fact: observe._refused(one, busy))


def submits_again_unasked(patch: Patch) -> None:
    def again(job: Job, now: Any) -> Change:
        one = draft.Draft(job, now)
        one.set(state=State.QUEUED)
        one.wake(now, "submit.repeated", "once more")
        return one.change()

    patch.setattr(advance, "_end_of_grace", again)


def hears_any_attempt(patch: Patch) -> None:
    """What an attempt that was given up says counts for the present one."""
    patch.setattr(observe, "is_present", lambda job, attempt: True)


def turns_after_a_failure_of_another_attempt(patch: Patch) -> None:
    """Broke is believed whoever it is about, and whatever the job is at."""

    def broke(one: draft.Draft, fact: Any) -> None:
        if not route.turn(one, fact.error, bought=True):
            observe._fail(one, Failure("retry-later", "x", True))

    patch.setattr(observe, "_broke", broke)


def announces_before_it_is_kept(patch: Patch) -> None:
    safe = (TrackState.COPYING, TrackState.KEPT, TrackState.LOST)
    patch.setattr(Track, "settled", property(lambda self: self.state in safe))


def keeps_whatever_comes(patch: Patch) -> None:
    patch.setattr(audio, "fault", lambda *about: None)
    patch.setattr(audio, "audio_type", lambda head: audio.MP3)
    patch.setattr(audio, "cut_off", lambda *about: None)


def forgets_to_upload(patch: Patch) -> None:
    kept = MemoryCovers.keep

    def keep(self: MemoryCovers, file: Any, path: Any) -> None:
        if int(file.sha256[:2], 16) > 8:
            kept(self, file, path)

    patch.setattr(MemoryCovers, "keep", keep)


def believes_the_first_of_two_alike(patch: Patch) -> None:
    """Of two links with the same bytes, the one that was copied first is taken for right, for good."""
    patch.setattr(copies, "_mix_up", lambda one, fact, track, twin: copies.refuse_copy(one, track, "the same bytes"))


def gives_a_take_up_at_once(patch: Patch) -> None:
    """A crash of a copy is enough; nobody needs a dead link."""

    def ask(one: draft.Draft, track: Track) -> None:
        takes.lose(one, track, "too much trouble") if track.number == 2 else asked(one, track)

    asked = takes.ask_for_copy
    patch.setattr(takes, "ask_for_copy", ask)


def loses_a_wake(patch: Patch) -> None:
    """Neither the due index nor the queue will ever look at the job again."""

    def look(self: draft.Draft, at: Any, promptly: bool = False) -> None:
        self.set(due_at=None)

    patch.setattr(draft.Draft, "look", look)


def never_sweeps(patch: Patch) -> None:
    patch.setattr(poller.Sweep, "__call__", lambda self: 0)


def numbers_an_event_twice(patch: Patch) -> None:
    def announce(self: draft.Draft, type: str, message: str, **data: object) -> None:
        self.set(entries=self.job.entries + 1, events=max(1, self.job.events))
        self._write(type, message, data, Outbox.PUBLISH, event=self.job.events)

    patch.setattr(draft.Draft, "announce", announce)


def tells_one_event_in_two_ways(patch: Patch) -> None:
    told = dispatch.event
    count = iter(range(10**9))

    def event(entry: Any) -> dict[str, Any]:
        return {**told(entry), "id": f"{entry.job_id}-{next(count)}"}

    patch.setattr(dispatch, "event", event)


def forgets_an_event(patch: Patch) -> None:
    worked = dispatch.Dispatch.__call__

    def work(self: Any, entry: Any) -> None:
        if entry.type != "cover.text":
            worked(self, entry)

    patch.setattr(dispatch.Dispatch, "__call__", work)


def describes_no_cover(patch: Patch) -> None:
    patch.setattr(describe.Describe, "__call__", lambda self, entry: None)


def describes_another_take(patch: Patch) -> None:
    patch.setattr(describe, "sidecar", lambda job: sidecar(replace(job, tracks=job.tracks[::-1])))


def speaks_after_the_end(patch: Patch) -> None:
    def late(one: draft.Draft, fact: Any) -> None:
        one.announce("cover.text", "late, but here")

    patch.setattr(observe, "late", late)


def ends_twice(patch: Patch) -> None:
    patch.setattr(manage.Manage, "cancel", cancels_what_is_over)


def cancels_what_is_over(self: Any, tenant: str, job_id: str) -> Job:
    job = self.jobs.load(job_id)
    one = draft.Draft(job, self.clock.now())
    observe._cancel(one)
    self.jobs.commit(one.change())
    return one.job


def overlooks_lost_races(patch: Patch) -> None:
    """Commits whatever version the job has by now."""
    patch.setattr(MemoryJobs, "commit", lambda self, change: self._write(change))


def forgets_the_key(patch: Patch) -> None:
    created = MemoryJobs.create

    def keyless(self: MemoryJobs, change: Change, claim: Claim | None) -> Any:
        return created(self, change, None)

    patch.setattr(MemoryJobs, "create", keyless)


def counts_a_refusal_as_paid(patch: Patch) -> None:
    spent = draft.Draft.spend
    patch.setattr(draft.Draft, "spend", lambda self, usd: spent(self, max(0.0, usd)))


def does_not_count_the_second_attempt(patch: Patch) -> None:
    begun = advance.begin

    def begin(job: Job, *rest: Any) -> Change:
        change = begun(job, *rest)
        spent = change.job.spent if job.attempt == 0 else job.spent
        return replace(change, job=replace(change.job, spent=spent))

    patch.setattr(advance_usecase, "begin", begin)


def overdraws_the_budget(patch: Patch) -> None:
    patch.setattr(route, "fits", lambda job, leg: True)


def buys_a_retry_again(patch: Patch) -> None:
    retried = create.retry
    patch.setattr(manage, "retry", lambda old, *rest: retried(replace(old, task_id=None), *rest))


def tells_a_client_once(patch: Patch) -> None:
    """What a client did not take is not said again."""

    def settle(claimed: CallbackRecord, notice: str, outcome: Any, now: Any, jitter: float) -> CallbackRecord:
        return settled(claimed, notice, Posted(200), now, jitter)

    settled = callbacks.settle
    patch.setattr(call_back, "settle", settle)


def tells_a_client_in_disorder(patch: Patch) -> None:
    def place(record: CallbackRecord, notices: Any) -> int:
        left = [number for number, notice in enumerate(notices) if notice not in record.done]
        return left[-1] if left else len(notices)

    patch.setattr(call_back, "place", place)


def forgets_the_failed_delivery(patch: Patch) -> None:
    """Neither a message nor the sweep comes for it again."""

    class Once(MemoryQueue):
        def send(self, message: Mapping[str, Any], delay_seconds: int = 0) -> None: ...

    called, due = call_back.CallBack.__call__, stores.Deliveries.due
    patch.setattr(call_back.CallBack, "__call__", lambda self, job: called(replace(self, queue=Once()), job))
    patch.setattr(stores.Deliveries, "due", lambda self, now: (one for one in due(self, now) if one.delivery))


def waits_for_no_deadline(patch: Patch) -> None:
    """A task that is pending for ever is asked for ever."""

    def polled(one: draft.Draft, message: str) -> None:
        one.set(polls=one.job.polls + 1)
        one.look(one.now + deadlines.POLL_SLOWEST)

    patch.setattr(observe, "_polled", polled)


def answers_without_a_job(patch: Patch) -> None:
    """A caller is told of a job that nobody stored."""
    stored = MemoryJobs.create

    def keyless(self: MemoryJobs, change: Change, claim: Claim | None) -> Any:
        return None if change.job.state is State.QUEUED and claim else stored(self, change, claim)

    patch.setattr(MemoryJobs, "create", keyless)


MUTATIONS: list[Callable[[Patch], None]] = [
    submits_before_the_intent_is_stored,
    pays_whoever_wrote_the_intent,
    takes_silence_for_a_no,
    submits_again_unasked,
    hears_any_attempt,
    turns_after_a_failure_of_another_attempt,
    announces_before_it_is_kept,
    keeps_whatever_comes,
    forgets_to_upload,
    believes_the_first_of_two_alike,
    gives_a_take_up_at_once,
    loses_a_wake,
    never_sweeps,
    numbers_an_event_twice,
    tells_one_event_in_two_ways,
    forgets_an_event,
    describes_no_cover,
    describes_another_take,
    speaks_after_the_end,
    ends_twice,
    overlooks_lost_races,
    forgets_the_key,
    counts_a_refusal_as_paid,
    does_not_count_the_second_attempt,
    overdraws_the_budget,
    buys_a_retry_again,
    tells_a_client_once,
    tells_a_client_in_disorder,
    forgets_the_failed_delivery,
    waits_for_no_deadline,
    answers_without_a_job,
]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_a_broken_product_does_not_get_through_some_days(mutation: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutation(monkeypatch)
    assert any(first_fault(seed) for seed in SEEDS)


def first_fault(seed: int, between: float = BETWEEN, rates: Rates | None = None) -> str | None:
    """What broke; a mutation that makes the product raise would prove nothing."""
    try:
        Simulation(JOBS, seed, rates, between).run()
    except BrokenError as error:
        if " raised " in error.words:
            raise AssertionError(error.words) from error
        return error.words
    return None
