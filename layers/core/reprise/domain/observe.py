"""The state machine: one fact in, one change out. Pure, so that every order of facts can be tried.

Duplicates change nothing. A fact about an abandoned attempt, or one that comes after the end, is written on
the timeline once and changes nothing else.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from reprise.domain import deadlines
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
    TAKEN_AFTER_ALL,
    Change,
    ErrorClass,
    Failure,
    Job,
    KeptFile,
    OwnReason,
    ProviderError,
    Stage,
    State,
    Track,
    TrackState,
)
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
    if job.state.terminal or not (about_tracks or isinstance(fact, CancelAsked) or _is_present(job, fact.attempt)):
        _late(draft, fact)
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
            _kept(draft, fact)
        case Unusable():
            _unusable(draft, fact)
        case CancelAsked():
            _cancel(draft)


def _is_present(job: Job, attempt: int) -> bool:
    return attempt == job.attempt and attempt > job.closed


def _late(draft: Draft, fact: Fact) -> None:
    if isinstance(fact, Refused):
        _give_back(draft, fact)
    if not isinstance(fact, Accepted | Progress | Broke):
        return
    if _is_present(draft.job, fact.attempt) and fact.task_id and not draft.job.task_id:
        draft.set(task_id=fact.task_id)  # a retry will look there before it buys again
    key = _key(fact)
    _admit(draft, fact)
    if _alternative(draft, fact):
        return
    if draft.once(f"late:{fact.attempt}:{key}"):
        draft.note(f"late.{key}", f"Attempt {fact.attempt} spoke too late; nothing changes", task_id=fact.task_id)


def _give_back(draft: Draft, fact: Refused) -> None:
    """The job ended while the provider was asked, and the answer is no: nothing was bought."""
    job = draft.job
    silent = not job.task_id and not any(_is_word_of(fact.attempt, key) for key in job.heard)
    ended = job.state.terminal and _is_present(job, fact.attempt)
    if ended and silent and draft.once(_refusal(fact.attempt)):
        draft.once(_refused_by(fact.attempt, job.provider))
        draft.spend(-job.leg.usd)
        draft.note("submit.refused", fact.error.message, code=fact.error.code, kind=fact.error.kind)


def _is_word_of(attempt: int, key: str) -> bool:
    return key.startswith(f"{Via.CALLBACK}.") and key.endswith(f":{attempt}")


def _admit(draft: Draft, fact: Accepted | Progress | Broke) -> None:
    """A provider speaks of an order that it had refused: it took it all the same, so it counts. After the end it is
    only remembered: a retry looks there before it buys again."""
    job, attempt = draft.job, fact.attempt
    legs = (*job.passed, job.leg, *job.route)
    leg = next((leg for leg in legs if _refused_by(attempt, leg.provider) in job.heard), None)
    if leg is None or _untrue(attempt) in job.heard:
        return
    if not job.state.terminal:
        draft.once(_untrue(attempt))
        draft.spend(leg.usd)
        draft.note("late.refusal", f"{leg.provider} had refused attempt {attempt} and took it all the same: it counts")
    elif fact.task_id and not isinstance(fact, Broke):
        draft.once(f"{TAKEN_AFTER_ALL}{leg.provider}:{fact.task_id}")


def _alternative(draft: Draft, fact: Fact) -> bool:
    """Music of an attempt that was given up, told before the end: bought is bought, so it is kept beside the rest."""
    if draft.job.state.terminal or not isinstance(fact, Progress) or not any(take.urls for take in fact.takes):
        return False
    if draft.once(f"alternative:{fact.attempt}:{_key(fact)}"):
        draft.note("late.alternative", f"Attempt {fact.attempt} is done after all; its takes are kept as alternatives")
        merge_takes(draft, fact.attempt, fact.stage, fact.takes, fresh=False)
    return True


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
    draft.once(_refusal(job.attempt))
    draft.once(_refused_by(job.attempt, job.provider))
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
    if draft.once(f"{_key(fact)}:{fact.attempt}") or fact.via is Via.POLL:
        says = "called back; it will be asked" if fact.stage is Stage.NONE else f"says: {fact.stage}"
        if fact.understood and draft.once(f"understood:{fact.attempt}"):
            says += f". It understood: {fact.understood}"
        draft.note(_key(fact), f"{draft.job.provider} {says}", task_id=draft.job.task_id)
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
    draft.note(_key(fact), fact.error.message, code=fact.error.code, kind=fact.error.kind)
    if not turn(draft, fact.error, bought=True):
        _fail(draft, _failure(fact.error))


def _fail(draft: Draft, failure: Failure, own: bool = False) -> None:
    if not rescue(draft, failure, own):
        draft.fail(failure)


def _change_of_mind(draft: Draft, fact: Broke) -> None:
    """It said complete before: a callback cannot take that back, a poll merely brought no fresh link."""
    if fact.via is Via.POLL:
        _pending(draft, f"{draft.job.provider} now says that it failed: {fact.error.message}")
    elif draft.once(f"{_key(fact)}:{fact.attempt}"):
        draft.note(f"late.{_key(fact)}", "A failure after completion; nothing changes", code=fact.error.code)


def _kept(draft: Draft, fact: Kept) -> None:
    track = draft.job.track(fact.number)
    if track is None or track.state is TrackState.KEPT or track.attempt != fact.attempt:
        return
    if _refused_before(draft.job, track, fact):
        return
    twin = _twin(draft.job, fact)
    if twin:
        _mix_up(draft, fact, track, twin)
        return
    _keep(draft, track, fact.file)
    owner = next((one for one in draft.job.tracks if not one.file and one.reason == _same_bytes_as(track)), None)
    if owner and track.file and track.file.sha256 != fact.file.sha256:
        _keep(draft, owner, track.file)  # what was kept before was the other's
    settle(draft)


def _keep(draft: Draft, track: Track, file: KeptFile) -> None:
    kept = replace(track, state=TrackState.KEPT, file=file, reason=None)
    draft.put(kept)
    draft.note(
        "track.kept",
        f"Track {track.number} is in the bucket, checked",
        number=track.number,
        size=file.size,
        seconds=file.seconds,
        sha256=file.sha256,
    )


def _unusable(draft: Draft, fact: Unusable) -> None:
    track = draft.job.track(fact.number)
    if track and track.tries == fact.tries and track.attempt == fact.attempt:
        _refuse_copy(draft, track, fact.reason)


def _refuse_copy(draft: Draft, track: Track, reason: str) -> None:
    if track.state is TrackState.COPYING and track.file and not _is_missed(draft.job, track):  # what was kept stays
        draft.put(replace(track, state=TrackState.KEPT))
        draft.note("track.confirmed", f"Track {track.number} stays as it is: {reason}", number=track.number)
        settle(draft)
    elif track.state is TrackState.COPYING:
        waste_try(draft, track, reason)
        settle(draft)


def _is_missed(job: Job, doubted: Track) -> bool:
    """Whether a take has no file, and may yet be found to have this one's."""
    without = [one for one in job.tracks if not one.file]
    return any(not one.settled or one.reason == _same_bytes_as(doubted) for one in without)


