"""Which stack a command asks, by which key; and that keys lie in the keyring alone."""

import json
import socket
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import httpx
import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import fail
from keyring.errors import PasswordDeleteError
from pytest_socket import enable_socket
from reprise.client import Reprise
from reprise.client.transport import Told
from typer.testing import CliRunner, Result

from cli import profiles
from cli.main import app, main
from cli.profiles import find
from local.errors import LocalError
from local.processes import free_port
from tests.client.world import World
from tests.integration.house import OWNER_KEY, House
from tests.stack import PUBLIC_URL


class Memory(KeyringBackend):
    """A keyring that opens."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("none")


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings of whoever runs the tests."""
    for name in (profiles.URL, profiles.KEY, profiles.PROFILE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(profiles.CONFIG, str(tmp_path / "profiles.json"))
    monkeypatch.setenv(profiles.LOCAL_HOME, str(tmp_path / "local"))


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Memory:
    memory = Memory()
    monkeypatch.setattr(keyring, "get_password", memory.get_password)
    monkeypatch.setattr(keyring, "set_password", memory.set_password)
    monkeypatch.setattr(keyring, "delete_password", memory.delete_password)
    return memory


@pytest.fixture
def world(house: House, monkeypatch: pytest.MonkeyPatch) -> World:
    one = World(house)

    def reach(url: str, key: str, on_pause: Told) -> Reprise:
        assert url == PUBLIC_URL
        return one.client(key, on_pause)

    monkeypatch.setattr("cli.login.Reprise", reach)
    return one


def run(*arguments: str, input: str | None = None) -> Result:
    return CliRunner().invoke(app, list(arguments), input=input)


@pytest.fixture
def local_url(tmp_path: Path) -> Iterator[str]:
    """Of a local stack that runs, as far as its file and its port tell."""
    enable_socket()
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        told = {"api_url": url, "api_key": "rk_local", "more": "of it"}
        (tmp_path / "local").mkdir()
        (tmp_path / "local/stack.json").write_text(json.dumps(told))
        yield url


def test_a_login_keeps_the_address_in_the_file_and_the_key_in_the_keyring(
    world: World, ring: Memory, tmp_path: Path
) -> None:
    done = run("login", "mine", "--url", f"{PUBLIC_URL}/", input=f"{OWNER_KEY}\n")
    assert done.exit_code == 0, done.output
    text = (tmp_path / "profiles.json").read_text()
    assert json.loads(text) == {"used": "mine", "profiles": {"mine": PUBLIC_URL}}
    assert OWNER_KEY not in text + done.output
    assert find("").key == find("mine").key == OWNER_KEY
    assert ring.kept == {("reprise", "mine"): OWNER_KEY}


def test_a_key_that_opens_nothing_is_not_kept(world: World, ring: Memory, tmp_path: Path) -> None:
    assert run("login", "mine", "--url", PUBLIC_URL, input="rk_wrong\n").exit_code != 0
    assert (ring.kept, (tmp_path / "profiles.json").exists()) == ({}, False)


def test_without_a_keyring_it_is_said_that_the_key_goes_into_the_environment(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keyring.core, "_keyring_backend", fail.Keyring())  # type: ignore[no-untyped-call]
    done = run("login", "mine", "--url", PUBLIC_URL, input=f"{OWNER_KEY}\n")
    assert isinstance(done.exception, LocalError)
    assert profiles.KEY in str(done.exception)
    with pytest.raises(LocalError, match="no API key"):
        find("mine")
    assert find("mine", {**_environ(), profiles.KEY: "rk_env"}).key == "rk_env"


def test_the_environment_goes_before_the_profile_in_use_and_a_named_one_before_it(ring: Memory) -> None:
    ring.kept["reprise", "mine"] = "rk_mine"
    config = profiles.Config.read()
    config.urls["mine"], config.used = PUBLIC_URL, "mine"
    config.write()
    environ = {**_environ(), profiles.URL: "https://other.example/", profiles.KEY: "rk_env"}
    assert (find("", environ).url, find("", environ).key) == ("https://other.example", "rk_env")
    assert find("mine", environ).url == PUBLIC_URL
    assert find("", _environ()).key == "rk_mine"


def test_without_any_choice_and_without_a_local_stack_it_is_said_how_to_have_one() -> None:
    with pytest.raises(LocalError, match="no stack runs on this machine"):
        find("")


def test_a_local_stack_that_was_killed_is_told_as_that(tmp_path: Path) -> None:
    enable_socket()
    (tmp_path / "local").mkdir()
    told = {"api_url": f"http://127.0.0.1:{free_port()}", "api_key": "rk_local"}
    (tmp_path / "local/stack.json").write_text(json.dumps(told))
    with pytest.raises(LocalError, match=r"does not run any more.\n.*`make up`"):
        find("")


def test_without_any_choice_it_is_the_local_stack_with_its_own_key(local_url: str) -> None:
    environ = {**_environ(), profiles.KEY: "rk_of-elsewhere"}
    assert (find("", environ).name, find("", environ).url, find("", environ).key) == (
        "local",
        local_url,
        "rk_local",
    )


@pytest.mark.parametrize("url", ["http://stack.example", "stack.example", "ftp://x", "", "https://"])
def test_a_key_goes_over_https_alone(url: str) -> None:
    with pytest.raises(LocalError):
        profiles.usable(url)
    assert profiles.usable("http://127.0.0.1:9/") == "http://127.0.0.1:9"


def test_profiles_are_listed_chosen_and_forgotten(world: World, ring: Memory) -> None:
    for name in ("one", "two"):
        run("login", name, "--url", PUBLIC_URL, input=f"{OWNER_KEY}\n")
    run("profile", "use", "one")
    rows = [line.split() for line in run("profile", "list").stdout.splitlines()[1:]]
    assert rows == [["*", "one", PUBLIC_URL], ["two", PUBLIC_URL]]
    assert profiles.complete("t") == ["two"]
    run("profile", "rm", "one")
    assert (list(profiles.Config.read().urls), set(ring.kept)) == (["two"], {("reprise", "two")})
    assert isinstance(run("profile", "use", "one").exception, LocalError)


def test_who_has_to_wait_for_a_stack_is_told_so_on_stderr(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hook that the command sets, by the client that it really makes."""
    answers = [httpx.Response(429, json={}, headers={"Retry-After": "58"}), httpx.Response(200, json={"providers": []})]
    monkeypatch.setattr(httpx.Client, "send", lambda *_: answers.pop(0))
    slept: list[float] = []
    monkeypatch.setattr("cli.profiles.Reprise", partial(Reprise, sleep=slept.append))
    monkeypatch.setenv(profiles.URL, PUBLIC_URL)
    monkeypatch.setenv(profiles.KEY, "rk_x")
    assert profiles.connect("").providers() == []
    assert capsys.readouterr() == ("", "too many requests; asking again in 58 s\n")
    assert slept == [58]


def test_the_local_stack_is_no_profile_that_could_be_removed() -> None:
    assert "always there" in str(run("profile", "rm", "local").exception)


def test_a_file_that_cannot_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "profiles.json").write_text("{")
    with pytest.raises(LocalError, match=r"profiles\.json cannot be read"):
        find("")


@pytest.mark.parametrize("text", ["{", "[]", "{}", "\udcff", '"x"'])
def test_a_local_stack_whose_file_is_broken_is_said(tmp_path: Path, text: str) -> None:
    (tmp_path / "local").mkdir()
    (tmp_path / "local/stack.json").write_text(text, errors="surrogateescape")
    with pytest.raises(LocalError, match=r"stack\.json cannot be read.*\n.*reprise local down"):
        find("")


def test_no_profile_shows_its_key(local_url: str) -> None:
    assert "rk_local" not in repr(find(""))


@pytest.mark.parametrize(("key", "said"), [("rk_ключ", "no header takes"), (" \n", "no API key")])
def test_a_key_that_cannot_be_sent_is_told_without_a_trace_and_without_the_key(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], key: str, said: str
) -> None:
    monkeypatch.setenv(profiles.URL, PUBLIC_URL)
    monkeypatch.setenv(profiles.KEY, key)
    monkeypatch.setattr("sys.argv", ["reprise", "list"])
    with pytest.raises(SystemExit) as left:
        main()
    what, mend = capsys.readouterr().err.splitlines()
    assert left.value.code == 2
    assert said in what
    assert "ключ" not in what
    assert mend.startswith("To mend it: ")


def _environ() -> dict[str, str]:
    import os

    return dict(os.environ)
