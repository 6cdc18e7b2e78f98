"""One track into the bucket: only what was checked, once, and with everything beside it in place first."""

import hashlib
import io
import tracemalloc
import wave
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from reprise.domain.facts import CancelAsked, Fact, Kept, Progress, Via
from reprise.domain.job import Change, Job, KeptFile, Stage, State, Track, TrackState
from reprise.domain.observe import observe
from reprise.domain.request import Output
from reprise.errors import ConflictError, FetchError, ForbiddenAddressError, UnusableAudioError
from reprise.media import PacketProbe
from reprise.memory import MemoryClock, MemoryCovers, MemoryJobs
from reprise.net.fetch import GuardedFetcher
from reprise.ports import Download
from reprise.usecases.record import Record
from reprise.usecases.transfer import MOST_BYTES, Transfer, Transferred

from tests.factories import NOW, SOON, a_file, a_job, a_progress, a_running_job, a_take, an_archiving_job
from tests.unit.net.web import LOCAL, sends, serving

FIRST, SECOND = "https://media.example/1.mp3", "https://media.example/2.mp3"
JOB = "a" * 32
FOLDER = f"covers/owner/{JOB}/"

Given = bytes | Exception


def mp3(mark: bytes = b"1", size: int = 12_000) -> bytes:
    return (b"ID3\x04" + bytes(6) + mark).ljust(size, b"\x00")


@dataclass
class Shelf:
    """A fetcher that has some links. `meanwhile` happens while it downloads."""

    links: Mapping[str, Given]
    asked: list[tuple[str, int]] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        self.asked.append((url, max_bytes))
        given = self.links[url]
        if isinstance(given, Exception):
            raise given
        path.write_bytes(given)
        self.meanwhile()
        return Download(path, len(given), hashlib.sha256(given).hexdigest(), given[:512], "text/html")


@dataclass
class Says:
    """A probe that says what it is told."""

    given: float | Exception = 30.0

    def seconds(self, path: Path) -> float:
        assert path.stat().st_size > 0
        if isinstance(self.given, Exception):
            raise self.given
        return self.given


class Bench:
    """The use case on memory adapters. `order` is what was written, as it was written."""

    def __init__(self, job: Job, links: Mapping[str, Given], seconds: float | Exception = 30.0) -> None:
        self.order: list[str] = []
        self.jobs = WatchedJobs(committed=lambda entry: self.order.append(entry.type), jobs={job.id: job})
        self.covers = WatchedCovers(order=self.order)
        self.shelf = Shelf(links)
        self.record = Record(self.jobs, MemoryClock(SOON))
        self.transfer = Transfer(self.jobs, self.covers, self.shelf, Says(seconds), self.record)

    @property
    def job(self) -> Job:
        return self.jobs.jobs[JOB]

    def recorded(self, fact: Fact) -> None:
        self.record(JOB, fact)

    def state_of(self, number: int) -> TrackState:
        track = self.job.track(number)
        assert track
        return track.state

    def reason_of(self, number: int) -> str | None:
        track = self.job.track(number)
        assert track
        return track.reason


@dataclass
class WatchedJobs(MemoryJobs):
    """Which jobs were read, and how many writes were refused."""

    read: list[str] = field(default_factory=list)
    refused: int = 0

    def load(self, job_id: str) -> Job | None:
        self.read.append(job_id)
        return super().load(job_id)

    def commit(self, change: Change) -> None:
        try:
            super().commit(change)
        except ConflictError:
            self.refused += 1
            raise


@dataclass
class WatchedCovers(MemoryCovers):
    order: list[str] = field(default_factory=list)

    def keep(self, file: KeptFile, path: Path) -> None:
        self.order.append(f"keep {file.key.removeprefix(FOLDER)}")
        super().keep(file, path)

    def delete(self, prefix: str) -> None:
        self.order.append(f"delete {prefix}")
        super().delete(prefix)


def with_links(*urls: str, seconds: float | None = 30.0) -> Job:
    """Archiving, with one track under these links."""
    take = a_take(1, urls=urls, seconds=seconds)
    fact = Progress(1, Via.CALLBACK, Stage.COMPLETE, "task-1", (take,))
    return observe(a_running_job(), fact, NOW).job


