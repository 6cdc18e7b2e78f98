"""Which API a command asks, and by which key: a profile of the config file, the environment, or the local stack.

The file has addresses alone. Keys are in the machine's keyring, or in REPRISE_KEY where there is none.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

import keyring
import typer
from keyring.errors import KeyringError
from reprise.client import Reprise
from reprise.client.transport import loopback

from cli import nearby, show
from local.errors import LocalError

URL, KEY, PROFILE, CONFIG, LOCAL_HOME = (
    "REPRISE_URL", "REPRISE_KEY", "REPRISE_PROFILE", "REPRISE_CONFIG", "REPRISE_LOCAL",
)  # fmt: skip
LOCAL = "local"
SERVICE = "reprise"
CHECKOUT = Path(__file__).parent.parent


def complete(incomplete: str) -> list[str]:
    return [name for name in (*Config.read().urls, LOCAL) if name.startswith(incomplete)]


Chosen = Annotated[
    str,
    typer.Option(
        "--profile", "-p", metavar="NAME", envvar=PROFILE, show_envvar=False, autocompletion=complete,
        help=f"A profile of `reprise login`, or `{LOCAL}`. Without it {URL}, the profile in use, the local stack.",
    ),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    name: str
    url: str
    key: str = field(repr=False)


@dataclass(slots=True)
class Config:
    """The one file; `urls` by profile."""

    path: Path
    urls: dict[str, str]
    used: str = ""

    @classmethod
    def read(cls, environ: Mapping[str, str] = os.environ) -> "Config":
        """Raises LocalError where the file cannot be read."""
        path = Path(environ.get(CONFIG) or Path(typer.get_app_dir("reprise"), "profiles.json"))
        try:
            told = json.loads(path.read_text())
            urls = {str(name): str(url) for name, url in told["profiles"].items()}
            return cls(path, urls, str(told.get("used") or ""))
        except FileNotFoundError:
            return cls(path, {})
        except (OSError, ValueError, KeyError, AttributeError, TypeError) as error:
            raise LocalError(f"{path} cannot be read: {error}", "correct it, or remove it and log in again") from error

    def write(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_text(json.dumps({"used": self.used, "profiles": self.urls}, indent=2) + "\n")


def connect(name: str) -> Reprise:
    found = find(name)
    return Reprise(found.url, found.key, on_pause=show.pause)


def find(name: str, environ: Mapping[str, str] = os.environ) -> Profile:
    """Raises LocalError where there is no such profile, or no key of it."""
    if not name and environ.get(URL):
        url = usable(environ[URL])
        return Profile("environment", url, _key_of(f"{URL} is set", None, environ))
    config = Config.read(environ)
    chosen = name or config.used or LOCAL
    if chosen in config.urls:
        url = usable(config.urls[chosen])
        return Profile(chosen, url, _key_of(f"The profile {chosen} has an address", chosen, environ))
    if chosen == LOCAL:
        return Profile(LOCAL, *nearby.door(Path(environ.get(LOCAL_HOME) or CHECKOUT / ".local")))
    known = ", ".join([*config.urls, LOCAL])
    raise LocalError(f"There is no profile {chosen}.", f"`reprise login {chosen}`, or one of: {known}")


def usable(url: str) -> str:
    """Without a slash at its end. Keys go over https alone, but on this machine."""
    parts = urlsplit(url)
    if (parts.scheme == "https" and parts.hostname) or (parts.scheme == "http" and loopback(url)):
        return url.rstrip("/")
    raise LocalError(f"{url} is no address of a stack.", "give its ApiUrl: https://..., as `sam deploy` prints it")


def remember(name: str, key: str) -> None:
    """Raises LocalError where the machine has no keyring that opens."""
    try:
        keyring.set_password(SERVICE, name, key)
    except KeyringError as error:
        raise LocalError(
            "The key is not kept: this machine has no keyring that opens.", f"set {KEY} where you work"
        ) from error


def forget(name: str) -> None:
    try:
        keyring.delete_password(SERVICE, name)
    except KeyringError:
        return  # there is none, or it has none of this name


def _key_of(what: str, name: str | None, environ: Mapping[str, str]) -> str:
    if key := environ.get(KEY, "").strip():
        return key
    try:
        kept = keyring.get_password(SERVICE, name) if name else None
    except KeyringError:
        kept = None
    if not kept:
        raise LocalError(f"{what}, but there is no API key.", f"`reprise login`, or set {KEY}")
    return kept
