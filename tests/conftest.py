"""Tests that need no network get none: only what runs servers of its own on this machine may open sockets."""

from collections.abc import Iterator

import pytest
from pytest_socket import disable_socket, enable_socket

ON_SOCKETS = (
    "tests/local",
    "tests/simulators",
    "tests/simulation",
    "tests/e2e",
    "tests/unit/net",
    "test_engine",
    "test_reachable",
)
"""Suites that talk over 127.0.0.1, and the embedded AWS."""

AWS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@pytest.fixture(autouse=True)
def offline(request: pytest.FixtureRequest) -> Iterator[None]:
    """No sockets, and credentials that open nothing."""
    place = request.node.nodeid
    if any(one in place for one in ON_SOCKETS):
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        for name, value in AWS.items():
            patch.setenv(name, value)
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION"):
            patch.delenv(name, raising=False)
        disable_socket(allow_unix_socket=True)
        yield
        enable_socket()
