"""The state machine: one fact in, one change out. Pure, so that every order of facts can be tried.

Duplicates change nothing. A fact about an abandoned attempt, or one that comes after the end, is written on
the timeline once and changes nothing else.
"""

from datetime import datetime, timedelta

from reprise.domain import deadlines
from reprise.domain.copies import kept, unusable
from reprise.domain.draft import Draft
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
    EVIDENCE,
    REFUSED_AT_ONCE,
    Change,
    ErrorClass,
    Failure,
    Job,
    OwnReason,
    ProviderError,
    Stage,
    State,
    TrackState,
)
from reprise.domain.late import is_present, late, refusal, refused_by, untrue
from reprise.domain.route import turn
from reprise.domain.takes import merge_takes, rescue, settle, wait_for_link, waste_try


def observe(job: Job, fact: Fact, now: datetime, below: float | None = None) -> Change:
    """The job after `fact`, and the lines to add. An empty change is nothing to write.

    `below`: were the job to turn to another provider, only to one whose price (USD) is lower.
    """
    draft = Draft(job, now, below)
    _take_in(draft, fact)
    if isinstance(fact, Progress | Broke) and fact.evidence and draft.changed:
        draft.once(f"{EVIDENCE}{fact.evidence}")
    return draft.change()


def _take_in(draft: Draft, fact: Fact) -> None:  # noqa: C901 - one branch a fact, nothing nested
    job, about_tracks = draft.job, isinstance(fact, Kept | Unusable)
    if job.state.terminal or not (about_tracks or isinstance(fact, CancelAsked) or is_present(job, fact.attempt)):
        late(draft, fact)
        return
    if isinstance(fact, Progress | Broke) and fact.seal and not draft.once(f"seal:{fact.seal}"):
        return
    match fact:
        case Accepted():
            _accepted(draft, fact)
        case Refused():
            _refused(draft, fact.error)
        case Unknown():
            _unknown(draft, fact)
        case Progress():
            _progress(draft, fact)
        case Pending():
            _pending(draft, fact.message)
        case Broke():
            _broke(draft, fact)
        case Kept():
            kept(draft, fact)
        case Unusable():
            unusable(draft, fact)
        case CancelAsked():
            _cancel(draft)


def _accepted(draft: Draft, fact: Accepted) -> None:
    if not draft.once(f"submit.accepted:{fact.attempt}"):
        return
    draft.set(task_id=fact.task_id)  # the answer to the paid call: it outweighs what any callback said
    draft.note("submit.accepted", f"{draft.job.provider} took the job", task_id=fact.task_id, attempt=fact.attempt)
    _take_up(draft, fact.task_id)
    if fact.eta and draft.job.state is State.RUNNING:
        draft.look(min(draft.now + timedelta(seconds=fact.eta), draft.job.deadline_at), promptly=True)


def _refused(draft: Draft, error: ProviderError) -> None:
    if draft.job.state is not State.SUBMITTING:
        return
    job = draft.job
    refusals = job.refusals + 1
    draft.set(refusals=refusals)
    draft.spend(-job.leg.usd)
    draft.once(refusal(job.attempt))
    draft.once(refused_by(job.attempt, job.provider))
    draft.note("submit.refused", error.message, code=error.code, kind=error.kind)
    if turn(draft, error):
        return
    passing = error.kind in (ErrorClass.RATE_LIMITED, ErrorClass.RETRY_LATER)
    due = deadlines.after_refusal(refusals, draft.now)
    if passing and refusals < deadlines.MOST_REFUSALS and due < job.deadline_at:
        draft.set(state=State.QUEUED)
        draft.wake(due, "submit.postponed", f"{job.provider} is busy; nothing was bought, trying again")
    else:
        if job.version == 1:  # its first write was the intent: whoever asked is still waiting for the answer
            draft.once(REFUSED_AT_ONCE)
        _fail(draft, _failure(error))


def _unknown(draft: Draft, fact: Unknown) -> None:
    if draft.job.state is State.SUBMITTING and draft.once(f"submit.unknown:{fact.attempt}"):
        draft.note("submit.unknown", f"Nobody can say yet whether the job was taken: {fact.message}")


