"""Callback tokens: an HMAC that binds provider, job, attempt and an expiry. Stateless, checked before any read."""

import base64
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime, timedelta

from reprise.errors import ForgedCallbackError

LIFE = timedelta(days=2)
"""Beyond the longest deadline: a late callback is still worth a line on the timeline."""


def mint(secret: bytes, provider: str, job_id: str, attempt: int, now: datetime) -> str:
    """`<expiry>.<mac>`, safe in a URL path. `expiry` is in Unix seconds."""
    expiry = int((now + LIFE).timestamp())
    return f"{expiry}.{_mac(secret, provider, job_id, attempt, expiry)}"


def check(secrets: Iterable[bytes], provider: str, job_id: str, attempt: str, token: str, now: datetime) -> int:
    """The attempt that the token was minted for. Raises ForgedCallbackError, whatever is wrong.

    Any of `secrets` may have signed it; the next one is asked for only when those before it do not fit.
    """
    expiry, _, given = token.partition(".")
    if not (_is_number(expiry) and _is_number(attempt) and expiry == str(int(expiry)) and attempt == str(int(attempt))):
        raise ForgedCallbackError("not a callback token")
    macs = (_mac(secret, provider, job_id, int(attempt), int(expiry)) for secret in secrets)
    if not any(hmac.compare_digest(mac.encode(), given.encode(errors="replace")) for mac in macs):
        raise ForgedCallbackError("the token does not fit this callback")
    if now.timestamp() > int(expiry):
        raise ForgedCallbackError("the token has expired")
    return int(attempt)


def _mac(secret: bytes, provider: str, job_id: str, attempt: int, expiry: int) -> str:
    text = f"callback\n{provider}\n{job_id}\n{attempt}\n{expiry}"
    digest = hmac.new(secret, text.encode(errors="surrogatepass"), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 12
