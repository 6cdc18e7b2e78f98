"""`Reprise`: the way in."""

import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

import httpx

from reprise.client.covers import Covers
from reprise.client.songs import Songs, Upload
from reprise.client.transport import Sleep, Told, Transport
from reprise.client.usage import usage
from reprise.client.webhooks import Webhooks

if TYPE_CHECKING:
    from reprise.http.shapes.providers import Provider
    from reprise.http.shapes.usage import Usage


class Reprise:
    """A stack's API with one API key; `url` is the stack's `ApiUrl`. Not for use by several threads at once.

    >>> with Reprise(url, key) as client:
    ...     print(sorted(one["provider"] for one in client.providers() if one["enabled"]))
    ['kie']
    """

    def __init__(
        self,
        url: str,
        key: str,
        *,
        http: httpx.Client | None = None,
        sleep: Sleep = time.sleep,
        on_pause: Told | None = None,
    ) -> None:
        """`http` with time-outs, proxies or certificates of your own. `on_pause` hears why and how many seconds are
        waited before a request is repeated. Raises WrongUsageError for a key that cannot be sent."""
        self._transport = Transport(url, key, http, sleep, on_pause)
        self._songs = Songs(self._transport, sleep)
        self.covers = Covers(self._transport, self._songs, sleep)
        self.webhooks = Webhooks(self._transport)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *trouble: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Reprise({self._transport.url!r})"

    def close(self) -> None:
        self._transport.http.close()

    def upload(self, song: str | Path | IO[bytes]) -> Upload:
        """A song into the inbox bucket, where it stays for seven days. Raises SongError."""
        return self._songs.upload(song)

    def providers(self) -> "list[Provider]":
        """What each provider can do, with the owner's settings, and how it is doing."""
        found: list[Provider] = self._transport.json("GET", "/v1/providers")["providers"]
        return found

    def usage(self, month: str | None = None) -> "Usage":
        """What the covers of a month (`2026-11`, UTC; this one without) came to, by provider, dearest first. USD by
        price lists, never a bill: what bought takes, what bought none, and what is still open.

        >>> made = client.covers.create("https://songs.example/a.mp3", prompt="dub")
        >>> [(one["provider"], one["covers"], one["open_usd"]) for one in client.usage()["providers"]]
        [('kie', 1, 0.06)]
        """
        return usage(self._transport, month)
