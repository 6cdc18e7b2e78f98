"""One paid task: what was asked, how far it is, and the clips it has to show."""

import secrets
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.aimusicapi.rules import MODELS, Model
from simulators.aimusicapi.shapes import Clip, iso, timed

LYRICS = "[Verse]\n{idea}\nGravel under bicycle tyres\n[Chorus]\n{idea}, all the way home"
STAGES = ("new", "text", "first", "complete", "failed")
_EXTRA = {"pending": "queued", "text": "text ready", "first": "first track ready", "complete": "all ready"}


@dataclass(slots=True)
class Task:
    body: Mapping[str, Any]
    plan: Mapping[str, Any]
    created: float
    host: str
    id: str = field(default_factory=lambda: "upcov" + secrets.token_hex(11))
    ids: tuple[str, ...] = field(default_factory=lambda: (str(uuid.uuid4()), str(uuid.uuid4())))
    stage: str = "new"
    failed_as: str = "FAILED"
    failure: dict[str, str] = field(default_factory=dict)  # fail_message, error_message
    seconds: list[float] = field(default_factory=list)  # of the takes that are ready
    finished: float | None = None
    told: dict[str, threading.Event] = field(default_factory=lambda: {stage: threading.Event() for stage in STAGES})

    @property
    def callback_url(self) -> str:
        return self.body.get("callback_url") or ""

    @property
    def model(self) -> Model:
        return MODELS[self.body["model"]]

    @property
    def takes(self) -> int:
        return int(self.plan["takes"])

    @property
    def style(self) -> str:
        custom = self.body.get("custom_mode")
        return str((self.body.get("style") if custom else None) or self.body.get("prompt") or "")

    @property
    def title(self) -> str:
        title = self.body.get("title") if self.body.get("custom_mode") else None
        return str(title or (self.body.get("prompt") or "Untitled")[:40].strip().title())

    @property
    def lyrics(self) -> str:
        if self.body.get("make_instrumental"):
            return "[Instrumental]"
        prompt = str(self.body["prompt"])
        return prompt if self.body.get("custom_mode") else LYRICS.format(idea=prompt[:80])

    def word(self) -> str:
        """The `type` of the status: SUCCESS is said too early when the plan wants it."""
        if self.stage == "failed":
            return self.failed_as
        early = self.plan["success_while_text"] and self.stage != "new"
        return "SUCCESS" if early or self.stage == "complete" else "IN_PROGRESS"

    def clips(self, stage: str | None = None) -> list[Clip]:
        """All clips as they stand at a stage; none before the text is there."""
        stage = stage or self.stage
        if stage == "new":
            return [self._clip(take, "pending") for take in range(self.takes)] if self.plan["pending_rows"] else []
        return [self._clip(take, self._standing(take, stage)) for take in range(self.takes)]

    def stream(self, take: int) -> str:
        return f"{self.host}/stream/?item_id={self.ids[take]}"

    def record(self, clips: list[Clip] | None) -> dict[str, Any]:
        """The status, with everything that was asked: the vendor echoes links, secrets and all."""
        record = {
            "type": self.word(),
            "request_body": dict(self.body),
            "response_data": clips,
            "created_at": iso(self.created),
        }
        return record | ({"progress": 50, "queue": {"place": 3}} if self.plan["extra_fields"] else {})

    def failed_clip(self) -> Clip:
        """All that is left of a task that failed."""
        return {"id": "", "audio_url": "", "status": "", "fail_message": "", "error_message": ""} | self.failure

    def _standing(self, take: int, stage: str) -> str:
        if take and (stage == "first" or (stage == "complete" and self.plan["one_clip_stuck"])):
            return "text"
        return stage

    def _clip(self, take: int, status: str) -> Clip:
        ready = status in ("first", "complete")
        clip_id, image = self.ids[take], f"{self.host}/image/{self.ids[take]}.jpeg"
        streams = status == "text" and self.stage in ("first", "complete")
        made = self.seconds[take] if ready and not self.plan["duration_empty"] else None
        clip: Clip = {
            "id": clip_id,
            "audio_url": f"{self.host}/media/{clip_id}.mp3" if ready else self.stream(take) if streams else "",
            "image_url": image,
            "image_large_url": image,
            "created_at": iso(self.created),
            "timestamp": round(self.created * 1000),
            "status": status,
            "title": self.title,
            "prompt": self.lyrics,
            "tags": self.style,
            "duration": "" if made is None else timed(made, self.plan["duration"]),
            "model_name": self.body["model"],
            "extra_message": _EXTRA[status],
            "fail_message": "",
            "error_message": "",
        }
        return clip | ({"play_count": 0, "flags": ["beta"]} if self.plan["extra_fields"] else {})
