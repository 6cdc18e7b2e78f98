"""One paid task: what was asked, how far it is, and the rows it has to show."""

import json
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simulators.sunoapi.rules import MODELS
from simulators.sunoapi.shapes import Plan, Row, camel, stamp

SHORT_SECONDS = 60.0
LYRICS = "[Verse]\n{idea}\nWindows lit along the line\n[Chorus]\n{idea}, one more time"
_PENDING_ROW = {"id": "", "audioUrl": "", "duration": None}
_SHOWN = {"FIRST_SUCCESS": 1, "SUCCESS": 2, "CALLBACK_EXCEPTION": 2}


@dataclass(slots=True)
class Task:
    body: Mapping[str, Any]
    plan: Plan
    created: float
    host: str
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    clips: tuple[str, ...] = field(default_factory=lambda: (str(uuid.uuid4()), str(uuid.uuid4())))
    status: str = "PENDING"
    error_code: int | None = None
    error_message: str | None = None
    seconds: list[float] = field(default_factory=list)  # of the takes that are ready
    finished: float | None = None
    told: dict[str, threading.Event] = field(
        default_factory=lambda: {stage: threading.Event() for stage in ("text", "first", "complete", "error")}
    )

    @property
    def callback_url(self) -> str:
        return self.body.get("callBackUrl") or ""

    @property
    def credits(self) -> int:
        return MODELS[self.body["model"]].credits

    @property
    def longest(self) -> float:
        short = self.plan["v4_5all_one_minute"] and self.body["model"] == "V4_5ALL"
        return SHORT_SECONDS if short else float(self.plan["upload_limit"])

    @property
    def style(self) -> str:
        return str(self.body["style"] if self.body["customMode"] else self.body["prompt"])

    @property
    def title(self) -> str:
        return str(self.body["title"] if self.body["customMode"] else self.body["prompt"][:40].strip().title())

    @property
    def lyrics(self) -> str:
        if self.body["instrumental"]:
            return "[Instrumental]"
        prompt = str(self.body["prompt"])
        return prompt if self.body["customMode"] else LYRICS.format(idea=prompt[:80])

    @property
    def model_name(self) -> str:
        return "chirp-" + str(self.body["model"]).lower().replace("_", "-")

    def rows(self, status: str, times: str) -> list[Row]:
        """The full rows that a status has to show, in the callback's spelling."""
        return [self.row(take, length, times) for take, length in enumerate(self.seconds[: _SHOWN.get(status, 0)])]

    def row(self, take: int, seconds: float | None, times: str) -> Row:
        clip, media, cdn = self.clips[take], f"{self.host}/media", f"{self.host}/cdn"
        return {
            "id": clip,
            "audio_url": f"{media}/{clip}.mp3",
            "source_audio_url": f"{cdn}/{clip}.mp3",
            "stream_audio_url": f"{media}/{clip}",
            "source_stream_audio_url": f"{cdn}/s/{clip}",
            "image_url": f"{media}/{clip}.jpeg",
            "source_image_url": f"{cdn}/{clip}.jpeg",
            "prompt": self.lyrics,
            "model_name": self.model_name,
            "title": self.title,
            "tags": self.style,
            "createTime": stamp(self.created, times),
            "duration": None if seconds is None else round(seconds, 2),
        }

    def text_rows(self) -> list[Row]:
        """What `text` has for rows: usually nothing, sometimes placeholders that are no result."""
        if self.plan["text_rows"] == "empty":
            return []
        rows = [self.row(take, None, self.plan["createTime"]) for take in range(int(self.plan["complete_rows"]))]
        nothing = {"audio_url": "", "source_audio_url": ""}
        return rows if self.plan["text_rows"] == "with_url" else [row | nothing for row in rows]

    def first_rows(self) -> list[Row]:
        rows = self.rows("FIRST_SUCCESS", self.plan["createTime"])
        if self.plan["first_without_audio"]:
            rows = [row | {"audio_url": "", "source_audio_url": ""} for row in rows]
        if self.plan["first_duration"]:
            rows = [row | {"duration": json.loads(self.plan["first_duration"])} for row in rows]
        return rows

    def record(self, status: str, rows: list[Row]) -> dict[str, Any]:
        """The status record. `param` echoes the request whole, secrets and all: that is the vendor's habit."""
        shown = [camel(row) for row in rows]
        if not shown and self.status == "PENDING" and self.plan["pending_rows"]:
            shown = [dict(_PENDING_ROW) for _ in range(int(self.plan["complete_rows"]))]
        answered = shown or (self.status == "PENDING" and self.error_code)
        record = {
            "taskId": self.id,
            "parentMusicId": "",
            "param": json.dumps(self.body, ensure_ascii=False),
            "response": {"taskId": self.id, "sunoData": shown} if answered else None,
            "status": status,
            "type": self.model_name,
            "operationType": "upload_cover",
            "errorCode": self.error_code,
            "errorMessage": self.error_message,
            "createTime": round(self.created * 1000),
        }
        return record | ({"queuePosition": 3, "flags": ["beta"]} if self.plan["extra_fields"] else {})
