"""The file beside the audio: there before success is told, and gone with its cover, whatever crashes."""

import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from reprise.aws.items import job_of
from reprise.codec import decode, encode
from reprise.domain.job import Entry, Job, Outbox, State, TrackState
from reprise.errors import NotFoundError, UnreadableLineError
from reprise.memory import MemoryClock, MemoryCovers, MemoryJobs, MemoryNotifier, MemoryQueue
from reprise.usecases.describe import Describe
from reprise.usecases.dispatch import Dispatch
from reprise.usecases.manage import Manage
from reprise.usecases.record import Record

from tests.factories import NOW, a_file, an_archiving_job

JOB = "a" * 32
KEY = f"covers/owner/{JOB}/cover.json"
DONE = Entry(
    JOB, 9, NOW, "cover.succeeded", "All 2 tracks are in the bucket", "owner", "kie", State.SUCCEEDED, event=4,
    outbox=Outbox.PUBLISH, named=(),
)  # fmt: skip


def a_cover(**request: Any) -> Job:
    job = an_archiving_job(**request)
    tracks = tuple(replace(one, state=TrackState.KEPT, file=a_file(one.number)) for one in job.tracks)
    return replace(job, state=State.SUCCEEDED, tracks=tracks)


@dataclass
class Bucket(MemoryCovers):
    """`meanwhile` happens right before a file is written."""

    meanwhile: Callable[[], None] = lambda: None

    def write(self, key: str, text: str) -> None:
        self.meanwhile()
        super().write(key, text)


@dataclass
class House:
    job: Job = field(default_factory=a_cover)
    bucket: Bucket = field(default_factory=Bucket)
    topic: MemoryNotifier = field(default_factory=MemoryNotifier)

    def __post_init__(self) -> None:
        self.jobs = MemoryJobs(jobs={self.job.id: self.job})
        self.describe = Describe(self.jobs, self.bucket)

    def dispatch(self, entry: Entry) -> None:
        queue = MemoryQueue()
        Dispatch(self.topic, queue, queue, queue, queue, MemoryClock(NOW), lambda _: [], self.describe)(entry)

    @property
    def beside(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.bucket.objects[KEY])
        return found


def test_it_says_what_was_asked_for_and_how_to_check_each_take() -> None:
    house = House(a_cover(lyrics="la", style="jazz", title="Fog"))
    house.describe(DONE)
    assert [house.beside[name] for name in ("id", "lyrics", "style", "title")] == [JOB, "la", "jazz", "Fog"]
    known = [
        (one["number"], one["file"]["key"], one["file"]["sha256"], one["file"]["size"])
        for one in house.beside["tracks"]
    ]
    files = [(one.number, one.file) for one in house.job.tracks]
    assert known == [(number, file.key, file.sha256, file.size) for number, file in files if file]
    assert len(known) == 2


def test_it_has_the_words_that_were_sung() -> None:
    house = House(replace(a_cover(lyrics="as asked"), lyrics="as sung"))
    house.describe(DONE)
    assert house.beside["lyrics"] == "as sung"


def test_it_names_a_take_that_was_given_up_without_a_file() -> None:
    job = a_cover()
    lost = replace(job.tracks[1], state=TrackState.LOST, file=None)
    house = House(replace(job, tracks=(job.tracks[0], lost)))
    house.describe(DONE)
    assert [bool(one["file"]) for one in house.beside["tracks"]] == [True, False]


def test_it_lies_there_before_success_is_told() -> None:
    house = House()

    def not_yet() -> None:
        assert house.topic.published == []

    house.bucket.meanwhile = not_yet
    house.dispatch(DONE)
    assert KEY in house.bucket.objects
    assert len(house.topic.published) == 1


def test_success_is_not_told_where_it_cannot_be_written() -> None:
    house = House()

    def full() -> None:
        raise OSError("no space")

    house.bucket.meanwhile = full
    with pytest.raises(OSError, match="no space"):
        house.dispatch(DONE)
    assert house.topic.published == []
    house.bucket.meanwhile = lambda: None
    house.dispatch(DONE)
    assert KEY in house.bucket.objects
    assert len(house.topic.published) == 1


@pytest.mark.parametrize("type", ["cover.submitted", "cover.text", "cover.first", "cover.failed", "cover.canceled"])
def test_nothing_but_success_writes_it(type: str) -> None:
    house = House()
    house.dispatch(replace(DONE, type=type))
    assert house.bucket.objects == {}
    assert len(house.topic.published) == 1


def test_a_job_that_this_release_cannot_read_is_no_reason_to_hold_up_what_is_behind(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another release wrote it: its line is set aside, and no try will help."""
    house = House()

    def load(job_id: str) -> Job:
        return decode(Job, {**encode(house.job), "state": "dreaming"})

    monkeypatch.setattr(house.jobs, "load", load)
    with pytest.raises(UnreadableLineError, match="its job cannot be read: ValueError: 'dreaming'"):
        house.dispatch(DONE)
    assert (house.bucket.objects, house.topic.published) == ({}, [])


def test_nor_is_one_of_another_form(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    monkeypatch.setattr(house.jobs, "load", lambda job_id: decode(Job, {**encode(house.job), "request": "a song"}))
    with pytest.raises(UnreadableLineError, match="AttributeError"):
        house.dispatch(DONE)


def test_nor_is_one_that_was_packed_with_a_later_vocabulary(monkeypatch: pytest.MonkeyPatch) -> None:
    house = House()
    press = zlib.compressobj(zdict=b"words of a later release")
    item = {"job": {"B": press.compress(b'{"id": "x"}') + press.flush()}}
    monkeypatch.setattr(house.jobs, "load", lambda job_id: job_of(item))
    with pytest.raises(UnreadableLineError, match="vocabulary"):
        house.dispatch(DONE)


def test_a_cover_that_was_deleted_gets_none() -> None:
    house = House()
    house.jobs.delete(JOB)
    house.describe(DONE)
    assert house.bucket.objects == {}


def test_one_that_is_deleted_while_it_is_written_keeps_none() -> None:
    house = House()
    house.bucket.meanwhile = lambda: house.jobs.delete(JOB)
    house.describe(DONE)
    assert house.bucket.objects == {}


def test_where_that_crashes_in_between_the_next_try_takes_it_away() -> None:
    house = House()
    house.jobs.delete(JOB)
    house.bucket.objects[KEY] = b"{}"
    house.describe(DONE)
    assert house.bucket.objects == {}


def test_a_delete_that_was_cut_off_when_it_was_written_is_finished_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    house, taken = House(), MemoryCovers.delete
    record = Record(house.jobs, MemoryClock(NOW))
    manage = Manage(house.jobs, house.bucket, record, MemoryClock(NOW), lambda: "b" * 32)
    sweeps = 0

    def sweep(self: MemoryCovers, prefix: str) -> None:
        nonlocal sweeps
        sweeps += 1
        if sweeps == 3:
            raise KeyboardInterrupt
        taken(self, prefix)
        if sweeps == 1:  # success is passed on right then
            house.describe(DONE)

    monkeypatch.setattr(Bucket, "delete", sweep)
    with pytest.raises(KeyboardInterrupt):
        manage.delete("owner", JOB)
    assert set(house.bucket.objects) == {KEY}
    monkeypatch.undo()
    with pytest.raises(NotFoundError):
        manage.delete("owner", JOB)
    assert house.bucket.objects == {}
