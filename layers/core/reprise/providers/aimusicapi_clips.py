"""aimusicapi.org's tasks and clips, in callbacks and in statuses. Facts: see `aimusicapi.py`.

What is done is told by the clips: `SUCCESS` has come with clips still at their words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from reprise.domain.facts import Broke, Progress, Via
from reprise.domain.job import ErrorClass, ProviderError, Stage, Take
from reprise.providers.loose import MOST_TEXT, first_id, is_link, mapping, said, text

MOST_LYRICS = 20_000

WORDS: Mapping[str, Stage] = {
    "": Stage.NONE,  # a callback's bare array
    "in_progress": Stage.NONE,
    "new": Stage.NONE,
    "text": Stage.TEXT,
    "first": Stage.FIRST,
    "success": Stage.TEXT,
    "completed": Stage.TEXT,
    "complete": Stage.TEXT,
}
"""The least that a task's `type` says. No word says more than its clips about completion."""

DONE_WORDS = ("success", "completed", "complete")
FAILED_WORDS = ("failed", "error")
SOURCE_WORDS = ("fetch", "download", "unreachable", "not accessible")

STREAM_SIGNS = ("audiopipe.", "?item_id=", "&item_id=")

DURATION = re.compile(r"(?:(?:(\d{1,2}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,20})?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Feed:
    """What the vendor says of a task, whatever it was wrapped in. `word` is the task's `type` in lower case."""

    word: str
    clips: Sequence[Mapping[str, Any]]
    task_id: str | None
    fail_message: str | None
    error_message: str | None

    @property
    def kept(self) -> list[Mapping[str, Any]]:
        return [clip for clip in self.clips if not (text(clip.get("fail_message")) or text(clip.get("error_message")))]

    @property
    def finished(self) -> list[Mapping[str, Any]]:
        return [clip for clip in self.kept if clip.get("status") == "complete" and _links(clip)]


def read_feed(body: Any) -> Feed:
    """A bare array, or clips, one clip or a status at the root or below `data`."""
    root = mapping(body)
    inner = mapping(root.get("data")) or root
    clips = _clips(body, inner)
    ids = (place.get(name) for place in (root, inner, *clips) for name in ("workId", "task_id"))
    return Feed(
        word=(text(inner.get("type")) or "").lower(),
        clips=clips,
        task_id=first_id(*ids),
        fail_message=_first_text("fail_message", (*clips, inner)),
        error_message=_first_text("error_message", (*clips, inner)),
    )


def _clips(body: Any, inner: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = body if isinstance(body, list) else inner.get("response_data", inner.get("data"))
    if isinstance(rows, dict):
        rows = [rows]
    elif rows is None and "audio_url" in inner:
        rows = [inner]
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def verdict(attempt: int, via: Via, feed: Feed, task_id: str | None, *, done: bool) -> Progress | Broke | None:
    """A clip that failed fails the task, but for one that is finished already: that was paid for, and is kept."""
    if feed.word in FAILED_WORDS or ((feed.fail_message or feed.error_message) and not feed.finished):
        return Broke(attempt, via, task_error(feed, feed.word or "failed", "the provider failed"), task_id)
    stage = _stage(feed, done=done)
    if stage is Stage.NONE:
        return None
    takes = () if stage is Stage.TEXT else tuple(_take(clip) for clip in feed.kept)
    words = _first_text("prompt", feed.kept, MOST_LYRICS)
    return Progress(attempt, via, stage, task_id, takes, None if words == "[Instrumental]" else words)


def task_error(feed: Feed, code: str, otherwise: str) -> ProviderError:
    words = said(feed.fail_message or feed.error_message, otherwise)
    kind = ErrorClass.CONTENT_REFUSED if feed.fail_message else ErrorClass.RETRY_LATER
    if any(one in words.lower() for one in SOURCE_WORDS):
        kind = ErrorClass.SOURCE_UNFETCHABLE
    return ProviderError(kind, code, words)


def _stage(feed: Feed, *, done: bool) -> Stage:
    if feed.word not in WORDS:
        return Stage.NONE
    if done and feed.finished and len(feed.finished) == len(feed.kept):
        return Stage.COMPLETE
    told = {clip["status"] for clip in feed.kept if isinstance(clip.get("status"), str)}
    clips = Stage.TEXT if told & {"text", "complete"} else Stage.NONE
    if feed.finished or "first" in told:
        clips = Stage.FIRST
    return max(WORDS[feed.word], clips, key=lambda one: one.rank)


def _take(clip: Mapping[str, Any]) -> Take:
    image = text(clip.get("image_url") or clip.get("image_large_url"))
    return Take(
        id=first_id(clip.get("id")) or "",
        urls=_links(clip),
        title=text(clip.get("title")),
        seconds=_seconds(clip.get("duration")),
        image_url=image if is_link(image) else None,
    )


def _links(clip: Mapping[str, Any]) -> tuple[str, ...]:
    """A link counts from `first` on. A stream's link lives for minutes: never taken."""
    link = clip.get("audio_url")
    if clip.get("status") not in ("first", "complete") or not is_link(link):
        return ()
    return () if any(sign in link.lower() for sign in STREAM_SIGNS) else (link,)


def _seconds(value: Any) -> float | None:
    """A number, a number as text or `m:ss`; an empty text until the clip is done."""
    parts = DURATION.fullmatch(str(value)) if isinstance(value, int | float | str) else None
    if not parts:
        return None
    seconds = int(parts[1] or 0) * 3600 + int(parts[2] or 0) * 60 + float(parts[3])
    return seconds if 0 < seconds < 86400 else None


def _first_text(name: str, places: Sequence[Mapping[str, Any]], most: int = MOST_TEXT) -> str | None:
    return next(filter(None, (text(place.get(name), most) for place in places)), None)
