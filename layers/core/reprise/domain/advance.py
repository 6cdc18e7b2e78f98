"""The decision: what a job that is due needs next. Pure; `usecases/advance.py` carries it out."""

from dataclasses import dataclass
from datetime import datetime

from reprise.domain import deadlines
from reprise.domain.draft import Draft
from reprise.domain.job import Change, Failure, Job, State, TrackState
from reprise.domain.observe import overdue, waste_try
from reprise.domain.request import WhenUnknown
from reprise.domain.takes import ask_for_copy, settle


@dataclass(frozen=True, slots=True)
class Rest:
    """Nothing to do, or not yet."""


@dataclass(frozen=True, slots=True)
class Submit:
    """Store `intent` first; only who wrote it may call the provider."""

    intent: Change


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
            return Record(_fail(job, now, overdue(job))) if now >= job.deadline_at else Submit(begin(job, now))
        case State.SUBMITTING:
            return Record(_end_of_grace(job, now))
        case State.RUNNING:
            return _look(job, now)
        case _:
            return _archive(job, now)


def begin(job: Job, now: datetime) -> Change:
    """The write-ahead intent: one more attempt, stored before the call that may buy something."""
    draft = Draft(job, now)
    grace = min(now + deadlines.SUBMIT_GRACE, max(job.deadline_at, now))
    draft.set(state=State.SUBMITTING, attempt=job.attempt + 1, task_id=None, due_at=grace)
    draft.note("submit.intended", f"About to call {job.provider}", attempt=draft.job.attempt)
    return draft.change()


def _end_of_grace(job: Job, now: datetime) -> Change:
    again = job.request.when_unknown is WhenUnknown.RESUBMIT
    if not again or job.attempt >= deadlines.MOST_ATTEMPTS or now >= job.deadline_at:
        message = f"Nobody can say whether {job.provider} took the job; it was not sent again, so as not to pay twice"
        return _fail(job, now, Failure("submit-unknown", message, retryable=True))
    draft = Draft(job, now)
    draft.set(state=State.QUEUED)
    draft.wake(now, "submit.repeated", "Outcome still unknown; submitting again, as the caller chose")
    return draft.change()


def _look(job: Job, now: datetime) -> Step:
    if job.task_id:
        return Poll(job.task_id)
    if now >= job.deadline_at:
        return Record(_fail(job, now, overdue(job)))
    draft = Draft(job, now)  # a callback without a task id started it: only callbacks can end it
    draft.set(due_at=job.deadline_at)
    draft.note("poll.skipped", "No task id is known to ask for; waiting for callbacks until the deadline")
    return Record(draft.change())


def _archive(job: Job, now: datetime) -> Step:
    """A dead link wants a fresh one from the provider; a copy that went silent counts as a failed one."""
    waiting = [track for track in job.tracks if track.state is TrackState.WAITING]
    if waiting and job.task_id:
        return Poll(job.task_id)
    draft = Draft(job, now)
    draft.set(due_at=now + deadlines.COPY_PATIENCE)
    draft.note("copy.awaited", "Looking after the copies", tracks=[t.number for t in job.tracks if not t.settled])
    for track in waiting:  # nobody to ask for another link: try the one there is
        ask_for_copy(draft, track) if track.take.urls else waste_try(draft, track, "the provider gave no link")
    for track in job.tracks:
        if track.state is TrackState.COPYING and now - (track.asked_at or now) >= deadlines.COPY_PATIENCE:
            waste_try(draft, track, "the copy was begun but never ended")
    settle(draft)
    return Record(draft.change())


def _fail(job: Job, now: datetime, failure: Failure) -> Change:
    draft = Draft(job, now)
    draft.fail(failure)
    return draft.change()