def lost(track: Track) -> Track:
    return replace(track, state=TrackState.LOST)


def key_of(number: int, body: bytes, suffix: str = "mp3", tries: int = 0) -> str:
    return f"{FOLDER}{number}-{hashlib.sha256(body).hexdigest()[:12]}-{tries}.{suffix}"


# Kept


def test_a_take_that_passes_is_kept_with_its_hash_and_length() -> None:
    bench = Bench(an_archiving_job(), {FIRST: mp3()}, seconds=29.5)
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT
    track = bench.job.track(1)
    assert track
    assert track.state is TrackState.KEPT
    assert track.file == KeptFile(key_of(1, mp3()), 12_000, hashlib.sha256(mp3()).hexdigest(), 29.5, "audio/mpeg")
    assert bench.covers.objects[key_of(1, mp3())] == mp3()
    assert bench.shelf.asked == [(FIRST, MOST_BYTES)]


def test_name_and_type_come_from_the_bytes_and_not_from_the_link_or_the_server() -> None:
    body = b"fLaC".ljust(12_000, b"\0")
    bench = Bench(an_archiving_job(), {FIRST: body})
    bench.transfer(JOB, 1, 0)
    (file,) = [track.file for track in bench.job.tracks if track.file]
    assert (file.key, file.content_type) == (key_of(1, body, "flac"), "audio/flac")


def test_a_message_that_comes_twice_keeps_the_take_once() -> None:
    bench = Bench(an_archiving_job(), {FIRST: mp3()})
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT
    before = bench.job
    assert bench.transfer(JOB, 1, 0) is Transferred.SKIPPED
    assert bench.job == before
    assert len(bench.shelf.asked) == 1


def test_a_take_that_was_put_before_its_record_was_lost_is_kept_as_it_lies_there() -> None:
    """A crash between bucket and table: the same bytes have the same key."""
    bench = Bench(an_archiving_job(), {FIRST: mp3()})
    bench.covers.objects[key_of(1, mp3())] = mp3()
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT
    assert [key for key in bench.covers.objects if key.endswith(".mp3")] == [key_of(1, mp3())]


def test_a_second_copy_with_other_bytes_is_taken_away_again() -> None:
    """Two transfers of one track at once: the first that is recorded wins, the other leaves nothing."""
    bench = Bench(an_archiving_job(), {FIRST: mp3(b"late")})
    kept = a_file(1, key=key_of(1, mp3()))
    bench.shelf.meanwhile = lambda: bench.jobs.commit(observe(bench.job, Kept(1, 1, 0, kept), NOW))
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    assert bench.covers.objects == {}
    track = bench.job.track(1)
    assert track
    assert track.file == kept


def test_a_job_deleted_while_its_last_take_was_copied_leaves_nothing_behind() -> None:
    bench = Bench(with_links(FIRST), {FIRST: mp3()})
    bench.shelf.meanwhile = lambda: bench.jobs.delete(JOB)
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    assert bench.covers.objects == {}


# Read no more than needed


def test_a_take_that_is_copied_alone_is_recorded_without_reading_the_job_once_more() -> None:
    bench = Bench(with_links(FIRST), {FIRST: mp3()})
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT
    assert bench.jobs.read == [JOB]


def test_a_take_whose_sister_is_on_its_way_too_is_recorded_by_what_the_table_says_then() -> None:
    """Both would write to the same version, and one of them in vain."""
    bench = Bench(an_archiving_job(), {FIRST: mp3(b"1"), SECOND: mp3(b"2")})
    bench.shelf.meanwhile = lambda: bench.recorded(Kept(1, 2, 0, a_file(2)))
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT
    assert bench.jobs.refused == 0
    assert bench.job.state is State.SUCCEEDED


# Refused


