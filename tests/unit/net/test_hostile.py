"""Every hostile link at every place of ours that connects: refused, and no socket is opened for it."""

import socket
from pathlib import Path

import pytest
from reprise.errors import FetchError
from reprise.net.fetch import GuardedFetcher
from reprise.net.post import GuardedPoster
from reprise.net.urls import inside_fault, reach_fault, url_fault

from tests.unit.net.hostile import BY_NAME, INSIDE, OTHER_SCHEMES, PLAIN, TWOFOLD, UNREADABLE, WIDE
from tests.unit.net.web import LOCAL, resolving, sends, serving

LINKS = (*INSIDE, *WIDE, *TWOFOLD, *UNREADABLE, *OTHER_SCHEMES, *PLAIN)


@pytest.fixture
def sealed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that were looked up. Whoever connects has failed."""

    def connect(*told: object, **_: object) -> None:
        raise AssertionError(f"a connection to {told}")

    monkeypatch.setattr(socket, "create_connection", connect)
    return resolving(monkeypatch, {name: [each] for name, each in BY_NAME.items()})


@pytest.mark.parametrize("link", [*LINKS, *(f"https://{name}/" for name in BY_NAME)])
def test_nothing_is_fetched_from_there(sealed: list[str], tmp_path: Path, link: str) -> None:
    with pytest.raises(FetchError):
        GuardedFetcher(()).fetch(link, tmp_path / "a", 1000)
    assert set(sealed) <= set(BY_NAME)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize("link", [*LINKS, *(f"https://{name}/" for name in BY_NAME)])
def test_nothing_is_posted_there(sealed: list[str], link: str) -> None:
    with pytest.raises(FetchError):
        GuardedPoster(()).post(link, b"{}", {})
    assert set(sealed) <= set(BY_NAME)


@pytest.mark.parametrize("link", [*INSIDE, *WIDE, *TWOFOLD, *OTHER_SCHEMES, *PLAIN])
def test_none_is_a_source_of_the_native_api(link: str) -> None:
    assert url_fault(link, ()) is not None


@pytest.mark.parametrize("link", [*INSIDE, *WIDE, *TWOFOLD])
def test_none_is_a_callback_url(link: str) -> None:
    assert reach_fault(link, ()) is not None
    assert reach_fault(link.replace("https:", "http:"), ()) is not None


@pytest.mark.parametrize("link", [*INSIDE, *WIDE])
def test_none_is_passed_on_to_a_provider(link: str) -> None:
    assert inside_fault(link, ()) is not None
    assert inside_fault(link.replace("https:", "http:"), ()) is not None


@pytest.mark.parametrize(
    "link", ["https://songs.example/a b.mp3", "http://songs.example/caf\u00e9", "https://s\u00f3ngs.example/?x=1"]
)
def test_what_anybody_may_still_encode_is_left_to_whoever_fetches_it(link: str) -> None:
    assert (reach_fault(link, ()), inside_fault(link, ())) == (None, None)


def test_on_the_operators_own_machine_both_work_and_as_deployed_neither(tmp_path: Path) -> None:
    with serving({"/a": sends(b"song")}) as web:
        assert GuardedFetcher(LOCAL).fetch(web.url("/a"), tmp_path / "a", 1000).size == 4
        assert GuardedPoster(LOCAL).post(web.url("/a"), b"{}", {}).status == 200
        visitors = len(web.visitors)
        with pytest.raises(FetchError):
            GuardedFetcher(()).fetch(web.url("/a"), tmp_path / "b", 1000)
        with pytest.raises(FetchError):
            GuardedPoster(()).post(web.url("/a"), b"{}", {})
        assert len(web.visitors) == visitors
    assert (reach_fault(web.url("/a"), LOCAL), inside_fault(web.url("/a"), LOCAL)) == (None, None)
