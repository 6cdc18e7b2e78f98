"""The guarded POST against real servers: what a client gets, what counts as its answer, and what is refused."""

import itertools
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest
from reprise.domain.attempts import Posted
from reprise.errors import FetchError, ForbiddenAddressError
from reprise.net import post
from reprise.net.post import GuardedPoster
from reprise.net.tls import context

from tests.unit.net.test_tls import certificate
from tests.unit.net.web import LOCAL, PUBLIC, Page, Web, redirects, resolving, sends, serving

__all__ = ["certificate"]

BODY = '{"say":"été"}'.encode()


@pytest.fixture(scope="module")
def poster() -> GuardedPoster:
    return GuardedPoster(LOCAL)


@pytest.fixture(scope="module")
def stranger() -> GuardedPoster:
    """Without any exception: as it is deployed."""
    return GuardedPoster(())


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> GuardedPoster:
    monkeypatch.setattr(post, "MOST_SECONDS", 0.3)
    return GuardedPoster(LOCAL)


def hears(said: list[bytes], status: int = 200) -> Page:
    def page(visitor: BaseHTTPRequestHandler) -> None:
        said.append(visitor.rfile.read(int(visitor.headers["content-length"])))
        assert visitor.command == "POST"
        sends(b"", status)(visitor)

    return page


def drips(head: bytes, piece: bytes) -> Page:
    """Never silent for long, and never done."""

    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(head)
        for _ in itertools.repeat(None, 200):
            visitor.wfile.write(piece)
            visitor.wfile.flush()
            time.sleep(0.05)

    return page


@contextmanager
def secure(certificate: Path, pages: dict[str, Page]) -> Iterator[Web]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with serving(pages, context) as web:
        yield web


def test_the_body_arrives_as_it_is_with_its_type_and_who_we_are(poster: GuardedPoster) -> None:
    said: list[bytes] = []
    with serving({"/hook?token=1": hears(said)}) as web:
        assert poster.post(web.url("/hook?token=1"), BODY, {"X-Signature": "s"}) == Posted(200)
        headers = web.asked[0][1]
    assert said == [BODY]
    assert headers["user-agent"] == "reprise/0.1"
    assert headers["content-type"] == "application/json"
    assert headers["content-length"] == str(len(BODY))
    assert headers["x-signature"] == "s"


@pytest.mark.parametrize("status", [200, 201, 202, 204, 304, 400, 401, 404, 410, 429, 500, 503])
def test_any_status_is_an_answer(poster: GuardedPoster, status: int) -> None:
    with serving({"/a": sends(b"", status)}) as web:
        assert poster.post(web.url("/a"), BODY, {}).status == status


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        ("999999999", 999_999_999),
        ("9" * 5000, None),
        ("-1", None),
        ("+5", None),
        ("1_0", None),
        ("0x10", None),
        ("1, 2", None),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 251_607_124_799),
        ("Fri, 20 Nov 2026 12:00:30 +9999", None),
        ("1.5", None),
        ("²", None),
        ("soon", None),
        ("Fri, 20 Nov 2026 12:00:30 GMT", 30),
        ("Fri, 20 Nov 2026 11:59:00 GMT", 0),
        ("Friday, 20-Nov-26 12:00:30 GMT", 30),
        ("Fri Nov 20 12:00:30 2026", 30),
        ("Fri, 40 Nov 2026 12:00:30 GMT", None),
        ("Fri, 20 Nov 2026 12:9999999900:00 GMT", None),
    ],
)
def test_retry_after_is_seconds_or_a_date_by_the_others_clock(
    poster: GuardedPoster, header: str, seconds: int | None
) -> None:
    with serving({"/a": _busy(f"Date: Fri, 20 Nov 2026 12:00:00 GMT\r\nRetry-After: {header}")}) as web:
        assert poster.post(web.url("/a"), BODY, {}) == Posted(503, seconds)


def test_a_date_of_one_without_a_clock_is_taken_by_ours(poster: GuardedPoster) -> None:
    until = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    with serving({"/a": _busy(f"Retry-After: {until}")}) as web:
        assert 60 < (poster.post(web.url("/a"), BODY, {}).retry_after or 0) <= 91