def _progress(draft: Draft, fact: Progress) -> None:
    if _is_other_task(draft, fact.task_id):
        return
    _take_up(draft, fact.task_id)
    before = draft.job.stage
    stage = max(before, fact.stage, key=lambda one: one.rank)
    if stage is not before:
        draft.set(stage=stage)
    _merge_lyrics(draft, fact)
    if draft.once(f"{fact.key}:{fact.attempt}") or fact.via is Via.POLL:
        says = "called back; it will be asked" if fact.stage is Stage.NONE else f"says: {fact.stage}"
        if fact.understood and draft.once(f"understood:{fact.attempt}"):
            says += f". It understood: {fact.understood}"
        draft.note(fact.key, f"{draft.job.provider} {says}", task_id=draft.job.task_id)
        if fact.stage is Stage.NONE and draft.job.state is State.RUNNING and draft.job.task_id:
            draft.look(draft.now, promptly=True)
    if before is Stage.NONE and stage is not Stage.NONE:
        words = "The words are there" if draft.job.lyrics else "Past the words; the provider tells none"
        draft.announce("cover.text", words, lyrics=bool(draft.job.lyrics))
    if stage is Stage.COMPLETE and draft.job.state is State.RUNNING:
        draft.set(state=State.ARCHIVING, complete_at=draft.now)
    merge_takes(draft, fact.attempt, fact.stage, fact.takes, fresh=fact.via is Via.POLL)
    if fact.via is Via.POLL:
        _polled(draft, f"{draft.job.provider} gave no usable link")
    elif draft.job.state is State.ARCHIVING:
        _chase_links(draft)
    settle(draft)


def _pending(draft: Draft, message: str) -> None:
    if draft.job.state not in (State.RUNNING, State.ARCHIVING):
        return
    draft.note("poll.pending", message)
    _polled(draft, message)
    settle(draft)


def _polled(draft: Draft, message: str) -> None:
    """What every poll leads to that did not end the job: the next look, or the end at the deadline."""
    job = draft.job
    draft.set(polls=job.polls + 1)
    if job.state is State.ARCHIVING:
        for track in job.tracks:
            if track.state is TrackState.WAITING:
                wait_for_link(draft, track, message)
    elif draft.now >= job.deadline_at:
        _fail(draft, overdue(job), own=True)
    else:
        draft.look(deadlines.next_poll(draft.job, draft.now))


def _broke(draft: Draft, fact: Broke) -> None:
    if _is_other_task(draft, fact.task_id):
        return
    if draft.job.state is State.ARCHIVING:
        _change_of_mind(draft, fact)
        return
    _take_up(draft, fact.task_id)
    draft.note(fact.key, fact.error.message, code=fact.error.code, kind=fact.error.kind)
    if not turn(draft, fact.error, bought=True):
        _fail(draft, _failure(fact.error))


def _fail(draft: Draft, failure: Failure, own: bool = False) -> None:
    if not rescue(draft, failure, own):
        draft.fail(failure)


def _change_of_mind(draft: Draft, fact: Broke) -> None:
    """It said complete before: a callback cannot take that back, a poll merely brought no fresh link."""
    if fact.via is Via.POLL:
        _pending(draft, f"{draft.job.provider} now says that it failed: {fact.error.message}")
    elif draft.once(f"{fact.key}:{fact.attempt}"):
        draft.note(f"late.{fact.key}", "A failure after completion; nothing changes", code=fact.error.code)


def _cancel(draft: Draft) -> None:
    job = draft.job
    maybe_paid = job.spent > 0 or (job.attempt > 0 and job.state is not State.QUEUED)
    draft.set(state=State.CANCELED, due_at=None)
    draft.announce("cover.canceled", "The caller does not want it any more", maybe_charged=maybe_paid)


def _take_up(draft: Draft, task_id: str | None) -> None:
    """Any sign of life proves that the submit was accepted, also one that comes before submit's own answer."""
    job = draft.job
    if task_id and not job.task_id:
        draft.set(task_id=task_id)
    if job.state in (State.QUEUED, State.SUBMITTING):
        if refusal(job.attempt) in job.heard:
            draft.once(untrue(job.attempt))
            draft.spend(job.leg.usd)
        draft.set(state=State.RUNNING)
        draft.look(deadlines.next_poll(job, draft.now))
        draft.announce("cover.submitted", f"{job.provider} took the job", attempt=job.attempt)


def _is_other_task(draft: Draft, task_id: str | None) -> bool:
    if not task_id or draft.job.task_id in (None, task_id):
        return False
    if draft.once("other-task"):
        draft.note("late.other-task", "The provider spoke of another task; nothing changes", task_id=task_id)
    return True


def _merge_lyrics(draft: Draft, fact: Progress) -> None:
    known, job = fact.lyrics, draft.job
    if known and (not job.lyrics or fact.stage.rank > job.lyrics_stage.rank):
        draft.set(lyrics=known, lyrics_stage=fact.stage)


def _chase_links(draft: Draft) -> None:
    """A complete callback whose rows lack a link: ask the provider again instead of waiting for it."""
    for track in draft.job.tracks:
        if track.state is TrackState.WAITING and track.tries == 0:
            waste_try(draft, track, "the provider gave no link")


def _failure(error: ProviderError) -> Failure:
    fixable = error.kind not in (ErrorClass.FIX_REQUEST, ErrorClass.CONTENT_REFUSED)
    return Failure(error.kind, error.message, retryable=fixable, code=error.code)


def overdue(job: Job) -> Failure:
    seconds = int((job.deadline_at - job.created_at).total_seconds())
    return Failure(OwnReason.DEADLINE, f"{job.provider} was not done within {seconds} s", retryable=True)
