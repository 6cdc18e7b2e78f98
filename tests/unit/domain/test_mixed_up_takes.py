"""A vendor that serves one take's bytes under both links for a while: nobody can tell whose they are, until it has
put that right. Whichever track was copied first, both takes are had in the end."""

from dataclasses import replace
from datetime import timedelta

from reprise.domain.facts import CancelAsked, Fact, Kept, Unusable, Via
from reprise.domain.job import Job, KeptFile, Stage, State, Track, TrackState
from reprise.domain.observe import observe

from tests.factories import NOW, SOON, a_file, a_progress, an_archiving_job

FIRST, SECOND = a_file(1).sha256, a_file(2).sha256


def file_of(number: int, sha256: str) -> KeptFile:
    return a_file(number, key=f"covers/{number}-{sha256[-2:]}.mp3", sha256=sha256)


def after(job: Job, *facts: Fact, minutes: int = 0) -> Job:
    for fact in facts:
        job = observe(job, fact, SOON + timedelta(minutes=minutes)).job
    return job


def mixed_up() -> Job:
    """The first take's bytes came under the second link, before they came under their own."""
    return after(an_archiving_job(), Kept(1, 2, 0, file_of(2, FIRST)), Kept(1, 1, 0, file_of(1, FIRST)))


def track(job: Job, number: int) -> Track:
    found = job.track(number)
    assert found
    return found


FRESH = a_progress(Stage.COMPLETE, 1, 2, via=Via.POLL)


def test_both_are_asked_for_again_and_what_can_be_heard_stays() -> None:
    job = mixed_up()
    assert (track(job, 1).state, track(job, 1).file) == (TrackState.WAITING, None)
    assert (track(job, 2).state, track(job, 2).file) == (TrackState.WAITING, file_of(2, FIRST))
    assert job.due_at == track(job, 1).look_at == track(job, 2).look_at
    again = observe(job, FRESH, SOON)
    assert [entry.data["number"] for entry in again.entries if entry.type == "track.announced"] == [1, 2]


def test_once_the_second_link_is_right_both_takes_are_kept() -> None:
    job = after(mixed_up(), FRESH, Kept(1, 2, 1, file_of(2, SECOND)), Kept(1, 1, 1, file_of(1, FIRST)))
    assert job.state is State.SUCCEEDED
    assert [track.file for track in job.tracks] == [file_of(1, FIRST), file_of(2, SECOND)]


def test_what_was_the_others_is_handed_over() -> None:
    job = after(mixed_up(), Kept(1, 2, 1, file_of(2, SECOND)))
    assert job.state is State.SUCCEEDED
    assert [track.file for track in job.tracks] == [file_of(2, FIRST), file_of(2, SECOND)]


def test_in_whichever_order_they_come() -> None:
    job = after(mixed_up(), FRESH, Kept(1, 1, 1, file_of(1, FIRST)), Kept(1, 2, 1, file_of(2, SECOND)))
    assert (job.state, track(job, 1).file) == (State.SUCCEEDED, file_of(2, FIRST))


def test_a_take_whose_time_is_over_does_not_end_the_job_before_the_other_was_asked_for_again() -> None:
    job = after(an_archiving_job(), Kept(1, 2, 0, file_of(2, FIRST)))
    job = after(job, Kept(1, 1, 0, file_of(1, FIRST)), minutes=45)
    assert (job.state, track(job, 1).state) == (State.ARCHIVING, TrackState.LOST)
    job = after(job, FRESH, Kept(1, 2, 1, file_of(2, SECOND)), minutes=46)
    assert job.state is State.SUCCEEDED
    assert [track.file for track in job.tracks] == [file_of(2, FIRST), file_of(2, SECOND)]