def _busy(headers: str) -> Page:
    """With these headers alone: http.server would add a Date of its own."""

    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(f"HTTP/1.1 503 Busy\r\n{headers}\r\nContent-Length: 0\r\n\r\n".encode("latin-1"))

    return page


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(poster: GuardedPoster, status: int) -> None:
    with serving({"/a": redirects("/b", status), "/b": sends(b"")}) as web:
        assert poster.post(web.url("/a"), BODY, {}).status == status
        assert [path for path, _ in web.asked] == ["/a"]


def test_a_redirect_to_what_is_no_link_is_no_answer(poster: GuardedPoster) -> None:
    with serving({"/a": redirects("https://xn--a/")}) as web, pytest.raises(FetchError):
        poster.post(web.url("/a"), BODY, {})


@pytest.mark.parametrize(
    "page",
    [
        drips(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536),
        drips(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n", b"no gzip"),
        sends(b"x", content_length="10000", connection="close"),
    ],
    ids=["endless", "not what it says", "cut off"],
)
def test_the_body_of_an_answer_is_not_waited_for_long(poster: GuardedPoster, page: Page) -> None:
    began = time.monotonic()
    with serving({"/a": page}) as web:
        assert poster.post(web.url("/a"), BODY, {}).status == 200
        assert time.monotonic() - began < post.MOST_ANSWER_SECONDS + 1


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        (b"", ""),
        (b'{"no": 1}', '{"no": 1}'),
        ("Grüße".encode(), "Grüße"),
        (b"\xff!", "\ufffd!"),
        (b"x" * 5000, "x" * 1024),
    ],
)
def test_the_first_kilobyte_of_an_answer_is_kept(poster: GuardedPoster, body: bytes, kept: str) -> None:
    with serving({"/a": sends(body, 500)}) as web:
        assert poster.post(web.url("/a"), BODY, {}) == Posted(500, None, kept)


