"""Sent or not sent: the line between what may be called again and what may have been bought."""

import gzip
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from http.server import BaseHTTPRequestHandler

import httpx
import pytest
from reprise.providers import http_client
from reprise.providers.client import Answer, NoAnswerError, NotSentError
from reprise.providers.http_client import MOST_BYTES, TIMEOUT, HttpxVendor

from tests.unit.net.web import Page, sends, serving

URL = "https://vendor.example/api"


@pytest.fixture
def vendor() -> Iterator[HttpxVendor]:
    """One that reaches the network."""
    with closing(HttpxVendor()) as made:
        yield made


def a_vendor(handler: Callable[[httpx.Request], httpx.Response]) -> HttpxVendor:
    return HttpxVendor(httpx.Client(transport=httpx.MockTransport(handler), timeout=TIMEOUT))


def failing(error: type[Exception]) -> HttpxVendor:
    def fail(request: httpx.Request) -> httpx.Response:
        raise error(f"POST {request.url} failed")

    return a_vendor(fail)


@pytest.mark.parametrize(
    "error",
    [
        httpx.ConnectError,
        httpx.ConnectTimeout,
        httpx.PoolTimeout,
        httpx.UnsupportedProtocol,
        httpx.LocalProtocolError,
    ],
)
def test_what_never_left_is_not_sent(error: type[Exception]) -> None:
    with pytest.raises(NotSentError, match=f"^no connection: {error.__name__}$"):
        failing(error).send("POST", URL, {})


@pytest.mark.parametrize(
    "error",
    [
        httpx.ReadTimeout,
        httpx.WriteTimeout,
        httpx.ReadError,
        httpx.WriteError,
        httpx.CloseError,
        httpx.RemoteProtocolError,
        httpx.DecodingError,
        httpx.ProxyError,
        httpx.TooManyRedirects,
        httpx.InvalidURL,
    ],
)
def test_what_may_have_arrived_has_no_answer(error: type[Exception]) -> None:
    with pytest.raises(NoAnswerError, match=f"^no answer: {error.__name__}$"):
        failing(error).send("POST", URL, {})


@pytest.mark.parametrize("key", ["line\nbreak", "ключ"])
@pytest.mark.usefixtures("socket_enabled")
def test_a_key_that_fits_no_header_is_not_sent(key: str) -> None:
    with serving({"/": sends(b"{}")}) as web:
        with pytest.raises(NotSentError):
            HttpxVendor().send("POST", web.url("/"), {"Authorization": f"Bearer {key}"}, json={})
        assert web.asked == []


@pytest.mark.usefixtures("socket_enabled")
def test_no_connection_of_a_paid_call_outlives_it_or_was_there_before(vendor: HttpxVendor) -> None:
    """What was kept over a sleep may be dead, and a paid call on it would end as unknown."""
    with serving({"/": sends(b"{}")}) as web:
        for method in ("GET", "POST", "POST", "GET"):
            assert vendor.send(method, web.url("/"), {}).json == {}
        assert len(web.visitors) == 3


@pytest.mark.usefixtures("socket_enabled")
def test_questions_share_a_connection(vendor: HttpxVendor) -> None:
    with serving({"/": sends(b"{}")}) as web:
        for _ in range(3):
            assert vendor.send("GET", web.url("/"), {}).json == {}
        assert len(web.visitors) == 1


@pytest.mark.usefixtures("socket_enabled")
def test_one_vendor_after_the_other_is_asked_over_a_connection_of_its_own(vendor: HttpxVendor) -> None:
    with serving({"/": sends(b"[1]")}) as one, serving({"/": sends(b"[2]")}) as other:
        assert [vendor.send("GET", web.url("/"), {}).json for web in (one, other, one)] == [[1], [2], [1]]


def in_turn(*pages: Page) -> Page:
    """A page for each visit."""
    left = list(pages)
    return lambda visitor: left.pop(0)(visitor)


def hang_up(visitor: BaseHTTPRequestHandler) -> None:
    visitor.close_connection = True


