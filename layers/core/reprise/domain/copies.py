"""What `transfer` says of a track: it is in the bucket, or this copy came to nothing. Vendors mix takes up."""

from dataclasses import replace

from reprise.domain.draft import Draft
from reprise.domain.facts import Kept, Unusable
from reprise.domain.job import Job, KeptFile, Track, TrackState
from reprise.domain.takes import settle, waste_try


def kept(draft: Draft, fact: Kept) -> None:
    """Unless it is another take's bytes, it is this one's file."""
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
    there = replace(track, state=TrackState.KEPT, file=file, reason=None)
    draft.put(there)
    draft.note(
        "track.kept",
        f"Track {track.number} is in the bucket, checked",
        number=track.number,
        size=file.size,
        seconds=file.seconds,
        sha256=file.sha256,
    )


def unusable(draft: Draft, fact: Unusable) -> None:
    """A copy that is not the last one asked for says nothing any more."""
    track = draft.job.track(fact.number)
    if track and track.tries == fact.tries and track.attempt == fact.attempt:
        refuse_copy(draft, track, fact.reason)


def refuse_copy(draft: Draft, track: Track, reason: str) -> None:
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
        refuse_copy(draft, track, _same_bytes_as(twin))
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
