"""What a URL from outside must look like before anyone looks its host up."""

import re
from ipaddress import ip_address
from unicodedata import normalize
from urllib.parse import SplitResult, urlsplit

from reprise.net.addresses import allowed, excepted
from reprise.settings import Network

MOST_CHARACTERS = 4000

_NAME = re.compile(r"([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}")
"""Nothing that clients read in two ways: browsers take `127.0.0.1\\.a.example` and `127.0.0.%31` for 127.0.0.1."""


def url_fault(url: str, exceptions: tuple[Network, ...]) -> str | None:
    """Why this URL is refused, or None. https only; http is for networks that the operator allows."""
    try:
        parts, host = _parsed(url)
    except ValueError:
        return "not a URL"
    if len(url) > MOST_CHARACTERS:
        return f"longer than {MOST_CHARACTERS} characters"
    if not url.isascii() or not url.isprintable() or " " in url:
        return "has characters that must be percent-encoded"
    if fault := _host_fault(parts, host):
        return fault
    if parts.scheme != "https" and not (parts.scheme == "http" and excepted(host, exceptions)):
        return "must begin with https://"
    return _inside(host, exceptions)


def reach_fault(url: str, exceptions: tuple[Network, ...]) -> str | None:
    """Why we would never connect to this host, or None. Of a URL whose path anybody may still encode; its scheme is not
    looked at."""
    try:
        parts, host = _parsed(url)
    except ValueError:
        return "not a URL"
    return _host_fault(parts, host) or _inside(host, exceptions)


def inside_fault(url: str, exceptions: tuple[Network, ...]) -> str | None:
    """Why nobody outside could fetch this URL, or None: of a URL that somebody else shall fetch."""
    try:
        _, host = _parsed(url)
    except ValueError:
        return "not a URL"
    return _inside(host, exceptions) if host else "has no host"


def _parsed(url: str) -> tuple[SplitResult, str]:
    """Raises ValueError. The host as clients read it: letters and digits of any width are the plain ones."""
    parts = urlsplit(url)
    host, _ = normalize("NFKC", parts.hostname or "").removesuffix("."), parts.port
    return parts, host


def _host_fault(parts: SplitResult, host: str) -> str | None:
    if not host:
        return "has no host"
    if parts.username is not None or parts.password is not None:
        return "carries a user name"
    if ":" not in host and host.isascii() and not _NAME.fullmatch(host):
        return "has a malformed host"
    return None


def _inside(host: str, exceptions: tuple[Network, ...]) -> str | None:
    if _is_literal(host) and not allowed(host, exceptions):
        return "points to a private address"
    if host == "localhost" or host.endswith((".localhost", ".local", ".internal")):
        return "points to a private name"
    return None


def _is_literal(host: str) -> bool:
    """An IP address, or a number that resolvers take for one (0x7f.1, 2130706433, 0177.0.0.1)."""
    try:
        ip_address(host)
    except ValueError:
        return host.rsplit(".", 1)[-1].lower().startswith("0x") or host.rsplit(".", 1)[-1].isdigit()
    return True
