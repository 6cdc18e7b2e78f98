"""The look at the song, on real files from the inbox and from real servers: what it tells, and what it leaves open."""

import random
import socket
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reprise import sources
from reprise.domain import audio
from reprise.domain.assess import SourceFacts
from reprise.domain.request import Source
from reprise.domain.violation import Violation
from reprise.errors import FetchError, ForbiddenAddressError, PassingFetchError, TooMuchAudioError, UnusableAudioError
from reprise.media import PacketProbe
from reprise.memory import MemoryInbox, MemorySources
from reprise.net.fetch import GuardedFetcher
from reprise.ports import Download, Found, Probe
from reprise.sources import SourceLook

from tests.unit.net.web import LOCAL, Page, redirects, resolving, sends, serving
from tests.unit.test_media import LENGTH, MADE

KEY = "uploads/owner/1"
ON_SERVERS = pytest.mark.usefixtures("socket_enabled")
NOT_AUDIO = "not an mp3, wav, flac, ogg, m4a or aac file"

RUBBISH = {
    "a page": b"<!doctype html><html><body>Watch this</body></html>" * 100,
    "random bytes": b"\x01" + random.Random(3).randbytes(30_000),
    "text": b"Not found. " * 2000,
    "zeros": bytes(30_000),
}


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {name: make() for name, (_, make) in MADE.items()}


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where temporary files go. Nothing is left there, whatever the look met."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield tmp_path
    assert list(tmp_path.iterdir()) == []


pytestmark = pytest.mark.usefixtures("scratch")


@dataclass
class Never:
    """Neither a fetcher nor a probe that anybody should ask."""

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        raise AssertionError("fetched")

    def seconds(self, path: Path) -> float:
        raise AssertionError("probed")


@dataclass
class Fails:
    """A fetcher that writes something and then fails; `asked` are the bounds it was given."""

    error: FetchError
    body: bytes = b""
    asked: list[int] = field(default_factory=list)

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        self.asked.append(max_bytes)
        if self.body:
            path.write_bytes(self.body)
        raise self.error


@dataclass
class GivesUp:
    """A probe that gives up."""

    error: UnusableAudioError

    def seconds(self, path: Path) -> float:
        raise self.error


def look_at(body: bytes | None, key: str = KEY, probe: Probe | None = None, found: Found | None = None) -> SourceFacts:
    """What is told of an object in the inbox."""
    inbox = MemoryInbox()
    if body is not None:
        inbox.put(key, body)
    return SourceLook(inbox, Never(), probe or PacketProbe())(Source(key=key), found)


@cache
def a_fetcher(seconds: float) -> GuardedFetcher:
    return GuardedFetcher(LOCAL, most_seconds=seconds)


def follow(url: str, seconds: float = 3, probe: Probe | None = None) -> SourceFacts:
    """What is told of a link."""
    fetcher = a_fetcher(seconds)
    return SourceLook(MemoryInbox(), fetcher, probe or PacketProbe())(Source(url=url))


def served(page: Page, seconds: float = 3, probe: Probe | None = None) -> SourceFacts:
    with serving({"/song?sig=hush": page}) as web:
        return follow(web.url("/song?sig=hush"), seconds, probe)


def drips(body: bytes, announced: int | None = None, pause: float = 0.05) -> Page:
    """Sends `body`, then a byte now and then."""

    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.send_response(200)
        if announced:
            visitor.send_header("Content-Length", str(announced))
        visitor.end_headers()
        visitor.wfile.write(body)
        for _ in range(100):
            visitor.wfile.write(b"\0")
            visitor.wfile.flush()
            time.sleep(pause)

    return page


def rule_of(facts: SourceFacts) -> tuple[str, str] | None:
    return (facts.fault.field, facts.fault.rule) if facts.fault else None


# --- an object in the inbox --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", MADE)
def test_an_upload_of_any_kind_is_measured(name: str, made: dict[str, bytes]) -> None:
    facts = look_at(made[name])
    assert facts.seconds == pytest.approx(LENGTH, abs=0.1)
    assert facts == SourceFacts(facts.seconds, len(made[name]), MADE[name][0].suffix)


