"""One accepted cover: what was asked, how far it is, and how a poll sees it."""

import secrets
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.aimlapi import source
from simulators.aimlapi.rules import Setting
from simulators.ledger import job_of

Plan = Mapping[str, Any]


@dataclass(slots=True)
class Task:
    body: dict[str, Any]
    plan: Plan
    created: float
    setting: Setting
    client_id: str | None = None  # X-Client-Request-Id as it was sent
    id: str = ""
    stage: str = "queued"  # then generating, then done or error
    error: str = ""
    path: str = ""  # of the finished file
    query: str = ""  # that signs its link
    finished: float | None = None
    polls: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        model = str(self.body["model"])
        self.id = f"{uuid.uuid4()}:{model}" if self.plan["id_shape"] == "uuid_model" else secrets.token_urlsafe(16)[:21]

    @property
    def reference(self) -> str:
        return str(self.body["reference_audio_url"])

    @property
    def job(self) -> str:
        """The buyer's own id says which job a purchase is for; without one, the song does."""
        return job_of(self.client_id or source.mark(self.reference))

    @property
    def form(self) -> str:
        return str(self.plan["format"] or self.setting.format)

    def polled(self) -> str:
        """The stage that one more poll is shown."""
        with self._lock:
            self.polls += 1
            if self.plan["stuck"]:
                return str(self.plan["stuck"])
            if self.plan["pending_polls"] is None:
                return self.stage
            if self.polls <= self.plan["pending_polls"]:
                return "queued" if self.polls == 1 else "generating"
            return "generating" if self.stage == "queued" else self.stage
