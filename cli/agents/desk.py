"""One stack for the length of one call, so that a login or a new stack counts from the next call on."""

import hashlib
import time
from typing import Self

import httpx
from reprise.client import ApiError, Reprise
from reprise.client.transport import ANSWER_SECONDS, Transport, loopback

from cli import profiles
from cli.profiles import Profile


class Desk:
    """`owner` tells stacks and API keys apart, without telling either."""

    def __init__(self, found: Profile) -> None:
        hooks = {"response": [self._hear]}
        http = httpx.Client(timeout=ANSWER_SECONDS, trust_env=not loopback(found.url), event_hooks=hooks)
        self.client = Reprise(found.url, found.key, http=http)
        self.owner = hashlib.sha256(f"{found.url}\n{found.key}".encode()).hexdigest()[:16]
        self.made_before = False
        self._transport = Transport(found.url, found.key, http, time.sleep)

    @classmethod
    def of(cls, profile: str) -> Self:
        """Raises LocalError where there is no such profile, or no key of it."""
        return cls(profiles.find(profile))

    def close(self) -> None:
        self.client.close()

    def link(self, cover_id: str, take: int) -> str | None:
        """Opens without a key, for a quarter of an hour. That there is none now must not cost the rest of an answer."""
        try:
            return str(self._transport.json("GET", f"/v1/covers/{cover_id}/tracks/{take}/audio")["audio_url"])
        except ApiError:
            return None

    def _hear(self, answer: httpx.Response) -> None:
        """The API says so of an order that was there already."""
        if answer.headers.get("Idempotent-Replayed") == "true":
            self.made_before = True
