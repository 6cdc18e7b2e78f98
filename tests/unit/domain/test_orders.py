"""Any order, duplication and loss of what a provider says ends in the same job, and each event is told once."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from reprise.domain.advance import Poll, Record, Rest, Submit, advance, begin
from reprise.domain.create import enqueue
from reprise.domain.facts import Accepted, Fact, Kept, Pending, Progress, Unknown, Unusable, Via
from reprise.domain.job import Change, Entry, Job, Outbox, Stage, State, Track
from reprise.domain.observe import observe

from tests.factories import NOW, a_file, a_job, a_progress

LYRICS = "[Verse] slow lights on the water"
TEXT = a_progress(Stage.TEXT, lyrics=LYRICS)
FIRST = a_progress(Stage.FIRST, 1, lyrics=LYRICS)
COMPLETE = a_progress(Stage.COMPLETE, 1, 2, lyrics=LYRICS)
CALLBACKS = (TEXT, FIRST, COMPLETE)
STORY = ["cover.submitted", "cover.text", "cover.first", "cover.succeeded"]


class World:
    """One job, its timeline, and the queues between; time moves only when nothing else is left to do."""

    def __init__(self) -> None:
        self.now = NOW
        self.timeline: list[Entry] = []
        self.copies: list[Entry] = []
        self.job = a_job()
        self.take(enqueue(self.job, NOW))

    def take(self, change: Change) -> None:
        if change.empty:
            return
        assert change.before == self.job.version
        assert change.job.version == change.before + 1
        assert not self.job.state.terminal or change.job.state is self.job.state
        assert change.job.stage.rank >= self.job.stage.rank
        self.job = change.job
        self.timeline += change.entries
        self.copies += [entry for entry in change.entries if entry.outbox is Outbox.TRANSFER]

    def hear(self, fact: Fact) -> None:
        self.take(observe(self.job, fact, self.now))

    def copy(self, index: int, dead: bool) -> None:
        """`transfer` takes any of the copies asked for."""
        if not self.copies:
            return
        asked = self.copies.pop(index % len(self.copies))
        number, tries = int(str(asked.data["number"])), int(str(asked.data["tries"]))
        self.hear(Unusable(1, number, tries, "404") if dead else Kept(1, number, 0, a_file(number)))

    def advance(self, answer: Fact) -> None:
        """One sweep; the submit's answer is unknown, polls are answered with `answer`."""
        match advance(self.job, self.now):
            case Submit():
                self.take(begin(self.job, self.now))
                self.hear(Unknown(1, "time-out"))
            case Poll():
                self.hear(answer)
            case Record(change):
                self.take(change)
            case Rest():
                pass

    def finish(self, final: Fact) -> None:
        """The calm after the storm: polls tell the truth and links work."""
        for _ in range(200):
            if self.job.state.terminal:
                return
            if self.copies:
                self.copy(0, dead=False)
            else:
                assert self.job.due_at is not None
                self.now = max(self.now, self.job.due_at)
                self.advance(final)
        raise AssertionError("the job never ended")

    def events(self) -> list[Entry]:
        return [entry for entry in self.timeline if entry.event is not None]


def essence(job: Job) -> tuple[object, ...]:
    """All of a job that its callers can see, without clocks and counters."""
    tracks = tuple(replace(track, tries=0, look_at=None, stage=Stage.NONE) for track in job.tracks)
    return job.state, job.stage, job.task_id, job.lyrics, job.failure, _numbered(tracks)


def _numbered(tracks: tuple[Track, ...]) -> tuple[Track, ...]:
    return tuple(sorted(tracks, key=lambda track: track.number))


def straight() -> World:
    world = World()
    world.advance(Pending(1, "unused"))
    world.hear(Accepted(1, "task-1"))
    for fact in CALLBACKS:
        world.hear(fact)
        world.copy(0, dead=False)
    world.copy(0, dead=False)
    assert world.job.state is State.SUCCEEDED
    return world


def polled(fact: Progress) -> Progress:
    return replace(fact, via=Via.POLL)


CALLBACK = st.sampled_from(CALLBACKS).map(lambda fact: ("hear", fact))
ANSWER = st.just(("hear", Accepted(1, "task-1")))
POLL = st.sampled_from([Pending(1, "running"), *map(polled, CALLBACKS)]).map(lambda fact: ("poll", fact))
COPY = st.tuples(st.just("copy"), st.tuples(st.integers(0, 5), st.booleans()))
PAUSE = st.tuples(st.just("pause"), st.integers(1, 90))
STEPS = st.lists(st.one_of(CALLBACK, CALLBACK, ANSWER, POLL, COPY, PAUSE), max_size=40)


def play(world: World, steps: list[tuple[str, object]]) -> None:
    for kind, what in steps:
        match kind, what:
            case "hear", Accepted() | Progress() as fact:
                world.hear(fact)
            case "poll", Pending() | Progress() as fact:
                world.advance(fact)
            case "copy", (int(index), bool(dead)):
                world.copy(index, dead)
            case "pause", int(seconds):
                world.now += timedelta(seconds=seconds)


@settings(max_examples=600, deadline=None)
@given(STEPS)
def test_every_order_ends_in_the_same_job_with_each_event_told_once(steps: list[tuple[str, object]]) -> None:
    world = World()
    world.advance(Pending(1, "unused"))
    play(world, steps)
    world.finish(polled(COMPLETE))
    if world.job.state is State.SUCCEEDED and all(track.file for track in world.job.tracks):
        assert essence(world.job) == essence(straight().job)
        assert [entry.type for entry in world.events()] == STORY
    else:  # only if the steps themselves used up the submit's grace or every try of a track
        assert world.timeline[-1].type in ("cover.succeeded", "cover.failed")
        assert "track.lost" in {entry.type for entry in world.timeline} or world.job.task_id is None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*CALLBACKS, Accepted(1, "task-1")]), min_size=1, max_size=25))
def test_callbacks_alone_in_any_order_and_number_tell_the_whole_story_once(facts: list[Fact]) -> None:
    world = World()
    world.advance(Pending(1, "unused"))
    for fact in facts:
        world.hear(fact)
    world.finish(polled(COMPLETE))
    assert essence(world.job) == essence(straight().job)
    assert [entry.type for entry in world.events()] == STORY


@settings(max_examples=300, deadline=None)
@given(STEPS)
def test_lines_and_events_are_numbered_without_gaps_and_none_follows_the_end(steps: list[tuple[str, object]]) -> None:
    world = World()
    world.advance(Pending(1, "unused"))
    play(world, steps)
    world.finish(polled(COMPLETE))
    play(world, steps)
    assert [entry.sequence for entry in world.timeline] == list(range(1, len(world.timeline) + 1))
    assert [entry.event for entry in world.events()] == list(range(1, len(world.events()) + 1))
    endings = [entry.type for entry in world.events()][-1:]
    assert endings[0] in ("cover.succeeded", "cover.failed")
    assert len({entry.type for entry in world.events()}) == len(world.events())
