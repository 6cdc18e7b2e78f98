"""The decision: what a job that is due needs next. Pure; `usecases/advance.py` carries it out."""

from dataclasses import dataclass, replace
from datetime import datetime

from reprise.domain import deadlines
from reprise.domain.draft import Draft
from reprise.domain.job import Change, Failure, Job, Leg, OwnReason, State, TrackState
from reprise.domain.observe import overdue
from reprise.domain.request import WhenUnknown
from reprise.domain.route import fits
from reprise.domain.takes import ask_for_copy, give_up_if_hopeless, rescue, settle, wait_for_link


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do, or not yet."""


@dataclass(frozen=True, slots=True)
class Submit:
    """Choose a provider and store the intent that `begin` gives; only who wrote it may call that provider."""


@dataclass(frozen=True, slots=True)
class Poll:
    """Ask the provider how `task_id` is doing."""

    task_id: str


@dataclass(frozen=True, slots=True)
class Record:
    """Nobody need be asked: store this."""

    change: Change


Step = Rest | Submit | Poll | Record


def advance(job: Job, now: datetime) -> Step:
    if job.state.terminal or job.due_at is None or job.due_at > now:
        return Rest()
    match job.state:
        case State.QUEUED:
            late = now + deadlines.LEAST_TIME > job.deadline_at
            return Record(fail(job, now, overdue(job))) if late else Submit()
        case State.SUBMITTING:
            return Record(_end_of_grace(job, now))
        case State.RUNNING:
            return _look(job, now)
        case _:
            return _archive(job, now)


def begin(job: Job, now: datetime, leg: Leg | None = None) -> Change:
    """The write-ahead intent: one more attempt, stored before the call that may buy something.

    `leg` is one of the job's own; the legs passed over for it stay on the route.
    """
    draft = Draft(job, now)
    leg = leg or job.leg
    grace = max(min(now + deadlines.SUBMIT_GRACE, job.deadline_at), now + deadlines.LEAST_TIME)
    draft.set(
        state=State.SUBMITTING,
        leg=leg,
        route=tuple(other for other in (job.leg, *job.route) if other.provider != leg.provider),
        attempt=job.attempt + 1,
        closed=job.attempt,
        task_id=None,
        polls=0,
        begun_at=now,
        due_at=grace,
    )
    draft.spend(leg.usd)
    draft.note("submit.intended", f"About to call {leg.provider}", attempt=draft.job.attempt)
    return draft.change()


def forgo(job: Job, now: datetime, leg: Leg) -> Change:
    """The purse has no room for `leg`, which was chosen in place of the job's own: it leaves the route with all that
    cost as much, and the job, which has its own leg's price put by, is looked at again. Each time the route is shorter.
    """
    draft = Draft(job, now)
    draft.set(route=tuple(other for other in job.route if other.usd < leg.usd), due_at=None)
    left_out = [other.provider for other in job.route if other.usd >= leg.usd]
    draft.wake(now, "route.shortened", f"The key's budget has no room for {', '.join(left_out)}", left_out=left_out)
    return draft.change()


def unpaid(job: Job, now: datetime) -> Change:
    """The end of a job that would be submitted again, but whose purse has no room for that."""
    message = f"Nobody can say whether {job.provider} took the job, and the key's budget has no room to pay it again"
    return fail(job, now, Failure(OwnReason.BUDGET_SPENT, message, retryable=True))


def wait_for_slot(job: Job, now: datetime) -> Change:
    """Every provider that could do it is busy with as many jobs as it takes at once."""
    draft = Draft(job, now)
    draft.set(due_at=None)
    draft.wake(now + deadlines.SLOT_WAIT, "submit.waiting", f"{job.provider} has no free slot; nothing was bought")
    return draft.change()


def _end_of_grace(job: Job, now: datetime) -> Change:
    again = job.request.when_unknown is WhenUnknown.RESUBMIT and fits(job, job.leg)
    if not again or job.attempt >= deadlines.MOST_ATTEMPTS or now >= job.deadline_at:
        message = f"Nobody can say whether {job.provider} took the job; it was not sent again, so as not to pay twice"
        return fail(job, now, Failure(OwnReason.SUBMIT_UNKNOWN, message, retryable=True))
    draft = Draft(job, now)
    draft.set(state=State.QUEUED)
    draft.wake(now, "submit.repeated", "Outcome still unknown; submitting again, as the caller chose")
    return draft.change()


def _look(job: Job, now: datetime) -> Step:
    if job.task_id:
        return Poll(job.task_id)
    if now >= job.deadline_at:
        return Record(fail(job, now, overdue(job)))
    draft = Draft(job, now)  # a callback without a task id started it: only callbacks can end it
    draft.set(due_at=job.deadline_at)
    draft.note("poll.skipped", "No task id is known to ask for; waiting for callbacks until the deadline")
    return Record(draft.change())


def _archive(job: Job, now: datetime) -> Step:
    """A dead link wants a fresh one from the provider; a copy that went silent is asked for again."""
    due = [track for track in job.tracks if not track.settled and (track.look_at or now) <= now]
    if job.task_id and any(track.state is TrackState.WAITING for track in due):
        return Poll(job.task_id)
    draft = Draft(job, now)
    for track in due:
        if not give_up_if_hopeless(draft, replace(track, reason=track.reason or "no copy was ever finished")):
            ask_for_copy(draft, track) if track.take.urls else wait_for_link(draft, track, "no link")
    settle(draft)
    return Record(draft.change())


def fail(job: Job, now: datetime, failure: Failure) -> Change:
    """The end of a job that nobody need be asked about. Music of it that is there already is kept."""
    draft = Draft(job, now)
    if not rescue(draft, failure, own=True):
        draft.fail(failure)
    return draft.change()
