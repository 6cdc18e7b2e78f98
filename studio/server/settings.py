"""What the owner may set, all by the environment: the same names in a shell, in a container and in a template."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any

Network = IPv4Network | IPv6Network

PREFIX = "STUDIO_"


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` keeps the database and the files. `api_key` opens all but files and health; `hmac_key` signs callbacks.

    `public_url` is the base of the links that are handed out, the address that is listened to unless set. `workers`
    songs are worked on at once, each in at most `memory_mb` and `seconds`; up to `queue` wait. Files are kept for
    `keep_hours`. `allowed_private_networks` may be fetched from and called back besides the public internet.
    `pauses` are the seconds between the tries of a callback. `engine` is `module:name` of an `Engine`.
    """

    api_key: str = field(repr=False)
    home: Path = Path("studio-home")
    host: str = "127.0.0.1"
    port: int = 8300
    public_url: str = ""
    hmac_key: str = field(default="", repr=False)
    workers: int = max(1, (os.cpu_count() or 1) // 2)
    memory_mb: int = 2500
    seconds: int = 300
    queue: int = 100
    keep_hours: float = 24.0
    allowed_private_networks: tuple[Network, ...] = ()
    pauses: tuple[float, ...] = (1, 5, 15, 60, 300, 900, 3600, 3600, 7200, 14_400)
    engine: str = "studio.server.arranger:ENGINE"

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises ValueError for a value that cannot be read, or without an API key of eight characters or more."""
        given = {
            name.removeprefix(PREFIX).lower(): value.strip()
            for name, value in environ.items()
            if name.startswith(PREFIX) and value.strip()
        }
        known = {name: _READ[name](value) for name, value in given.items() if name in _READ}
        if len(known.get("api_key", "")) < 8:
            raise ValueError("STUDIO_API_KEY must be set, to eight characters or more")
        settings = cls(**known)
        if settings.workers < 1:
            raise ValueError("STUDIO_WORKERS must be at least 1")
        return settings


def _networks(text: str) -> tuple[Network, ...]:
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _pauses(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(","))


_READ: Mapping[str, Callable[[str], Any]] = {
    "api_key": str,
    "home": Path,
    "host": str,
    "port": int,
    "public_url": lambda text: text.rstrip("/"),
    "hmac_key": str,
    "workers": int,
    "memory_mb": int,
    "seconds": int,
    "queue": int,
    "keep_hours": float,
    "allowed_private_networks": _networks,
    "pauses": _pauses,
    "engine": str,
}