def test_a_copy_that_fails_takes_nothing_away_and_is_tried_again_while_the_other_take_is_missed() -> None:
    job = after(mixed_up(), FRESH, Unusable(1, 2, 1, "404"))
    assert (track(job, 2).state, track(job, 2).file) == (TrackState.WAITING, file_of(2, FIRST))
    assert track(job, 2).tries == 2


def test_a_copy_that_fails_when_no_take_is_missed_leaves_it_as_it_is() -> None:
    job = after(mixed_up(), FRESH, Kept(1, 1, 1, file_of(1, SECOND)), Unusable(1, 2, 1, "404"))
    assert (job.state, track(job, 2).file) == (State.SUCCEEDED, file_of(2, FIRST))


def test_copies_that_break_on_the_way_cost_no_take() -> None:
    """The first take's bytes lie under the second's name. It is given up after its tries, and yet not lost: once a copy
    of the second comes through, each has its own."""
    job = mixed_up()
    for minutes in (2, 10, 20, 21, 22, 24, 26):
        job = after(job, FRESH, Kept(1, 1, track(job, 1).tries, file_of(1, FIRST)), minutes=minutes)
        job = after(job, Unusable(1, 2, track(job, 2).tries, "cut off"), minutes=minutes)
    assert (job.state, track(job, 1).state) == (State.ARCHIVING, TrackState.LOST)
    job = after(job, FRESH, Kept(1, 2, track(job, 2).tries, file_of(2, SECOND)), minutes=28)
    assert job.state is State.SUCCEEDED
    assert [one.file and one.file.sha256 for one in job.tracks] == [FIRST, SECOND]


def test_copies_that_break_for_half_an_hour_leave_what_is_there() -> None:
    job = mixed_up()
    for minutes in (2, 10, 20, 30, 40, 50):
        job = after(job, FRESH, Kept(1, 1, track(job, 1).tries, file_of(1, FIRST)), minutes=minutes)
        job = after(job, Unusable(1, 2, track(job, 2).tries, "cut off"), minutes=minutes)
    assert job.state is State.SUCCEEDED
    assert [one.file for one in job.tracks] == [None, file_of(2, FIRST)]


def test_a_mix_up_that_lasts_costs_one_take_and_not_both() -> None:
    job = mixed_up()
    for minutes in (2, 10, 20, 32, 40):
        first, second = track(job, 1).tries, track(job, 2).tries
        copies = Kept(1, 1, first, file_of(1, FIRST)), Kept(1, 2, second, file_of(2, FIRST))
        job = after(job, FRESH, *copies, minutes=minutes)
    assert job.state is State.SUCCEEDED
    assert (track(job, 1).state, track(job, 1).reason) == (TrackState.LOST, "the same bytes as track 2")
    assert (track(job, 2).state, track(job, 2).file) == (TrackState.KEPT, file_of(2, FIRST))


def test_a_job_that_ends_meanwhile_keeps_what_it_has() -> None:
    job = after(mixed_up(), CancelAsked())
    assert track(job, 2).file == file_of(2, FIRST)
    assert observe(job, Kept(1, 2, 1, file_of(2, SECOND)), NOW).empty


def test_a_copy_that_was_refused_is_not_taken_later_when_it_comes_twice() -> None:
    """Whoever brought it first may be taking it away just now."""
    in_doubt = after(mixed_up(), FRESH)
    for job in (in_doubt, replace(in_doubt, tracks=(track(in_doubt, 1), replace(track(in_doubt, 2), file=None)))):
        assert observe(job, Kept(1, 1, 0, file_of(1, FIRST)), SOON).empty


def test_its_own_bytes_are_taken_however_late_they_come() -> None:
    job = after(mixed_up(), FRESH, Kept(1, 1, 0, file_of(1, SECOND)))
    assert (track(job, 1).state, track(job, 1).file) == (TrackState.KEPT, file_of(1, SECOND))
    job = after(mixed_up(), FRESH, Kept(1, 2, 0, file_of(2, SECOND)))
    assert track(job, 2).file == file_of(2, FIRST)