@pytest.mark.usefixtures("socket_enabled")
def test_a_question_is_asked_again_where_the_connection_had_died_since_the_last_one(vendor: HttpxVendor) -> None:
    with serving({"/": in_turn(sends(b"[1]"), hang_up, sends(b"[2]"), sends(b"[3]"))}) as web:
        assert [vendor.send("GET", web.url("/"), {}).json for _ in range(3)] == [[1], [2], [3]]
        assert (len(web.asked), len(web.visitors)) == (4, 2)


@pytest.mark.usefixtures("socket_enabled")
def test_a_question_that_dies_on_two_connections_is_no_answer(vendor: HttpxVendor) -> None:
    with serving({"/": in_turn(sends(b"[1]"), hang_up, hang_up)}) as web:
        vendor.send("GET", web.url("/"), {})
        with pytest.raises(NoAnswerError):
            vendor.send("GET", web.url("/"), {})
        assert len(web.asked) == 3


@pytest.mark.usefixtures("socket_enabled")
def test_a_vendor_that_drips_over_a_connection_that_was_kept_is_no_answer_in_total_time(
    vendor: HttpxVendor,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with serving({"/": in_turn(sends(b"{}"), drips(b"HTTP/1.1 200 OK\r\nX-Long: ", b"1"))}) as web:
        vendor.send("GET", web.url("/"), {})
        monkeypatch.setattr(http_client, "MOST_SECONDS", 0.3)
        began = time.monotonic()
        with pytest.raises(NoAnswerError):
            vendor.send("GET", web.url("/"), {})
        assert time.monotonic() - began < 1
        assert (len(web.asked), len(web.visitors)) == (2, 1)


@pytest.mark.usefixtures("socket_enabled")
def test_a_server_that_hangs_up_after_reading_is_no_answer(vendor: HttpxVendor) -> None:
    with serving({"/": hang_up}) as web:
        with pytest.raises(NoAnswerError):
            vendor.send("GET", web.url("/"), {})
        assert len(web.asked) == 1


@pytest.mark.usefixtures("socket_enabled")
def test_nobody_listening_is_not_sent() -> None:
    with serving({}) as web:
        url = web.url("/")
    with pytest.raises(NotSentError):
        HttpxVendor().send("POST", url, {}, json={})


def test_status_and_body_come_back_as_they_are() -> None:
    answer = a_vendor(lambda _: httpx.Response(455, content=b"busy")).send("GET", URL, {})
    assert (answer.status, answer.body) == (455, b"busy")


def test_method_headers_json_and_query_are_sent() -> None:
    seen: list[httpx.Request] = []

    def remember(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    a_vendor(remember).send("POST", URL, {"Authorization": "Bearer k"}, json={"title": "Köln"}, params={"a": "b c"})
    (request,) = seen
    assert (request.method, str(request.url)) == ("POST", f"{URL}?a=b+c")
    assert request.headers["authorization"] == "Bearer k"
    assert request.content.decode() == '{"title":"Köln"}'


def test_a_form_is_sent_urlencoded_and_a_raw_key_without_a_scheme() -> None:
    seen: list[httpx.Request] = []

    def remember(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    form = {"audio_url": "https://songs.example/a b.mp3?x=1&y=2", "pitch": "-2", "voice_id": "Jäger"}
    a_vendor(remember).send("POST", URL, {"Authorization": "mgpt-key"}, form=form)
    (request,) = seen
    assert request.headers["authorization"] == "mgpt-key"
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.content == (
        b"audio_url=https%3A%2F%2Fsongs.example%2Fa+b.mp3%3Fx%3D1%26y%3D2&pitch=-2&voice_id=J%C3%A4ger"
    )


def test_redirects_are_answers_too_and_not_followed() -> None:
    """A paid POST that followed one would become a GET, or be sent twice."""
    answer = a_vendor(lambda _: httpx.Response(302, headers={"Location": URL})).send("POST", URL, {})
    assert answer.status == 302


@pytest.mark.parametrize("place", ["https://xn--a/", "//[::1", "x" * 65_530], ids=["no name", "no URL", "too long"])
def test_a_redirect_to_nowhere_is_no_answer_of_a_call_that_was_sent(place: str) -> None:
    """The client reads where it would go to, though it does not go there: the order may be bought all the same."""
    with pytest.raises(NoAnswerError):
        a_vendor(lambda _: httpx.Response(302, headers={"Location": place})).send("POST", URL, {})


@pytest.mark.parametrize("url", ["https://[::1", "https://a:port/", "https://" + "x" * 70_000])
def test_what_is_no_url_is_not_sent(url: str) -> None:
    with pytest.raises(NotSentError, match=r"^no connection: InvalidURL$"):
        a_vendor(lambda _: httpx.Response(200)).send("POST", url, {})


@pytest.mark.usefixtures("socket_enabled")
@pytest.mark.parametrize("host", ["api..vendor.invalid", f"{'a' * 64}.vendor.invalid"])
def test_a_name_that_cannot_be_looked_up_is_not_sent(host: str) -> None:
    with pytest.raises(NotSentError):
        HttpxVendor().send("POST", f"https://{host}/api", {}, json={})


def test_an_endless_body_is_cut() -> None:
    answer = a_vendor(lambda _: httpx.Response(200, content=b"x" * (MOST_BYTES + 1))).send("GET", URL, {})
    assert len(answer.body) == MOST_BYTES


@pytest.mark.parametrize("body", [b"", b"x", b"1", b"null", b'"x"', b"\xff", b"[" * 100_000, b"9" * 5000])
def test_a_body_that_is_no_json_object_or_list_reads_as_none(body: bytes) -> None:
    assert Answer(200, body).json is None


def test_a_lone_surrogate_in_a_body_becomes_a_question_mark() -> None:
    assert Answer(200, b'{"a\\ud800": ["\\udfff", "\\ud834\\udd1e"]}').json == {"a?": ["?", "𝄞"]}


def drips(head: bytes, piece: bytes, pause: float = 0.05) -> Page:
    """Never silent for long, and never done."""

    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(head)
        for _ in range(200):
            visitor.wfile.write(piece)
            visitor.wfile.flush()
            time.sleep(pause)

    return page


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.0 200 OK\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 999\r\n\r\n"],
    ids=["head", "body without a length", "body"],
)
@pytest.mark.usefixtures("socket_enabled")
def test_a_vendor_that_drips_is_no_answer_in_total_time(head: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_client, "MOST_SECONDS", 0.3)
    began = time.monotonic()
    with serving({"/": drips(head, b"1")}) as web:
        with pytest.raises(NoAnswerError):
            HttpxVendor().send("POST", web.url("/"), {}, json={})
        assert time.monotonic() - began < 1


@pytest.mark.usefixtures("socket_enabled")
def test_of_an_endless_answer_no_more_is_read_than_we_keep(vendor: HttpxVendor) -> None:
    began = time.monotonic()
    with serving({"/": drips(b"HTTP/1.0 200 OK\r\n\r\n", b"x" * 1_000_000, 0)}) as web:
        answer = vendor.send("GET", web.url("/"), {})
    assert (len(answer.body), answer.json) == (MOST_BYTES, None)
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("coding", ["gzip, gzip", "gzip,gzip,gzip"])
def test_what_was_packed_more_than_once_stays_packed(coding: str) -> None:
    twice = gzip.compress(gzip.compress(bytes(1_000_000)))
    answer = a_vendor(lambda _: httpx.Response(200, headers={"Content-Encoding": coding}, stream=Raw(twice)))
    assert answer.send("GET", URL, {}) == Answer(200, twice)


class Raw(httpx.SyncByteStream):
    """A body that the mock does not unpack beforehand."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def __iter__(self) -> Iterator[bytes]:
        yield self._body


@pytest.mark.usefixtures("socket_enabled")
def test_an_answer_that_unpacks_to_more_than_we_keep_is_cut(vendor: HttpxVendor) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    with serving({"/": sends(bomb, content_encoding="gzip")}) as web:
        assert len(vendor.send("GET", web.url("/"), {}).body) == MOST_BYTES
