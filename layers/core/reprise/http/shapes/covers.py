"""Covers, their lists and what happened to them."""

from typing import Any

from typing_extensions import TypedDict

from reprise.domain.job import ErrorClass, OwnReason, Stage, State, TrackState
from reprise.http.shapes.asked import Asked
from reprise.http.shapes.texts import Link, Moment

FailureReason = ErrorClass | OwnReason
"""Of a provider, or ours."""


class Track(TypedDict):
    """One take. `audio_url` wants the API key and leads to a fresh link; `alternative` takes are of a provider that
    the cover had turned away from. Of a track that is not in the bucket yet, the provider says how long it is."""

    number: int
    status: TrackState
    title: str | None
    image_url: str | None
    reason: str | None
    alternative: bool
    audio_url: Link | None
    duration_seconds: float | None
    bytes: int | None
    sha256: str | None
    content_type: str | None


class Failure(TypedDict):
    """`reason` is stable, `code` the provider's own; `retryable` says whether a retry makes sense."""

    reason: FailureReason
    message: str
    retryable: bool
    code: str | None


class CoverLinks(TypedDict):
    self: Link
    timeline: Link
    deliveries: Link
    cancel: Link
    retry: Link


class Cover(TypedDict):
    """A cover. `name` is what a person tells it by: its title, else `song` (the file's name) and the wish. `provider`,
    `model` and `dropped` are those of the attempt under way, or the last one; `next_providers` may follow.
    `estimated_usd` is by price lists, never a bill."""

    id: str
    name: str | None
    song: str | None
    state: State
    stage: Stage
    provider: str
    attempt: int
    task_id: str | None
    version: int
    created_at: Moment
    updated_at: Moment
    deadline_at: Moment
    retry_of: str | None
    request: Asked
    dropped: list[str]
    model: str | None
    estimated_usd: float
    next_providers: list[str]
    lyrics: str | None
    tracks: list[Track]
    failure: Failure | None
    links: CoverLinks


class SelfLink(TypedDict):
    self: Link


class CoverSummary(TypedDict):
    """`name` as in the cover itself."""

    id: str
    name: str | None
    state: State
    stage: str
    provider: str
    title: str | None
    created_at: Moment
    updated_at: Moment
    links: SelfLink


class CoverPage(TypedDict):
    """Newest first. A page may hold fewer than `limit`; the last one has no cursor."""

    covers: list[CoverSummary]
    next_cursor: str | None


class TimelineEntry(TypedDict):
    """`event` is the number of a public event, null for all other lines."""

    sequence: int
    at: Moment
    type: str
    message: str
    state: State
    event: int | None
    data: dict[str, Any]


class Timeline(TypedDict):
    id: str
    entries: list[TimelineEntry]


class AudioLink(TypedDict):
    """Presigned: good for some minutes. `Location` says the same."""

    audio_url: Link


class UploadTicket(TypedDict):
    """POST a form to `url`: all `fields` first, the song as `file` last. A cover names the song by `upload`."""

    upload: str
    url: Link
    fields: dict[str, str]
    max_bytes: int
    expires_at: Moment