def test_an_answer_whose_body_drips_is_cut_after_a_moment(
    poster: GuardedPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(post, "MOST_ANSWER_SECONDS", 0.2)
    began = time.monotonic()
    with serving({"/a": drips(b"HTTP/1.1 410 Gone\r\n\r\n", b"go")}) as web:
        posted = poster.post(web.url("/a"), BODY, {})
    assert (posted.status, posted.answer[:4]) == (410, "gogo")
    assert time.monotonic() - began < 2


def test_an_answer_whose_head_drips_is_given_up_in_total_time(hurried: GuardedPoster) -> None:
    began = time.monotonic()
    with serving({"/a": drips(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x")}) as web:
        with pytest.raises(FetchError, match=r"127\.0\.0\.1: not done within"):
            hurried.post(web.url("/a"), BODY, {})
        assert time.monotonic() - began < 1


def test_one_that_is_told_for_ever_to_go_on_is_given_up(hurried: GuardedPoster) -> None:
    with (
        serving({"/a": drips(b"", b"HTTP/1.1 102 Processing\r\n\r\n")}) as web,
        pytest.raises(FetchError, match="not done within"),
    ):
        hurried.post(web.url("/a"), BODY, {})


def test_a_large_body_that_nobody_reads_is_given_up(hurried: GuardedPoster) -> None:
    with (
        serving({"/a": lambda visitor: time.sleep(1)}) as web,
        pytest.raises(FetchError, match="not done within"),
    ):
        hurried.post(web.url("/a"), bytes(20_000_000), {})


def test_a_head_that_drips_over_tls_is_given_up_too(
    certificate: Path, monkeypatch: pytest.MonkeyPatch, hurried: GuardedPoster
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr("reprise.net.fetch.context", context.__wrapped__)  # read anew, by this test alone
    resolving(monkeypatch, {"media.example": [["127.0.0.1"]]})
    trusting = GuardedPoster(LOCAL)
    with secure(certificate, {"/a": drips(b"HTTP/1.1 200 OK\r\nX-Long: ", b"x"), "/b": sends(b"")}) as web:
        began = time.monotonic()
        with pytest.raises(FetchError, match=r"media\.example: not done within"):
            trusting.post(web.url("/a", "media.example", "https"), BODY, {})
        assert time.monotonic() - began < 1
        assert trusting.post(web.url("/b", "media.example", "https"), BODY, {}) == Posted(200)
        with pytest.raises(FetchError, match="ConnectError"):
            hurried.post(web.url("/b", "media.example", "https"), BODY, {})  # trusts no such certificate


def test_a_connection_that_comes_about_too_late_is_not_used(
    hurried: GuardedPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = socket.getaddrinfo

    def slow(*asked: object, **more: object) -> object:
        time.sleep(0.5)
        return real(*asked, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    with serving({"/a": sends(b"")}) as web:
        with pytest.raises(FetchError, match="not done within"):
            hurried.post(web.url("/a"), BODY, {})
        assert web.asked == []


def test_a_server_that_says_nothing_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "TIMEOUT", httpx.Timeout(0.1))
    with serving({"/a": lambda visitor: time.sleep(0.5)}) as web, pytest.raises(FetchError, match="ReadTimeout"):
        GuardedPoster(LOCAL).post(web.url("/a"), BODY, {})


def test_nobody_listening_is_an_error_that_names_the_host_and_not_the_link(poster: GuardedPoster) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError) as caught:
            poster.post(f"http://127.0.0.1:{taken.getsockname()[1]}/a?token=hush", BODY, {})
    assert str(caught.value) == "127.0.0.1: ConnectError"


@pytest.mark.parametrize("url", ["", "x", "http://", "https://[", "https://a..b/", "https://x" * 30_000, "\x00"])
def test_what_is_no_link_is_a_fetch_error(poster: GuardedPoster, url: str) -> None:
    with pytest.raises(FetchError):
        poster.post(url, BODY, {})


@pytest.mark.parametrize(
    "url",
    [
        "http://93.184.215.14/",
        "http://client.example/",
        "https://127.0.0.1/",
        "https://10.0.0.1/",
        "https://169.254.169.254/latest/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://0x7f.1/",
        "https://localhost/",
        "https://user@client.example/",
    ],
)
def test_as_deployed_it_goes_to_public_addresses_over_https_alone(stranger: GuardedPoster, url: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        stranger.post(url, BODY, {})


def test_a_server_on_this_machine_is_refused_unless_the_operator_allows_it(stranger: GuardedPoster) -> None:
    with serving({"/a": sends(b"")}) as web:
        with pytest.raises(ForbiddenAddressError):
            stranger.post(web.url("/a"), BODY, {})
        assert web.visitors == set()


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.0.0.1"])
def test_a_name_that_points_into_private_space_is_refused(
    stranger: GuardedPoster, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolving(monkeypatch, {"client.example": [[address]]})
    with pytest.raises(ForbiddenAddressError):
        stranger.post("https://client.example/a", BODY, {})


def test_a_name_that_rebinds_is_connected_to_at_the_address_that_was_checked(
    stranger: GuardedPoster, monkeypatch: pytest.MonkeyPatch
) -> None:
    connected: list[str] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        connected.append(address[0])
        raise ConnectionRefusedError

    resolving(monkeypatch, {"client.example": [[PUBLIC], ["127.0.0.1"]]})
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError, match=r"client\.example: ConnectError"):
        stranger.post("https://client.example/a", BODY, {})
    assert connected == [PUBLIC]


def test_a_cookie_of_one_client_is_not_shown_to_the_next(poster: GuardedPoster) -> None:
    with serving({"/a": sends(b"", set_cookie="who=owner")}) as web:
        for _ in range(2):
            poster.post(web.url("/a"), BODY, {})
        assert all("cookie" not in headers for _, headers in web.asked)


def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving({"/a": sends(b"")}) as web:
        assert GuardedPoster(LOCAL).post(web.url("/a"), BODY, {}) == Posted(200)
