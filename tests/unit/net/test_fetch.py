"""The guarded download against real servers: what arrives, what is refused, and where it really connects."""

import gzip
import hashlib
import itertools
import socket
import time
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import httpx
import pytest
from reprise.errors import FetchError, ForbiddenAddressError, PassingFetchError, UnusableAudioError
from reprise.net import fetch
from reprise.net.fetch import GuardedFetcher, resolve

from tests.unit.net.web import LOCAL, PUBLIC, Page, redirects, resolving, sends, serving

MOST = 1_000_000
SONG = bytes(range(256)) * 200


@pytest.fixture(scope="module")
def fetcher() -> GuardedFetcher:
    return GuardedFetcher(LOCAL)


@pytest.fixture(scope="module")
def stranger() -> GuardedFetcher:
    """Without any exception: as it is deployed."""
    return GuardedFetcher(())


def endless(head: bytes, pause: float, piece: bytes = b"x") -> Page:
    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(head)
        for _ in itertools.repeat(None, 1000):
            visitor.wfile.write(piece)
            visitor.wfile.flush()
            time.sleep(pause)

    return page


def test_a_download_tells_size_hash_head_and_type(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    with serving({"/a": sends(SONG, content_type="audio/mpeg")}) as web:
        download = fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
    assert download.path.read_bytes() == SONG
    assert (download.size, download.sha256) == (len(SONG), hashlib.sha256(SONG).hexdigest())
    assert (download.head, download.content_type) == (SONG[:512], "audio/mpeg")


def test_it_names_itself_and_asks_for_plain_bytes(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    with serving({"/a": sends(SONG)}) as web:
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
        headers = web.asked[0][1]
    assert headers["user-agent"].startswith("reprise/")
    assert headers["accept-encoding"] == "identity"
    assert "authorization" not in headers


def test_an_empty_file_is_a_download_of_no_bytes(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    with serving({"/a": sends(b"")}) as web:
        download = fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
    assert (download.size, download.head) == (0, b"")


@pytest.mark.parametrize("status", [204, 206, 304, 400, 403, 404, 410, 429, 500, 503])
def test_any_status_but_200_is_no_file(fetcher: GuardedFetcher, tmp_path: Path, status: int) -> None:
    with serving({"/a": sends(b"", status)}) as web, pytest.raises(FetchError, match=f"answered {status}"):
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)


def test_a_file_of_just_the_size_is_taken_and_one_byte_more_is_not(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    with serving({"/a": sends(SONG)}) as web:
        assert fetcher.fetch(web.url("/a"), tmp_path / "a", len(SONG)).size == len(SONG)
        with pytest.raises(UnusableAudioError, match="more than"):
            fetcher.fetch(web.url("/a"), tmp_path / "a", len(SONG) - 1)


def test_a_file_without_a_length_is_capped_too(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    head = b"HTTP/1.0 200 OK\r\n\r\n"
    with serving({"/a": endless(head, 0, b"x" * 65536)}) as web, pytest.raises(UnusableAudioError):
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
    assert (tmp_path / "a").stat().st_size <= MOST


def test_a_body_that_ends_before_its_length_is_an_error(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    page = sends(SONG, content_length=str(len(SONG) + 1), connection="close")
    with serving({"/a": page}) as web, pytest.raises(FetchError, match="RemoteProtocolError"):
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)


def test_a_body_that_drips_is_given_up_in_total_time(
    fetcher: GuardedFetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetch, "MOST_SECONDS", 0.3)
    began = time.monotonic()
    with serving({"/a": endless(b"HTTP/1.0 200 OK\r\n\r\n", 0.05)}) as web:
        with pytest.raises(FetchError, match="not done within"):
            fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
        assert time.monotonic() - began < 1


@pytest.mark.parametrize(
    "head",
    [b"HTTP/1.1 200 OK\r\nX-Long: ", b"HTTP/1.1 302 Found\r\nX-Long: ", b"HTTP/1.", b""],
    ids=["headers", "headers of a redirect", "status line", "garbage"],
)
def test_a_head_that_drips_is_given_up_in_total_time(fetcher: GuardedFetcher, tmp_path: Path, head: bytes) -> None:
    """Each byte begins httpx's own time-out anew."""
    began = time.monotonic()
    with serving({"/a": endless(head, 0.05)}) as web:
        with pytest.raises(FetchError, match=r"not done within|RemoteProtocolError"):
            GuardedFetcher(LOCAL, 0.3).fetch(web.url("/a"), tmp_path / "a", MOST)
        assert time.monotonic() - began < 1


def test_a_redirect_to_a_head_that_drips_is_given_up_in_the_same_time(tmp_path: Path) -> None:
    began = time.monotonic()
    with serving({"/a": redirects("/b"), "/b": endless(b"HTTP/1.1 200 OK\r\nX-Long: ", 0.05)}) as web:
        with pytest.raises(PassingFetchError, match="not done within"):
            GuardedFetcher(LOCAL, 0.3).fetch(web.url("/a"), tmp_path / "a", MOST)
        assert time.monotonic() - began < 1


def test_a_body_that_was_cut_off_by_us_is_no_whole_one(tmp_path: Path) -> None:
    """Without a length, the end of the connection is the end of the body."""

    def stalls(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + SONG)
        visitor.wfile.flush()
        time.sleep(1)

    with serving({"/a": stalls}) as web, pytest.raises(PassingFetchError, match="not done within"):
        GuardedFetcher(LOCAL, 0.3).fetch(web.url("/a"), tmp_path / "a", MOST)


def test_a_look_up_that_takes_for_ever_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*_: object, **__: object) -> None:
        time.sleep(2)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    began = time.monotonic()
    with pytest.raises(PassingFetchError, match="could not be looked up in time"):
        GuardedFetcher(LOCAL, 0.3).fetch("https://songs.example/a", tmp_path / "a", MOST)
    assert time.monotonic() - began < 1


def test_a_server_that_says_nothing_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetch, "TIMEOUT", httpx.Timeout(0.1))
    with serving({"/a": lambda visitor: time.sleep(0.5)}) as web, pytest.raises(FetchError, match="ReadTimeout"):
        GuardedFetcher(LOCAL).fetch(web.url("/a"), tmp_path / "a", MOST)


def test_nobody_listening_is_a_fetch_error_that_names_the_host_and_not_the_link(
    fetcher: GuardedFetcher, tmp_path: Path
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        with pytest.raises(FetchError) as caught:
            fetcher.fetch(f"http://127.0.0.1:{taken.getsockname()[1]}/a?sig=secret", tmp_path / "a", MOST)
    assert str(caught.value) == "127.0.0.1: ConnectError"


@pytest.mark.parametrize(
    "url",
    ["", "x", "http://", "https://[", "https://a..b/", f"https://{'a' * 64}.example/", "https://x" * 30_000, "\x00"],
)
def test_what_is_no_link_is_a_fetch_error(fetcher: GuardedFetcher, tmp_path: Path, url: str) -> None:
    with pytest.raises(FetchError):
        fetcher.fetch(url, tmp_path / "a", MOST)


def test_redirects_are_followed_relative_and_absolute(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    with serving({"/a": redirects("b?c=1"), "/b?c=1": sends(b""), "/d": sends(SONG)}) as web:
        web.pages = {**web.pages, "/b?c=1": redirects(web.url("/d"), 307)}
        assert fetcher.fetch(web.url("/a"), tmp_path / "a", MOST).size == len(SONG)
        assert [path for path, _ in web.asked] == ["/a", "/b?c=1", "/d"]


def test_a_redirect_loop_ends(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    with serving({"/a": redirects("/b"), "/b": redirects("/a")}) as web:
        with pytest.raises(FetchError, match="more than 5 redirects"):
            fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
        assert len(web.asked) == 6


def test_the_body_of_a_redirect_is_not_read(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    head = b"HTTP/1.0 302 Found\r\nLocation: /b\r\n\r\n"
    began = time.monotonic()
    with serving({"/a": endless(head, 0.05, b"x" * 65536), "/b": sends(SONG)}) as web:
        assert fetcher.fetch(web.url("/a"), tmp_path / "a", MOST).size == len(SONG)
        assert time.monotonic() - began < 1


def test_slow_redirects_count_towards_the_total_time(
    fetcher: GuardedFetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slow(visitor: BaseHTTPRequestHandler) -> None:
        time.sleep(0.15)
        redirects("/a")(visitor)

    monkeypatch.setattr(fetch, "MOST_SECONDS", 0.2)
    with serving({"/a": slow}) as web:
        with pytest.raises(FetchError, match="not done within"):
            fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
        assert len(web.asked) == 2


@pytest.mark.parametrize(
    "target",
    [
        "http://169.254.169.254/latest/meta-data/",
        "https://169.254.169.254/latest/meta-data/",
        "https://[fd00:ec2::254]/",
        "https://10.0.0.1/",
        "https://[::ffff:10.0.0.1]/",
        "https://0xA9FEA9FE/",
        "https://localhost/",
        "https://private.example/",
        "http://public.example/",
        "file:///etc/passwd",
        "https://user@public.example/",
    ],
)
def test_a_redirect_into_private_space_is_refused(
    fetcher: GuardedFetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    resolving(monkeypatch, {"private.example": [["192.168.1.1"]], "public.example": [[PUBLIC]]})
    with serving({"/a": redirects(target)}) as web, pytest.raises(FetchError) as caught:
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
    assert isinstance(caught.value, ForbiddenAddressError) or target.startswith("file:")


@pytest.mark.parametrize(
    "target",
    ["https://xn--a/", "https://xn--/", "http://[", "https://a:99999/", "//", "https://\xff/", "\\\\10.0.0.1\\a"],
)
def test_a_redirect_to_what_is_no_link_is_a_fetch_error(fetcher: GuardedFetcher, tmp_path: Path, target: str) -> None:
    with serving({"/a": redirects(target)}) as web, pytest.raises(FetchError):
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999999\r\n\r\nabc",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 30_000 + b"\r\n",
        b"HTTP/1.1 999999 OK\r\n\r\n",
        b"ICY 200 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        b"\x16\x03\x01\x02\x00",
    ],
    ids=lambda answer: answer[:60].decode("latin-1"),
)
def test_an_answer_that_is_not_of_http_is_a_fetch_error(fetcher: GuardedFetcher, tmp_path: Path, answer: bytes) -> None:
    def page(visitor: BaseHTTPRequestHandler) -> None:
        visitor.wfile.write(answer)
        visitor.close_connection = True

    with serving({"/a": page}) as web, pytest.raises(FetchError):
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)


def test_one_that_says_for_ever_to_wait_is_given_up_in_total_time(tmp_path: Path) -> None:
    page = endless(b"", 0.01, b"HTTP/1.1 103 Early Hints\r\n\r\n" * 50)
    with serving({"/a": page}) as web, pytest.raises(PassingFetchError, match="not done within"):
        GuardedFetcher(LOCAL, 0.3).fetch(web.url("/a"), tmp_path / "a", MOST)


def test_what_comes_packed_stays_packed(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    """Nothing is unpacked, so nothing can be bombed; packed bytes are no audio."""
    packed = gzip.compress(bytes(1_000_000))
    with serving({"/a": sends(packed, content_encoding="gzip")}) as web:
        assert fetcher.fetch(web.url("/a"), tmp_path / "a", MOST).size == len(packed)


def test_a_cookie_of_one_download_is_not_shown_in_the_next(fetcher: GuardedFetcher, tmp_path: Path) -> None:
    with serving({"/a": sends(SONG, set_cookie="who=owner")}) as web:
        for _ in range(2):
            fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)
        assert all("cookie" not in headers for _, headers in web.asked)


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "fd00:ec2::254", "::ffff:10.0.0.1"]
)
def test_a_name_that_points_into_private_space_is_refused(
    stranger: GuardedFetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    resolving(monkeypatch, {"songs.example": [[address]]})
    with pytest.raises(ForbiddenAddressError):
        stranger.fetch("https://songs.example/a", tmp_path / "a", MOST)


def test_one_private_address_among_public_ones_is_enough_to_refuse(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, {"songs.example": [[PUBLIC, "10.0.0.1"]]})
    with pytest.raises(ForbiddenAddressError):
        resolve("songs.example", ())


def test_a_name_without_any_address_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving(monkeypatch, {"songs.example": [[]]})
    with pytest.raises(FetchError):
        resolve("songs.example", ())


def test_a_name_that_is_not_known_is_a_fetch_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchError, match="not known"):
        resolve("songs.example", ())


def test_a_name_that_rebinds_is_connected_to_at_the_address_that_was_checked(
    stranger: GuardedFetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS says public when asked first and private ever after: nobody asks again, and no private socket is opened."""
    connected: list[str] = []

    def connect(address: tuple[str, int], *_: object, **__: object) -> None:
        connected.append(address[0])
        raise ConnectionRefusedError

    asked = resolving(monkeypatch, {"songs.example": [[PUBLIC], ["127.0.0.1"]]})
    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(FetchError, match=r"songs\.example: ConnectError"):
        stranger.fetch("https://songs.example/a", tmp_path / "a", MOST)
    assert (connected, asked) == ([PUBLIC], ["songs.example"])


def test_the_address_is_checked_again_at_every_hop(
    fetcher: GuardedFetcher, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolving(monkeypatch, {"a.example": [["10.0.0.1"]]})
    with serving({"/a": redirects("https://a.example/")}) as web, pytest.raises(ForbiddenAddressError):
        fetcher.fetch(web.url("/a"), tmp_path / "a", MOST)


def test_proxies_of_the_environment_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving({"/a": sends(SONG)}) as web:
        assert GuardedFetcher(LOCAL).fetch(web.url("/a"), tmp_path / "a", MOST).size == len(SONG)
