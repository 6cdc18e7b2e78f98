"""A task: what was asked, how far it is, what there is of it, and how it is told."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from studio.server.asked import Asked
from studio.server.engine import Made, MadeFile, MadeTake

STAGES = ("none", "text", "first", "complete")
CONTENT_TYPES = {
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "mid": "audio/midi",
    "png": "image/png",
    "txt": "text/plain; charset=utf-8",
    "abc": "text/vnd.abc; charset=utf-8",
    "json": "application/json",
}


class Status(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELED = "canceled"

    @property
    def ended(self) -> bool:
        return self not in (Status.QUEUED, Status.RUNNING)


@dataclass(frozen=True, slots=True)
class Task:
    """`secret` is the unguessable part of its links. Times are Unix seconds. `runs` counts how often it was begun,
    `deaths` how often its worker died under it; `kept` says whether its files are still there."""

    id: str
    asked: Asked
    fingerprint: str
    secret: str
    status: Status
    stage: str
    made: Made
    error: Mapping[str, str] | None
    runs: int
    deaths: int
    created: float
    ended: float | None
    kept: bool

    @property
    def seed(self) -> str:
        return self.asked.seed or self.id

    @classmethod
    def of(cls, row: sqlite3.Row) -> "Task":
        return cls(
            id=row["id"],
            asked=Asked(**json.loads(row["asked"])),
            fingerprint=row["fingerprint"],
            secret=row["secret"],
            status=Status(row["status"]),
            stage=row["stage"],
            made=made_of(json.loads(row["made"])),
            error=json.loads(row["error"]) if row["error"] else None,
            runs=row["runs"],
            deaths=row["deaths"],
            created=row["created"],
            ended=row["ended"],
            kept=bool(row["kept"]),
        )


def made_of(known: Mapping[str, Any]) -> Made:
    return Made(
        report=known.get("report", {}),
        takes=tuple(MadeTake(**take) for take in known.get("takes", ())),
        files=tuple(MadeFile(**file) for file in known.get("files", ())),
    )


def document(task: Task, base: str, keep_hours: float) -> dict[str, Any]:
    """What a caller is told of it, by the status route and in callbacks alike. `base` is the public URL."""

    def link(name: str) -> str:
        return f"{base}/files/{task.id}/{task.secret}/{name}"

    made = task.made if task.kept else Made(task.made.report)
    return {
        "task_id": task.id,
        "status": task.status,
        "stage": task.stage,
        "created_at": _iso(task.created),
        "report": dict(task.made.report),
        "takes": [
            {
                "id": f"{task.id}-{number}",
                "title": task.asked.title,
                "audio_url": link(take.name),
                "content_type": content_type(take.name),
                "seconds": take.seconds,
            }
            for number, take in enumerate(made.takes, 1)
        ],
        "files": [{"kind": file.kind, "url": link(file.name)} for file in made.files],
        "files_until": _iso(task.ended + keep_hours * 3600) if task.ended and made.takes else None,
        "error": task.error,
    }


def content_type(name: str) -> str:
    return CONTENT_TYPES.get(name.rpartition(".")[2].lower(), "application/octet-stream")


def made_json(made: Made) -> str:
    return json.dumps(asdict(made), ensure_ascii=False)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