@pytest.mark.parametrize("name", ["mp3 at a constant rate", "wav", "ADTS", "flac"])
def test_a_cut_off_upload_is_as_long_as_what_is_there(name: str, made: dict[str, bytes]) -> None:
    facts = look_at(made[name][: len(made[name]) // 2])
    assert facts.seconds
    assert 0.2 * LENGTH < facts.seconds < 0.8 * LENGTH
    assert facts.fault is None


@pytest.mark.parametrize(("key", "named"), [("uploads/owner/1", "source.upload"), ("inbox/jazz/a.mp3", "source")])
def test_a_fault_is_the_upload_s_or_the_dropped_song_s(key: str, named: str) -> None:
    assert look_at(None, key).fault == Violation(named, "missing", "there is no such upload")
    assert look_at(b"x" * 400, key).fault == Violation(named, "not-audio", NOT_AUDIO, length=400)


@pytest.mark.parametrize("body", [b"", *RUBBISH.values()], ids=["nothing", *RUBBISH])
def test_an_upload_that_is_no_audio_is_not_even_probed(body: bytes) -> None:
    facts = look_at(body, probe=Never())
    assert facts == SourceFacts(size=len(body), fault=Violation("source.upload", "not-audio", NOT_AUDIO, len(body)))


def test_an_upload_with_the_mark_of_audio_and_none_in_it_is_no_audio(made: dict[str, bytes]) -> None:
    for body in (b"fLaC" + bytes(1000), made["m4a"][: len(made["m4a"]) // 2]):
        facts = look_at(body)
        assert rule_of(facts) == ("source.upload", "not-audio")
        assert facts.seconds is None
        assert not facts.page


def test_an_upload_above_the_most_bytes_is_not_copied() -> None:
    found = Found(audio.MOST_SOURCE_BYTES + 1, b"ID3")
    fault = Violation("source.upload", "too-large", "100000001 bytes", 100_000_001, 100_000_000)
    assert look_at(None, found=found) == SourceFacts(size=100_000_001, fault=fault)


def test_what_the_caller_found_is_not_looked_at_again(made: dict[str, bytes]) -> None:
    class Once(MemoryInbox):
        def look(self, key: str) -> Found | None:
            raise AssertionError("looked")

    inbox = Once()
    inbox.put(KEY, made["flac"])
    found = Found(len(made["flac"]), made["flac"][:512])
    facts = SourceLook(inbox, Never(), PacketProbe())(Source(key=KEY), found)
    assert (facts.format, facts.fault) == ("flac", None)


def test_an_upload_that_was_taken_away_or_written_over_since_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Found(1000, b"ID3\x04" + bytes(100))
    assert rule_of(look_at(None, found=found)) == ("source.upload", "missing")
    monkeypatch.setattr(audio, "MOST_SOURCE_BYTES", 2000)
    assert rule_of(look_at(bytes(2001), found=found)) == ("source.upload", "too-large")


def test_a_song_longer_than_the_probe_walks_is_too_long_and_not_no_audio(made: dict[str, bytes]) -> None:
    facts = look_at(made["flac"], probe=GivesUp(TooMuchAudioError("longer than 3600 s")))
    assert facts.fault == Violation("source.upload", "too-long", "longer than 3600 s")


# --- a link ------------------------------------------------------------------------------------------------------


@ON_SERVERS
@pytest.mark.parametrize("name", MADE)
def test_a_link_to_audio_of_any_kind_is_measured(name: str, made: dict[str, bytes]) -> None:
    facts = served(sends(made[name], content_type="text/plain"))
    assert facts.seconds == pytest.approx(LENGTH, abs=0.1)
    assert facts == SourceFacts(facts.seconds, len(made[name]), MADE[name][0].suffix)


@ON_SERVERS
@pytest.mark.parametrize("name", RUBBISH)
def test_a_link_to_something_else_than_a_file_is_a_page(name: str) -> None:
    body = RUBBISH[name]
    fault = Violation("source.url", "not-audio", NOT_AUDIO, length=len(body))
    assert served(sends(body, content_type="audio/mpeg")) == SourceFacts(size=len(body), fault=fault, page=True)


@ON_SERVERS
def test_an_empty_answer_is_neither_audio_nor_a_page() -> None:
    facts = served(sends(b""))
    assert (rule_of(facts), facts.page) == (("source.url", "not-audio"), False)


@ON_SERVERS
def test_a_damaged_file_behind_a_link_is_no_audio_and_no_page(made: dict[str, bytes]) -> None:
    facts = served(sends(made["m4a"][:20_000]))
    assert (rule_of(facts), facts.page, facts.format) == (("source.url", "not-audio"), False, "m4a")


@ON_SERVERS
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_link_that_is_refused_or_dead_is_a_fault(status: int) -> None:
    facts = served(sends(b"gone", status))
    assert facts == SourceFacts(fault=Violation("source.url", "unfetchable", f"the link answered {status}"))


@ON_SERVERS
@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504])
def test_a_server_that_is_in_trouble_says_nothing_about_the_song(status: int) -> None:
    assert served(sends(b"", status)) == SourceFacts()


@ON_SERVERS
def test_nobody_listening_says_nothing_about_the_song() -> None:
    with serving({}) as web:
        url = web.url("/song")
    assert follow(url) == SourceFacts()


@ON_SERVERS
def test_a_server_that_hangs_up_says_nothing_about_the_song() -> None:
    assert served(lambda visitor: visitor.connection.shutdown(socket.SHUT_RDWR)) == SourceFacts()


@ON_SERVERS
def test_a_connection_that_breaks_in_the_middle_leaves_what_is_known(made: dict[str, bytes]) -> None:
    song = made["flac"]
    page = sends(song, content_length=str(len(song) + 1), connection="close")
    assert served(page, probe=Never()) == SourceFacts(size=len(song) + 1, format="flac")


@ON_SERVERS
@pytest.mark.parametrize("announced", [None, 9_000_000])
def test_a_slow_link_is_given_up_in_total_time_and_the_provider_is_the_judge(announced: int | None) -> None:
    began = time.monotonic()
    facts = served(drips(b"ID3\x04" + bytes(2000), announced), seconds=0.3, probe=Never())
    assert facts == SourceFacts(size=announced, format="mp3")
    assert time.monotonic() - began < 1


@ON_SERVERS
def test_a_slow_page_is_still_a_page() -> None:
    facts = served(drips(RUBBISH["a page"]), seconds=0.3)
    assert (rule_of(facts), facts.page) == (("source.url", "not-audio"), True)


@ON_SERVERS
def test_too_few_bytes_to_tell_are_no_fault() -> None:
    assert served(drips(b"", pause=0.1), seconds=0.3) == SourceFacts()


@ON_SERVERS
@pytest.mark.parametrize("silent_after", [b"", b"HTTP/1.0 200 OK\r\nContent-Length: 9000\r\n\r\nID3\x04" + bytes(2000)])
def test_a_server_that_falls_silent_is_given_up_in_time(silent_after: bytes) -> None:
    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(silent_after)
        visitor.wfile.flush()
        time.sleep(1.5)

    began = time.monotonic()
    assert served(page, seconds=0.3) == (SourceFacts(size=9000, format="mp3") if silent_after else SourceFacts())
    assert time.monotonic() - began < 1


@ON_SERVERS
def test_headers_that_come_in_drops_take_their_time_and_are_then_given_up(made: dict[str, bytes]) -> None:
    """Each wait is bounded, not their sum: a known gap, which costs time and nothing else."""

    def page(visitor: BaseHTTPRequestHandler) -> None:
        for piece in (b"HTTP/1.0 200 OK\r\n", b"X: y\r\n", b"\r\n", made["wav"]):
            visitor.wfile.write(piece)
            visitor.wfile.flush()
            time.sleep(0.15)

    assert served(page, seconds=0.25, probe=Never()) == SourceFacts()


@ON_SERVERS
def test_more_than_the_most_bytes_are_announced_and_not_downloaded(
    made: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sources, "MOST_LINK_BYTES", 100_000)
    facts = served(drips(made["wav"][:1000], announced=200_000_000), probe=Never())
    assert facts == SourceFacts(size=200_000_000, format="wav")


@ON_SERVERS
def test_more_than_the_most_bytes_without_a_word_are_cut_off(
    made: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + made["wav"])

    monkeypatch.setattr(sources, "MOST_LINK_BYTES", 100_000)
    assert served(page, probe=Never()) == SourceFacts(format="wav")


def test_one_byte_more_than_the_strictest_vendor_takes_is_asked_for() -> None:
    fetcher = Fails(TooMuchAudioError("more than that", 60_000_000))
    facts = SourceLook(MemoryInbox(), fetcher, Never())(Source(url="https://a.example/"))
    assert (fetcher.asked, facts) == ([52_428_801], SourceFacts(size=60_000_000))


def test_the_kind_of_failure_decides_whether_the_link_is_at_fault() -> None:
    at_fault = {FetchError: True, ForbiddenAddressError: True, UnusableAudioError: True, PassingFetchError: False}
    for kind, expected in at_fault.items():
        facts = SourceLook(MemoryInbox(), Fails(kind("x")), Never())(Source(url="https://a.example/"))
        assert (rule_of(facts) == ("source.url", "unfetchable")) is expected, kind


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://10.0.0.1/a?sig=hush", "the link points to a private address"),
        ("https://169.254.169.254/latest/", "the link points to a private address"),
        ("https://private.example/a?sig=hush", "the link's host is at a private address"),
        ("http://public.example/a?sig=hush", "the link must begin with https://"),
        ("https://unknown.example/a?sig=hush", "the link's host is not known"),
        ("https://user:hush@public.example/", "the link carries a user name"),
    ],
)
def test_an_address_that_is_private_malformed_or_unknown_is_a_fault(
    url: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, {"private.example": [["192.168.1.1"]], "unknown.example": [[]]})
    looked_up = socket.getaddrinfo

    def getaddrinfo(host: str, *rest: object, **more: object) -> object:
        if host == "unknown.example":
            raise socket.gaierror(socket.EAI_NONAME, "not known")
        return looked_up(host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    assert follow(url) == SourceFacts(fault=Violation("source.url", "unfetchable", words))


def test_a_resolver_that_is_busy_says_nothing_about_the_song(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", raising(socket.gaierror(socket.EAI_AGAIN, "try again")))
    assert follow("https://songs.example/a") == SourceFacts()


@ON_SERVERS
@pytest.mark.parametrize("target", ["https://169.254.169.254/", "https://private.example/", "file:///etc/passwd"])
def test_a_redirect_to_where_nobody_may_go_is_a_fault(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, {"private.example": [["192.168.1.1"]]})
    assert rule_of(served(redirects(target))) == ("source.url", "unfetchable")


@ON_SERVERS
@pytest.mark.parametrize("page", [sends(b"", 404), redirects("https://10.0.0.1/b?sig=hush"), sends(RUBBISH["a page"])])
def test_no_word_about_a_link_tells_its_query(page: Page) -> None:
    assert "hush" not in str(served(page))


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.text().map("https://{}".format) | st.binary().map(lambda raw: f"https://a.example/{raw!r}"))
def test_whatever_stands_where_the_link_should_be_nothing_is_raised(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", raising(socket.gaierror(socket.EAI_NONAME, "not known")))
    assert rule_of(follow(url)) == ("source.url", "unfetchable")


def raising(error: Exception) -> Callable[..., object]:
    def function(*_: object, **__: object) -> object:
        raise error

    return function


# --- the stand-in ------------------------------------------------------------------------------------------------


def test_the_stand_in_knows_what_it_was_told_and_finds_no_fault_with_the_rest() -> None:
    known = MemorySources({"https://a.example/": SourceFacts(30.0), KEY: SourceFacts(40.0)})
    assert known(Source(url="https://a.example/")).seconds == 30
    assert known(Source(key=KEY)).seconds == 40
    assert known(Source(url="https://b.example/")) == SourceFacts()
