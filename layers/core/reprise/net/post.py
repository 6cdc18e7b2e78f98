"""The guarded POST to a client's callback URL: the address is checked as for downloads, and nothing is followed."""

import math
import re
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import httpx

from reprise.domain.attempts import Posted
from reprise.errors import FetchError
from reprise.net.fetch import PinnedTransport
from reprise.net.leash import Leash
from reprise.settings import Network

MOST_SECONDS = 15
"""From the look-up of the host to the last header in."""

MOST_ANSWER = 1024
"""Bytes of an answer's body that are kept."""

MOST_ANSWER_SECONDS = 2
"""They are waited for so long: the status is the answer, its body only explains it."""

TIMEOUT = httpx.Timeout(MOST_SECONDS, connect=5)
HEADERS = {"User-Agent": "reprise/0.1", "Content-Type": "application/json", "Accept-Encoding": "identity"}


class GuardedPoster:
    def __init__(self, exceptions: tuple[Network, ...]) -> None:
        self._client = httpx.Client(
            transport=PinnedTransport(exceptions),
            headers=HEADERS,
            timeout=TIMEOUT,
            trust_env=False,
        )

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Posted:
        """Status and headers are the answer; of the body comes what is there soon."""
        self._client.cookies.clear()
        with Leash(MOST_SECONDS) as leash:
            try:
                request = self._client.build_request(
                    "POST", url, content=body, headers=dict(headers), extensions={"trace": leash.hold}
                )
                with closing(self._client.send(request, stream=True)) as answer:
                    leash.shorten(MOST_ANSWER_SECONDS)
                    return Posted(answer.status_code, _seconds(answer.headers), _body(answer))
            except httpx.HTTPError as error:
                reason = f"not done within {MOST_SECONDS} s" if leash.over else type(error).__name__
                raise FetchError(f"{urlsplit(url).hostname}: {reason}") from error
            except (httpx.InvalidURL, UnicodeError) as error:  # UnicodeError: a host that IDNA cannot read
                raise FetchError("the link is not a URL") from error


def _body(answer: httpx.Response) -> str:
    """The first bytes as text, as they came: nothing is unpacked, and a broken end is none of our business."""
    found = b""
    with suppress(httpx.HTTPError):
        for chunk in answer.iter_raw():
            found += chunk[: MOST_ANSWER - len(found)]
            if len(found) >= MOST_ANSWER:
                break
    return found.decode(errors="replace")


def _seconds(headers: httpx.Headers) -> int | None:
    """Retry-After (RFC 9110, 10.2.3): seconds, or a date, which is taken by the other side's own clock where it tells
    the time. None for anything else: our own schedule holds."""
    asked = headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}", asked):
        return int(asked)
    until, now = _moment(asked), _moment(headers.get("date", "")) or datetime.now(UTC)
    return max(0, math.ceil((until - now).total_seconds())) if until else None


def _moment(http_date: str) -> datetime | None:
    try:
        found = parsedate_to_datetime(http_date)
    except (ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
