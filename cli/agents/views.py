"""The API's objects as agents get them: less of them, and in words what to do next."""

from contextlib import suppress

from reprise.client import ApiError
from reprise.domain.job import State
from reprise.http.shapes.covers import Cover, Track
from reprise.http.shapes.providers import DryRun, Provider

from cli import story
from cli.agents.desk import Desk
from cli.agents.shapes import CoverNow, Made, ProviderNow, Take

ASK_AGAIN = "Call get_cover with this id and wait=50, until the state is succeeded, failed or canceled."
HAND_OVER = (
    "Give the user the links; they play for 15 minutes. `reprise watch {id} --out FOLDER` saves the takes as files."
)
ANEW = "The same make_cover call gives this cover again; for a new order, which costs again, give an idempotency_key."


def made(desk: Desk, cover: Cover, trouble: str = "") -> Made:
    """`trouble`: why it could not be watched any longer."""
    now = cover_now(desk, cover)
    before = "This same call was made before: it is that cover, and nothing was paid again. "
    said = f"{before if desk.made_before else ''}{trouble}{now['next_step']}"
    return {"cover": now, "made_before": desk.made_before, "dry_run": None, "next_step": said}


def considered(found: DryRun) -> Made:
    chosen = found["chosen"]
    said = f"{chosen} would be paid. To order, make the same call without dry_run." if chosen else "Nobody can do it: "
    reasons = [f"{one['provider']}: {why['message']}" for one in found["providers"] for why in one["reasons"]]
    return {
        "cover": None,
        "made_before": False,
        "dry_run": found,
        "next_step": said if chosen else said + "; ".join(reasons),
    }


def cover_now(desk: Desk, cover: Cover) -> CoverNow:
    ended = story.failure(cover)
    return {
        "id": cover["id"],
        "state": cover["state"],
        "stage": cover["stage"],
        "provider": cover["provider"],
        "estimated_usd": cover["estimated_usd"],
        "created_at": cover["created_at"],
        "left_out": cover["dropped"],
        "takes": [_take(desk, cover, track) for track in cover["tracks"]],
        "summary": ended[0] if ended else story.headline(cover),
        "timeline": _timeline(desk, cover) if cover["state"] == State.FAILED else [],
        "next_step": _next(cover, ended),
    }


def provider_now(one: Provider) -> ProviderNow:
    return {
        "provider": one["provider"],
        "usable": one["enabled"] and one["healthy"],
        "reason": one["reason"],
        "estimated_usd": one["estimated_usd"],
        "takes": one["tracks"],
        "wishes": one["fields"],
        "required": one["required"],
        "models": [model["name"] for model in one["models"]],
        "longest_song_seconds": one["source"]["most_seconds"],
        "song_formats": one["source"]["formats"],
    }


def _timeline(desk: Desk, cover: Cover) -> list[str]:
    with suppress(ApiError):  # a key that may order, and may not read
        return [
            f"after {after}: {words} ({what})"
            for after, what, words in story.rows(desk.client.covers.timeline(cover["id"]))
        ]
    return []


def _next(cover: Cover, ended: list[str]) -> str:
    if cover["state"] == State.SUCCEEDED:
        return HAND_OVER.format(id=cover["id"])
    if not ended:
        return ASK_AGAIN
    whose = " (a command for the user)" if "reprise " in ended[1] else ""
    return f"{ended[1]}{whose}. {ANEW}"


def _take(desk: Desk, cover: Cover, track: Track) -> Take:
    kept = track["status"] == "kept"
    return {
        "number": track["number"],
        "status": track["status"],
        "title": track["title"],
        "seconds": track["duration_seconds"],
        "link": desk.link(cover["id"], track["number"]) if kept else None,
    }
