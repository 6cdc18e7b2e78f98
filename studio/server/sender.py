"""Sending callbacks: in a task's order, at least once, until they are taken or given up."""

import logging
import threading
import time

from reprise.errors import FetchError, ForbiddenAddressError
from reprise.net.post import GuardedPoster

from studio.server.outbox import Outbox, Waiting
from studio.server.settings import Settings
from studio.server.signing import headers

SENDERS = 2
"""At once, so that one receiver that hangs does not hold up all others."""

CLAIM_SECONDS = 30.0
"""Longer than a POST can take."""

MOST_EARLY_TRIES = 4
"""Of a stage before the last: the end must not wait for long behind it."""

IDLE_SECONDS = 0.1
GONE = 410

logger = logging.getLogger("studio")


class Sender:
    def __init__(self, settings: Settings, outbox: Outbox) -> None:
        self._settings, self._outbox = settings, outbox
        self._stopping = threading.Event()

    def start(self) -> None:
        for _ in range(SENDERS):
            threading.Thread(target=self._run, daemon=True).start()

    def stop(self) -> None:
        """What is under way is sent again after the next start."""
        self._stopping.set()

    def _run(self) -> None:
        poster = GuardedPoster(self._settings.allowed_private_networks)
        while not self._stopping.is_set():
            try:
                waiting = self._outbox.claim(CLAIM_SECONDS)
                if waiting is None:
                    self._stopping.wait(IDLE_SECONDS)
                else:
                    self._outbox.settle(waiting.number, self._pause(waiting, self._send(poster, waiting)))
            except Exception:
                if not self._stopping.is_set():
                    logger.exception("a sender failed")
                    self._stopping.wait(1)

    def _send(self, poster: GuardedPoster, waiting: Waiting) -> int | str:
        """The status that came, or why none did."""
        signed = headers(self._settings.hmac_key, waiting.body, time.time())
        try:
            return poster.post(waiting.url, waiting.body, signed).status
        except ForbiddenAddressError as error:
            return f"forbidden: {error}"
        except FetchError as error:
            return str(error)

    def _pause(self, waiting: Waiting, answer: int | str) -> float | None:
        """Until the next try, in seconds; None when there is to be none."""
        if isinstance(answer, int) and 200 <= answer < 300:
            return None
        pauses = self._settings.pauses
        most = len(pauses) + 1 if waiting.last else min(MOST_EARLY_TRIES, len(pauses) + 1)
        logger.warning("task %s: %s was not taken, try %d: %s", waiting.task, waiting.type, waiting.tries + 1, answer)
        return None if answer == GONE or waiting.tries + 1 >= most else pauses[waiting.tries]