@pytest.mark.parametrize(
    ("given", "seconds", "reason"),
    [
        (b"", 30.0, "the file is empty"),
        (b"<!doctype html>" * 1000, 30.0, "a web page came instead of audio"),
        (b"#EXTM3U\n" * 2000, 30.0, "a stream's playlist came instead of the finished file"),
        (b"x" * 20_000, 30.0, "not a known audio format"),
        (mp3(size=9_999), 30.0, "only 9999 bytes: a placeholder"),
        (mp3(), UnusableAudioError("no audio in it"), "no audio in it"),
        (mp3(), 0.5, "less than a second of audio"),
        (mp3(), 20.0, "cut off: 20.0 s of the 30.0 s announced"),
        (FetchError("the link answered 404"), 30.0, "the link answered 404"),
        (ForbiddenAddressError("the link points to a private address"), 30.0, "the link points to a private address"),
    ],
)
def test_what_is_no_finished_take_is_refused_with_its_reason(
    given: Given, seconds: float | Exception, reason: str
) -> None:
    bench = Bench(an_archiving_job(), {FIRST: given}, seconds)
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    assert (bench.state_of(1), bench.reason_of(1)) == (TrackState.WAITING, reason)
    assert bench.covers.objects == {}
    assert bench.job.due_at


def test_without_an_announced_length_any_length_will_do() -> None:
    bench = Bench(with_links(FIRST, seconds=None), {FIRST: mp3()}, seconds=1.5)
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT


@pytest.mark.parametrize(
    "first", [b"", b"<html>" * 3000, mp3(size=500), FetchError("403"), ForbiddenAddressError("no")]
)
def test_the_second_link_is_tried_when_the_first_gives_nothing(first: Given) -> None:
    bench = Bench(with_links(FIRST, SECOND), {FIRST: first, SECOND: mp3()})
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT
    assert [url for url, _ in bench.shelf.asked] == [FIRST, SECOND]
    assert bench.covers.objects[key_of(1, mp3())] == mp3()


def test_the_second_link_is_left_alone_when_the_first_is_good() -> None:
    bench = Bench(with_links(FIRST, SECOND), {FIRST: mp3()})
    bench.transfer(JOB, 1, 0)
    assert [url for url, _ in bench.shelf.asked] == [FIRST]


def test_when_every_link_fails_each_reason_is_told_once() -> None:
    bench = Bench(with_links(FIRST, SECOND), {FIRST: FetchError("answered 404"), SECOND: b""})
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    assert bench.reason_of(1) == "answered 404; the file is empty"
    bench = Bench(with_links(FIRST, SECOND), {FIRST: FetchError("answered 404"), SECOND: FetchError("answered 404")})
    bench.transfer(JOB, 1, 0)
    assert bench.reason_of(1) == "answered 404"


def test_the_bytes_of_another_track_are_refused() -> None:
    bench = Bench(an_archiving_job(), {FIRST: mp3(), SECOND: mp3()})
    assert bench.transfer(JOB, 1, 0) is Transferred.KEPT
    assert bench.transfer(JOB, 2, 0) is Transferred.REFUSED
    assert bench.reason_of(2) == "the same bytes as track 1"
    assert list(bench.covers.objects) == [key_of(1, mp3())]


def test_the_bytes_of_another_track_are_replaced_by_its_own_once_they_come() -> None:
    own = mp3() + b"own"
    bench = Bench(an_archiving_job(), {FIRST: mp3(), SECOND: mp3()})
    assert bench.transfer(JOB, 2, 0) is Transferred.KEPT
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    bench.record(JOB, a_progress(Stage.COMPLETE, 1, 2, via=Via.POLL))
    bench.shelf.links = {FIRST: mp3(), SECOND: own}
    assert bench.transfer(JOB, 2, 1) is Transferred.KEPT
    assert bench.transfer(JOB, 1, 1) is Transferred.KEPT
    audio = [key for key in bench.covers.objects if key.endswith(".mp3")]
    assert sorted(audio) == sorted([key_of(1, mp3(), tries=1), key_of(2, own, tries=1)])
    assert bench.job.state is State.SUCCEEDED


