"""A call ends when its time is over, and one that ended in time is left alone."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest
from reprise.net.leash import LOOK_EVERY, Leash

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(5)
        yield ours, theirs


def test_who_waits_longer_than_the_leash_is_cut_off(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    began = time.monotonic()
    with Leash(0.2, ours) as leash:
        assert ours.recv(1) == b""
    assert leash.over
    assert 0.2 <= time.monotonic() - began < 2


def test_a_leash_can_be_shortened(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, _ = pair
    with Leash(60, ours) as leash:
        leash.shorten(0.1)
        assert ours.recv(1) == b""


def test_a_call_that_ended_in_time_keeps_its_connection(pair: tuple[socket.socket, socket.socket]) -> None:
    ours, theirs = pair
    with Leash(LOOK_EVERY / 2, ours) as leash:
        pass
    time.sleep(LOOK_EVERY * 3)
    theirs.sendall(b"x")
    assert (ours.recv(1), leash.over) == (b"x", False)


def test_one_thread_watches_all_calls(pair: tuple[socket.socket, socket.socket]) -> None:
    with Leash(60), Leash(60), Leash(0.1, pair[0]) as short:
        assert pair[0].recv(1) == b""
        assert short.over
        assert [one.name for one in threading.enumerate()].count("leashes") == 1
