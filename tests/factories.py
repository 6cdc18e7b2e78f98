"""Plain factories: a job in the state that a test is about, every field overridable."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from reprise.domain.advance import begin
from reprise.domain.create import create
from reprise.domain.facts import Accepted, Progress, Via
from reprise.domain.job import Job, KeptFile, Leg, Stage, Take
from reprise.domain.observe import observe
from reprise.domain.purse import Purse
from reprise.domain.request import CoverRequest, Source
from reprise.errors import BudgetSpentError

AUDIO_KEY = "an-audio-key"
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SOON = NOW + timedelta(seconds=1)


def a_request(**changes: Any) -> CoverRequest:
    source = Source(url="https://songs.example/a.mp3")
    wishes = {"source": source, "providers": ("kie",), "prompt": "make it lo-fi jazz"}
    return CoverRequest(**{**wishes, **changes})


def a_job(job_id: str = "a" * 32, tenant: str = "owner", **request: Any) -> Job:
    """Created, not stored, not submitted."""
    return create(job_id, tenant, a_request(**request), (Leg("kie"),), NOW, AUDIO_KEY)


def a_submitting_job(**request: Any) -> Job:
    return begin(a_job(**request), NOW).job


def a_running_job(**request: Any) -> Job:
    return observe(a_submitting_job(**request), Accepted(1, "task-1"), NOW).job


def a_take(number: int = 1, **changes: Any) -> Take:
    known = {"id": f"clip-{number}", "urls": (f"https://media.example/{number}.mp3",), "title": "Take", "seconds": 30.0}
    return Take(**{**known, **changes})


def a_progress(stage: Stage, *numbers: int, via: Via = Via.CALLBACK, attempt: int = 1, **changes: Any) -> Progress:
    takes = tuple(a_take(number) for number in numbers)
    known = {"task_id": "task-1", "takes": takes, "lyrics": None}
    return Progress(attempt, via, stage, **{**known, **changes})


def an_archiving_job(**request: Any) -> Job:
    return observe(a_running_job(**request), a_progress(Stage.COMPLETE, 1, 2), NOW).job


def a_file(number: int = 1, **changes: Any) -> KeptFile:
    known = {
        "key": f"covers/owner/{'a' * 32}/{number}.mp3",
        "size": 480_000 + number,
        "sha256": f"{number:064x}",
        "seconds": 30.0,
        "content_type": "audio/mpeg",
    }
    return KeptFile(**{**known, **changes})


SPENT = BudgetSpentError(Purse("0123456789ab", "2026-11", 20.0), Decimal("19.98"))
"""What a key hears whose month has two cents left."""
