"""One paid cover: what was ordered, and how far it is."""

import hashlib
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.ledger import job_of
from simulators.musicgpt.rules import Order
from simulators.sources import unsigned

Plan = Mapping[str, Any]


@dataclass(slots=True)
class Task:
    order: Order
    plan: Plan
    created: float
    host: str
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    conversion: str = field(default_factory=lambda: str(uuid.uuid4()))
    stage: str = "IN_QUEUE"  # then IN_PROGRESS, then COMPLETED or FAILED
    error: str = ""
    seconds: float = 0.0  # of the finished take
    updated: float = 0.0
    finished: float | None = None
    told: threading.Event = field(default_factory=threading.Event)  # the first webhook is out, or none will come

    def __post_init__(self) -> None:
        self.updated = self.created

    @property
    def job(self) -> str:
        return job_of(self.order.webhook_url or self.source)

    @property
    def source(self) -> str:
        """The same for the same song, however its link was signed."""
        file = self.order.file
        return unsigned(self.order.audio_url) if file is None else hashlib.sha256(file).hexdigest()

    @property
    def cost(self) -> float:
        """In the vendor's own unit, whatever that is."""
        return max(0.01, round(self.seconds / 60 * 0.194, 2))

    def path(self, form: str) -> str:
        return f"/projects/{self.conversion}.{form}"

    def link(self, form: str) -> str:
        return self.host + self.path(form)

    def move(self, stage: str, now: float) -> None:
        self.updated = now
        if stage in ("COMPLETED", "FAILED"):
            self.finished = now
        self.stage = stage
