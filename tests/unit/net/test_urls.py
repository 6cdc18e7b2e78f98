"""What a link must look like before its host is looked up."""

from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.net.urls import MOST_CHARACTERS, url_fault

from tests.unit.net.web import LOCAL

PRIVATE_LITERALS = (
    "127.0.0.1",
    "127.0.0.1.",
    "127.1",
    "0177.0.0.1",
    "0x7f.0.0.1",
    "0x7f000001",
    "127.0.0.0x1",
    "2130706433",
    "017700000001",
    "0",
    "10.0.0.1",
    "169.254.169.254",
    "2852039166",
    "0xA9FEA9FE",
    "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]",
    "[fd00:ec2::254]",
    "[fe80::1%25eth0]",
)


@pytest.mark.parametrize("host", PRIVATE_LITERALS)
@pytest.mark.parametrize("form", ["https://{}/a.mp3", "https://{}:8443/a.mp3", "HTTPS://{}"])
def test_a_private_address_is_refused_however_it_is_written(host: str, form: str) -> None:
    assert url_fault(form.format(host), ()) == "points to a private address"


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "metadata.google.internal", "x.internal."],
)
def test_private_names_are_refused(host: str) -> None:
    assert url_fault(f"https://{host}/", ()) == "points to a private name"


@pytest.mark.parametrize(
    ("url", "fault"),
    [
        ("http://songs.example/a.mp3", "must begin with https://"),
        ("ftp://songs.example/a.mp3", "must begin with https://"),
        ("file://songs.example/etc/passwd", "must begin with https://"),
        ("//songs.example/a.mp3", "must begin with https://"),
        ("file:///etc/passwd", "has no host"),
        ("songs.example/a.mp3", "has no host"),
        ("https:///a.mp3", "has no host"),
        ("https:songs.example", "has no host"),
        ("", "has no host"),
        ("data:audio/mpeg;base64,AAAA", "has no host"),
        ("https://user@songs.example/", "carries a user name"),
        ("https://user:word@songs.example/", "carries a user name"),
        ("https://@songs.example/", "carries a user name"),
        ("https://songs.example\\@127.0.0.1/", "carries a user name"),
        ("https://127.0.0.1\\.songs.example/", "has a malformed host"),
        ("https://127.0.0.%31/", "has a malformed host"),
        ("https://a..example/", "has a malformed host"),
        ("https://.example/", "has a malformed host"),
        (f"https://{'a' * 64}.example/", "has a malformed host"),
        ("https://songs.example,127.0.0.1/", "has a malformed host"),
        ("https://songs.example:99999/", "not a URL"),
        ("https://songs.example:port/", "not a URL"),
        ("https://[::1/", "not a URL"),
        ("https://sóngs.example/", "has characters that must be percent-encoded"),
        ("https://songs.example/caf\u00e9.mp3", "has characters that must be percent-encoded"),
        ("https://songs.example/a b.mp3", "has characters that must be percent-encoded"),
        ("https://songs.example/a\nb.mp3", "has characters that must be percent-encoded"),
        ("https://songs.example/\x00", "has characters that must be percent-encoded"),
        ("https://songs.example/" + "a" * MOST_CHARACTERS, f"longer than {MOST_CHARACTERS} characters"),
    ],
)
def test_each_fault_has_its_words(url: str, fault: str) -> None:
    assert url_fault(url, ()) == fault


@pytest.mark.parametrize(
    "url",
    [
        "https://songs.example/a.mp3",
        "https://songs.example./a.mp3",
        "https://songs.example:8443/a.mp3?X-Amz-Signature=ab%2Bc&x=1#t=3",
        "https://xn--fa-hia.example/a.mp3",
        "https://under_score.s3.amazonaws.com/a",
        "https://93.184.215.14/a.mp3",
        "https://[2606:4700::1]/a.mp3",
    ],
)
def test_ordinary_links_pass(url: str) -> None:
    assert url_fault(url, ()) is None


def test_plain_http_is_for_literal_addresses_of_allowed_networks_alone() -> None:
    assert url_fault("http://127.0.0.1:9000/a", LOCAL) is None
    assert url_fault("https://127.0.0.1:9000/a", LOCAL) is None
    assert url_fault("http://10.0.0.1/a", LOCAL) == "must begin with https://"
    assert url_fault("http://93.184.215.14/a", LOCAL) == "must begin with https://"
    assert url_fault("http://songs.example/a", LOCAL) == "must begin with https://"
    assert url_fault("http://[fd12::1]/a", (ip_network("fd12::/16"),)) is None


@given(st.text(max_size=80) | st.text(max_size=60).map(lambda rest: f"https://{rest}"))
def test_what_passes_is_https_without_user_and_with_a_host(url: str) -> None:
    if url_fault(url, ()) is None:
        parts = urlsplit(url)
        assert parts.scheme == "https"
        assert parts.hostname
        assert "@" not in parts.netloc
