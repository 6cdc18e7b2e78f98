"""Merging what a provider tells of its takes: by clip id, else by place, the later stage's word wins."""

from dataclasses import replace

from reprise.domain import deadlines
from reprise.domain.draft import Draft
from reprise.domain.job import Failure, Outbox, OwnReason, Stage, State, Take, Track, TrackState

MOST_TAKES = 10
"""Of one job in all. Providers give one or two; more than this is not a song but an attack."""


def merge_takes(draft: Draft, attempt: int, stage: Stage, takes: tuple[Take, ...], fresh: bool) -> None:
    """`fresh` links were just asked for, so that even the same link is worth another copy.

    Takes of an attempt that was given up become tracks beside the others: alternatives, never replacements.
    """
    given_up = attempt <= draft.job.closed
    for place, take in enumerate(takes[:MOST_TAKES]):
        if not take.urls and (given_up or stage is not Stage.COMPLETE):
            continue  # a placeholder row: its clip may never be made, or nobody will be asked for its link
        own = tuple(track for track in draft.job.tracks if track.attempt == attempt)
        known = _find(own, place, take)
        if known is None and len(draft.job.tracks) >= MOST_TAKES:
            return
        if known is None:
            known = Track(number=len(draft.job.tracks) + 1, take=take, stage=stage, attempt=attempt)
            draft.set(tracks=(*draft.job.tracks, known))
        elif stage.rank >= known.stage.rank and (not known.settled or (given_up and _heals(known, take))):
            state = TrackState.WAITING if known.settled else known.state
            told = replace(known, take=take, stage=stage, state=state)
            if told != known:
                draft.put(told)
        _copy_if_new(draft, known, fresh)


def ask_for_copy(draft: Draft, track: Track) -> None:
    """Hands a track to `transfer`, and looks again should `transfer` never answer."""
    asked = replace(track, state=TrackState.COPYING, look_at=draft.now + deadlines.COPY_PATIENCE, reason=None)
    draft.put(asked)
    draft.note(
        "track.announced",
        f"Track {track.number}: copying it to the bucket",
        Outbox.TRANSFER,
        number=track.number,
        tries=track.tries,
        attempt=track.attempt,
    )


def waste_try(draft: Draft, track: Track, reason: str) -> None:
    """One copy of a track came to nothing: it waits for a fresh link, or, once that is hopeless, is given up."""
    if draft.job.alternative(track):
        lose(draft, track, reason)  # nobody is asked about an attempt that was given up
        return
    tries = track.tries + 1
    due = deadlines.after_unusable(tries, draft.now)
    if draft.job.state is State.RUNNING:
        due = min(due, draft.job.deadline_at)
    wasted = replace(track, tries=tries, state=TrackState.WAITING, look_at=due, reason=reason)
    draft.put(wasted)
    if not give_up_if_hopeless(draft, wasted):
        draft.wake(due, "track.unusable", f"Track {track.number}: {reason}", number=track.number, tries=tries)


def wait_for_link(draft: Draft, track: Track, reason: str) -> None:
    """Nothing new was heard of a link: that costs no try, but time."""
    waits = replace(track, look_at=deadlines.next_look(draft.job, draft.now), reason=track.reason or reason)
    draft.put(waits)
    give_up_if_hopeless(draft, waits)


def give_up_if_hopeless(draft: Draft, track: Track) -> bool:
    tries = 0 if track.file else track.tries  # one in doubt may hold another's bytes: only time ends its copies
    hopeless = deadlines.hopeless(draft.job, tries, draft.now)
    if draft.job.state is not State.ARCHIVING or not hopeless:
        return False
    lose(draft, track, track.reason or "no link")
    return True


def lose(draft: Draft, track: Track, reason: str) -> None:
    """Gives a track up; one that was in doubt stays what it was."""
    if track.file:
        draft.put(replace(track, state=TrackState.KEPT, reason=None))
        draft.note("track.confirmed", f"Track {track.number} stays as it is: {reason}", number=track.number)
        return
    draft.put(replace(track, state=TrackState.LOST, reason=reason))
    draft.note("track.lost", f"Track {track.number} is given up: {reason}", number=track.number)


def lose_waiting(draft: Draft, reason: str) -> None:
    """Tracks without a link that works, when their provider will not be asked again."""
    for track in draft.job.tracks:
        if track.state is TrackState.WAITING:
            lose(draft, track, reason)


def rescue(draft: Draft, failure: Failure, own: bool) -> bool:
    """The job would fail, but music of it is there or on its way: what can be had is kept, and that is the cover.

    `own` counts the takes of the present attempt too.
    """
    job = draft.job
    safe = (TrackState.COPYING, TrackState.KEPT)
    if not any((track.file or track.state in safe) and (own or job.alternative(track)) for track in job.tracks):
        return False
    draft.set(state=State.ARCHIVING, complete_at=draft.now)
    draft.note("job.rescued", f"{failure.message}; the takes that are there are kept", reason=failure.reason)
    lose_waiting(draft, failure.message)
    settle(draft)
    return True


def settle(draft: Draft) -> None:
    """Announces what the kept tracks allow: track one first, the end when every track is settled."""
    job = draft.job
    if job.state.terminal:
        return
    kept = [track for track in job.tracks if track.state is TrackState.KEPT]
    if kept and not job.first_announced and all(track.settled for track in job.tracks[: kept[0].number]):
        draft.set(first_announced=True)
        draft.announce("cover.first", "The first track is in the bucket", number=kept[0].number, seconds=draft.seconds)
    if job.state is not State.ARCHIVING:
        return
    looks = [track.look_at or draft.now for track in job.tracks if not track.settled]
    if looks:
        draft.set(due_at=min(looks))
    elif kept:
        draft.set(state=State.SUCCEEDED, due_at=None)
        numbers = [track.number for track in kept]
        draft.announce("cover.succeeded", _tally(kept, job.tracks), tracks=numbers, seconds=draft.seconds)
    else:
        draft.fail(_nothing_kept(job.tracks))


def _copy_if_new(draft: Draft, before: Track, fresh: bool) -> None:
    track = draft.job.track(before.number)
    if track is None or track.settled or not track.take.urls:
        return
    waiting = track.state is TrackState.WAITING
    if track.take.urls != before.take.urls or (waiting and (fresh or track.tries == 0)):
        ask_for_copy(draft, track)


def _heals(track: Track, take: Take) -> bool:
    """Only its link was bad, and here is another."""
    return track.state is TrackState.LOST and take.urls != track.take.urls


def _find(tracks: tuple[Track, ...], place: int, take: Take) -> Track | None:
    if take.id:
        return next((track for track in tracks if track.take.id == take.id), None)
    return tracks[place] if place < len(tracks) and not tracks[place].take.id else None


def _tally(kept: list[Track], tracks: tuple[Track, ...]) -> str:
    if len(kept) == len(tracks):
        return f"All {len(kept)} tracks are in the bucket" if len(kept) > 1 else "The track is in the bucket"
    return f"{len(kept)} of {len(tracks)} tracks are in the bucket; the provider's links for the others stayed dead"


def _nothing_kept(tracks: tuple[Track, ...]) -> Failure:
    reasons = "; ".join(f"track {track.number}: {track.reason}" for track in tracks)
    return Failure(
        OwnReason.AUDIO_UNAVAILABLE, f"The provider made the cover, but no track could be copied: {reasons}", True
    )
