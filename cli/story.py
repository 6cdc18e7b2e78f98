"""A cover's story in words: what happened when, and what to do where it ended badly."""

from datetime import datetime

from reprise.http.shapes.covers import Cover, TimelineEntry

from cli import show

MENDS = {
    "fix-request": "change what was asked for; a retry gives the same",
    "content-refused": "take another song or other words; a retry gives the same",
    "source-unfetchable": "upload the song, or send a link that lives for an hour",
    "no-credit": "the owner tops up the provider's account; then: reprise retry {id}",
    "auth": "the owner mends the provider's key (reprise doctor); then: reprise retry {id}",
    "rate-limited": "wait a little; then: reprise retry {id}",
    "retry-later": "wait a little; then: reprise retry {id}",
    "deadline": "reprise retry {id}: it asks for what was made already, without paying again",
    "audio-unavailable": "reprise retry {id}: it asks for what was made already, without paying again",
    "submit-unknown": "look at the provider's own list of tasks first: reprise retry {id} may pay again",
    "budget-spent": "the key's month is spent; look at the provider's own list of tasks before a retry",
}
"""What to do, by `failure.reason`."""


def failure(cover: Cover) -> list[str]:
    """In plain words; nothing of a cover that did not fail."""
    told = cover["failure"]
    if cover["state"] == "canceled":
        return ["Canceled.", f"To have it after all: reprise retry {cover['id']}"]
    if told is None:
        return []
    code = f" (its code: {told['code']})" if told["code"] else ""
    mend = MENDS.get(str(told["reason"]), "see the timeline: reprise timeline {id}").format(id=cover["id"])
    return [f"{cover['provider']} made no music: {told['message']}{code}", f"To mend it: {mend}"]


def headline(cover: Cover) -> str:
    what = cover["name"] or "A cover"
    kept = sum(track["status"] == "kept" for track in cover["tracks"])
    lasted = show.age((_moment(cover["updated_at"]) - _moment(cover["created_at"])).total_seconds())
    takes = f"{kept} take{'s' if kept != 1 else ''}"
    return f"{what}: {cover['state']} after {lasted}, {cover['provider']}, {takes}, some {cover['estimated_usd']:g} USD"


def rows(entries: list[TimelineEntry]) -> list[tuple[str, ...]]:
    """Seconds since the first line, what it was, and in words."""
    start = _moment(entries[0]["at"]) if entries else None
    told: list[tuple[str, ...]] = []
    for entry in entries:
        since = (_moment(entry["at"]) - start).total_seconds() if start else 0.0
        told.append((f"{since:.1f} s", entry["type"], entry["message"]))
    return told


def style(entry: TimelineEntry) -> str | None:
    """Public events stand out; what went wrong, too."""
    if any(word in entry["type"] for word in ("failed", "refused", "lost", "unknown", "switched")):
        return "red"
    return "bold" if entry["event"] else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