def test_bytes_that_were_refused_are_taken_away_late_without_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow removal: meanwhile the vendor has put right whose bytes are whose, and the job is over."""
    own = mp3() + b"own"
    bench = Bench(an_archiving_job(), {FIRST: mp3(), SECOND: mp3()})
    assert bench.transfer(JOB, 2, 0) is Transferred.KEPT
    remove = bench.covers.remove

    def slowly(key: str) -> None:
        monkeypatch.undo()
        bench.record(JOB, a_progress(Stage.COMPLETE, 1, 2, via=Via.POLL))
        bench.shelf.links = {FIRST: mp3(), SECOND: own}
        assert bench.transfer(JOB, 2, 1) is Transferred.KEPT
        assert bench.transfer(JOB, 1, 1) is Transferred.KEPT
        remove(key)

    monkeypatch.setattr(bench.covers, "remove", slowly)
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    assert bench.job.state is State.SUCCEEDED
    for track in bench.job.tracks:
        assert track.file
        assert hashlib.sha256(bench.covers.objects[track.file.key]).hexdigest() == track.file.sha256


# Skipped


def test_a_stale_message_is_skipped() -> None:
    bench = Bench(an_archiving_job(), {})
    before = bench.job
    assert bench.transfer(JOB, 1, 1) is Transferred.SKIPPED
    assert bench.transfer(JOB, 3, 0) is Transferred.SKIPPED
    assert bench.transfer("b" * 32, 1, 0) is Transferred.SKIPPED
    assert (bench.job, bench.shelf.asked, bench.order) == (before, [], [])


def test_a_track_without_a_link_is_skipped() -> None:
    job = a_running_job()
    rows = Progress(1, Via.CALLBACK, Stage.COMPLETE, "task-1", (a_take(1), a_take(2, urls=())))
    bench = Bench(observe(job, rows, NOW).job, {})
    assert bench.transfer(JOB, 2, 0) is Transferred.SKIPPED


def test_a_job_without_tracks_is_skipped() -> None:
    assert Bench(a_job(), {}).transfer(JOB, 1, 0) is Transferred.SKIPPED


def test_a_job_that_is_over_is_skipped() -> None:
    bench = Bench(observe(an_archiving_job(), CancelAsked(), NOW).job, {FIRST: mp3()})
    assert bench.transfer(JOB, 1, 0) is Transferred.SKIPPED
    assert (bench.shelf.asked, bench.covers.objects) == ([], {})


# Changed while copying


def test_a_job_deleted_while_copying_leaves_nothing_behind() -> None:
    bench = Bench(an_archiving_job(), {FIRST: mp3()})
    bench.covers.objects["covers/owner/another/1.mp3"] = b"stays"
    bench.shelf.meanwhile = lambda: bench.jobs.delete(JOB)
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    assert bench.covers.objects == {"covers/owner/another/1.mp3": b"stays"}


@pytest.mark.parametrize("cut_off", [(Record, "__call__"), (MemoryCovers, "remove")], ids=["recorded", "taken away"])
def test_what_a_copy_left_that_died_before_it_was(cut_off: tuple[type, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The job was deleted meanwhile, so nobody else knows of it: the message comes again, and cleans up."""
    bench = Bench(an_archiving_job(), {FIRST: mp3()})
    bench.covers.objects["covers/owner/another/1.mp3"] = b"stays"
    bench.shelf.meanwhile = lambda: bench.jobs.delete(JOB)

    def dies(*_: object, **__: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(*cut_off, dies)
        with pytest.raises(MemoryError):
            bench.transfer(JOB, 1, 0, "owner")
    assert len(bench.covers.objects) == 2
    assert bench.transfer(JOB, 1, 0, "owner") is Transferred.SKIPPED
    assert bench.covers.objects == {"covers/owner/another/1.mp3": b"stays"}


def test_a_job_deleted_while_a_bad_link_was_read_is_no_trouble() -> None:
    bench = Bench(an_archiving_job(), {FIRST: b""})
    bench.shelf.meanwhile = lambda: bench.jobs.delete(JOB)
    assert bench.transfer(JOB, 1, 0) is Transferred.REFUSED
    assert bench.covers.objects == {}


def test_a_job_canceled_while_copying_stays_canceled() -> None:
    bench = Bench(an_archiving_job(), {FIRST: mp3()})
    bench.shelf.meanwhile = lambda: bench.jobs.commit(observe(bench.job, CancelAsked(), NOW))
    bench.transfer(JOB, 1, 0)
    assert bench.job.state is State.CANCELED


# The real thing


@pytest.mark.usefixtures("socket_enabled")
def test_a_song_from_a_real_server_is_fetched_probed_and_kept() -> None:
    song = io.BytesIO()
    with wave.open(song, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(b"\0\1" * 8000 * 3)
    with serving({"/gone": sends(b"", 404), "/song": sends(song.getvalue(), content_type="text/html")}) as web:
        bench = Bench(with_links(web.url("/gone"), web.url("/song"), seconds=3.0), {})
        transfer = Transfer(bench.jobs, bench.covers, GuardedFetcher(LOCAL), PacketProbe(), bench.record)
        assert transfer(JOB, 1, 0) is Transferred.KEPT
    track = bench.job.track(1)
    assert track
    assert track.file
    assert (track.file.seconds, track.file.content_type) == (3.0, "audio/wav")
    assert bench.job.state is State.SUCCEEDED


class Discarding(MemoryCovers):
    """Keeps the facts and not the bytes, as S3 does for the process that uploads."""

    def keep(self, file: KeptFile, path: Path) -> None:
        assert path.stat().st_size == file.size


@pytest.mark.usefixtures("socket_enabled")
def test_a_hundred_megabytes_pass_through_little_memory() -> None:
    piece, pieces = bytes(1_000_000), 100

    def large(visitor: BaseHTTPRequestHandler) -> None:
        visitor.send_response(200)
        visitor.send_header("Content-Length", str(len(piece) * pieces))
        visitor.end_headers()
        visitor.wfile.write(mp3(size=len(piece)))
        for _ in range(pieces - 1):
            visitor.wfile.write(piece)

    with serving({"/large": large}) as web:
        bench = Bench(with_links(web.url("/large")), {})
        transfer = Transfer(bench.jobs, Discarding(), GuardedFetcher(LOCAL), Says(), bench.record)
        tracemalloc.start()
        try:
            before = tracemalloc.get_traced_memory()[0]
            tracemalloc.reset_peak()
            assert transfer(JOB, 1, 0) is Transferred.KEPT
            grown = tracemalloc.get_traced_memory()[1] - before
        finally:
            tracemalloc.stop()
    track = bench.job.track(1)
    assert track
    assert track.file
    assert track.file.size == 100_000_000
    assert grown < 8_000_000


@pytest.mark.usefixtures("socket_enabled")
def test_more_than_the_most_bytes_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reprise.usecases.transfer.MOST_BYTES", 20_000)
    with serving({"/large": sends(mp3(size=20_001))}) as web:
        bench = Bench(with_links(web.url("/large")), {})
        transfer = Transfer(bench.jobs, bench.covers, GuardedFetcher(LOCAL), Says(), bench.record)
        assert transfer(JOB, 1, 0) is Transferred.REFUSED
    assert bench.reason_of(1) == "more than 20000 bytes"


@pytest.mark.usefixtures("socket_enabled")
def test_a_reason_does_not_tell_the_link() -> None:
    with serving({}) as web:
        url = web.url("/song?sig=hush")
    bench = Bench(with_links(url), {})
    transfer = Transfer(bench.jobs, bench.covers, GuardedFetcher(LOCAL), Says(), bench.record)
    transfer(JOB, 1, 0)
    assert bench.reason_of(1) == "127.0.0.1: ConnectError"


@pytest.mark.parametrize("beginning", [b"", b"\xff\xf1", b"\xff\xfb\x90"])
def test_bare_samples_are_kept_where_they_were_asked_for_whatever_they_look_like(beginning: bytes) -> None:
    job = an_archiving_job(output=Output("pcm", 16_000))
    samples = beginning.ljust(1_920_000, b"\x01")
    bench = Bench(job, {FIRST: samples}, UnusableAudioError("not asked"))
    assert bench.transfer(job.id, 1, 0) is Transferred.KEPT
    file = bench.jobs.jobs[job.id].tracks[0].file
    assert file is not None
    assert (file.content_type, file.seconds, file.key[-4:]) == ("audio/pcm", 30.0, ".pcm")


def test_a_real_file_is_itself_although_bare_samples_were_asked_for_and_a_page_is_none() -> None:
    job = an_archiving_job(output=Output("pcm"))
    bench = Bench(job, {FIRST: mp3(), SECOND: b"<!DOCTYPE html>".ljust(20_000)})
    assert bench.transfer(job.id, 1, 0) is Transferred.KEPT
    assert bench.transfer(job.id, 2, 0) is Transferred.REFUSED
    file = bench.jobs.jobs[job.id].tracks[0].file
    assert file is not None
    assert file.content_type == "audio/mpeg"