def _mix_up(draft: Draft, fact: Kept, track: Track, twin: Track) -> None:
    """Nobody can tell whose bytes they are. The one that was kept first keeps its file, but is fetched again, too:
    were they the other's, its own come at last, and the other's are taken."""
    draft.once(_mixed_up(fact))
    if track.file or track.state is not TrackState.COPYING:
        _refuse_copy(draft, track, _same_bytes_as(twin))
        return
    waste_try(draft, track, _same_bytes_as(twin))
    if twin.settled and not draft.job.alternative(twin):
        refused = draft.job.track(track.number)
        look_at = refused.look_at if refused and refused.state is TrackState.WAITING else draft.now
        again = replace(twin, state=TrackState.WAITING, tries=twin.tries + 1, look_at=look_at)
        draft.put(again)
        words = f"Track {twin.number} may be track {track.number}'s: it will be fetched again"
        draft.note("track.doubted", words, number=twin.number)
    settle(draft)


def _refused_before(job: Job, track: Track, fact: Kept) -> bool:
    """Another copy of the same try was, or may have been: whoever brought that one may be taking both away just now."""
    return fact.tries < track.tries and (track.file is not None or _mixed_up(fact) in job.heard)


def _mixed_up(fact: Kept) -> str:
    return f"mixed-up:{fact.number}:{fact.tries}:{fact.file.sha256}"


def _same_bytes_as(twin: Track) -> str:
    return f"the same bytes as track {twin.number}"


def _twin(job: Job, fact: Kept) -> Track | None:
    """Vendors have served one take's bytes under both links for a while: wait for the other."""
    others = (track for track in job.tracks if track.number != fact.number and track.file)
    return next((track for track in others if track.file and track.file.sha256 == fact.file.sha256), None)


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
        if _refusal(job.attempt) in job.heard:
            draft.once(_untrue(job.attempt))
            draft.spend(job.leg.usd)
        draft.set(state=State.RUNNING)
        draft.look(deadlines.next_poll(job, draft.now))
        draft.announce("cover.submitted", f"{job.provider} took the job", attempt=job.attempt)


def _refusal(attempt: int) -> str:
    return f"submit.refused:{attempt}"


def _refused_by(attempt: int, provider: str) -> str:
    """Says whose price counts should the refusal turn out not to be true."""
    return f"{_refusal(attempt)}:{provider}"


def _untrue(attempt: int) -> str:
    """Its refusal was not true, and its price is counted."""
    return f"submit.refusal-untrue:{attempt}"


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


def _key(fact: Accepted | Progress | Broke) -> str:
    match fact:
        case Accepted():
            return "submit.accepted"
        case Progress():
            return f"{fact.via}.{fact.stage}"
        case Broke():
            return f"{fact.via}.failed"


def _failure(error: ProviderError) -> Failure:
    fixable = error.kind not in (ErrorClass.FIX_REQUEST, ErrorClass.CONTENT_REFUSED)
    return Failure(error.kind, error.message, retryable=fixable, code=error.code)


def overdue(job: Job) -> Failure:
    seconds = int((job.deadline_at - job.created_at).total_seconds())
    return Failure(OwnReason.DEADLINE, f"{job.provider} was not done within {seconds} s", retryable=True)
