"""`client.covers`."""

import time
import uuid
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack
from urllib.parse import quote

import httpx

from reprise.client import takes
from reprise.client.errors import NotFoundError, WaitedTooLongError, of_problem
from reprise.client.songs import Song, Songs
from reprise.client.transport import Sleep, Transport, in_header, read
from reprise.client.wish import Wish
from reprise.domain.job import State

if TYPE_CHECKING:
    from reprise.http.shapes.covers import Cover, CoverPage, CoverSummary, TimelineEntry
    from reprise.http.shapes.providers import DryRun

    Entries = list[TimelineEntry]  # inside the class, `list` is its own
    Files = list[Path]

HOLD_SECONDS = 20
"""How long one request waits for a change; the API takes up to 25."""
MOST_A_PAGE = 100
DRY_RUN = {"dry_run": "true"}
NO_UPLOAD = "0" * 32
"""Ids of uploads are random: nobody has this one."""
STANDS_BACK = {"switched-off", "not-named"}
"""Rules by which a provider is not asked at all."""


class Covers:
    def __init__(self, transport: Transport, songs: Songs, sleep: Sleep) -> None:
        self._transport, self._songs, self._sleep = transport, songs, sleep

    def create(self, song: Song, *, idempotency_key: str | None = None, **wish: Unpack[Wish]) -> "Cover":
        """Orders a cover; a file is uploaded first. What a provider refuses is a cover too, with a `failure`.

        The request carries an `Idempotency-Key`, so its repetition after a lost answer buys nothing again. Give your
        own, and an `Upload`, where your program itself may be run again:

        >>> song = client.upload("song.mp3")
        >>> first = client.covers.create(song, prompt="warm dub", idempotency_key="order-4711")
        >>> again = client.covers.create(song, prompt="warm dub", idempotency_key="order-4711")
        >>> again["id"] == first["id"]
        True
        """
        named = in_header("The idempotency_key", idempotency_key or uuid.uuid4().hex, "give visible ASCII characters")
        body = {"source": self._songs.source(song, partial(self._rules, wish)), **wish}
        headers = {"Idempotency-Key": named}
        cover: Cover = self._transport.json("POST", "/v1/covers", json=body, headers=headers)
        return cover

    def consider(self, song: Song, **wish: Unpack[Wish]) -> "DryRun":
        """What each provider would make of it; nobody is paid.

        >>> told = client.covers.consider("https://songs.example/a.mp3", style="dub")
        >>> told["chosen"]
        'kie'
        """
        return self._dry(self._songs.source(song, lambda: self._dry({"upload": NO_UPLOAD}, wish)), wish)

    def get(self, cover_id: str) -> "Cover":
        cover: Cover = self._transport.json("GET", f"/v1/covers/{_part(cover_id)}")
        return cover

    def list(self, *, state: str | None = None, limit: int = 20, cursor: str | None = None) -> "CoverPage":
        """One page, newest first; `next_cursor` leads to the next."""
        asked = {"limit": limit, "state": state, "cursor": cursor}
        given = {name: value for name, value in asked.items() if value is not None}
        page: CoverPage = self._transport.json("GET", "/v1/covers", params=given)
        return page

    def iter(self, *, state: str | None = None) -> "Iterator[CoverSummary]":
        """All of them, newest first, page by page.

        >>> made = client.covers.create("https://songs.example/a.mp3", prompt="dub")
        >>> next(client.covers.iter())["id"] == made["id"]
        True
        """
        cursor = None
        while True:
            page = self.list(state=state, limit=MOST_A_PAGE, cursor=cursor)
            yield from page["covers"]
            cursor = page["next_cursor"]
            if cursor is None:
                return

    def wait(
        self, cover_id: str, *, on_stage: "Callable[[Cover], object] | None" = None, seconds: float | None = None
    ) -> "Cover":
        """The cover once it is over. `on_stage` sees it at first, and whenever its state, stage, provider or number
        of kept takes is another. Raises WaitedTooLongError after `seconds`; without them, it waits until the end."""
        until = None if seconds is None else time.monotonic() + seconds
        cover, seen = self.get(cover_id), None
        while True:
            if on_stage and seen != (seen := _moment(cover)):
                on_stage(cover)
            if State(cover["state"]).terminal:
                return cover
            left = HOLD_SECONDS if until is None else min(HOLD_SECONDS, int(until - time.monotonic()))
            if left < 1:
                raise WaitedTooLongError(f"Cover {cover_id} is still {cover['state']}", "it goes on: ask later")
            cover = self._changed(cover, left)

    def _changed(self, cover: "Cover", seconds: int) -> "Cover":
        """The ETag says which version is known, so that no change is missed between two requests."""
        known = {"If-None-Match": f'"{cover["version"]}"'}
        answer = self._transport.ask("GET", f"/v1/covers/{cover['id']}", params={"wait": seconds}, headers=known)
        if answer.status_code == httpx.codes.NOT_MODIFIED:
            return cover
        changed: Cover = read(answer)
        return changed

    def timeline(self, cover_id: str) -> "Entries":
        """What happened, oldest first.

        >>> made = client.covers.create("https://songs.example/a.mp3", prompt="dub")
        >>> [entry["type"] for entry in client.covers.timeline(made["id"])][-1]
        'cover.submitted'
        """
        found: Entries = self._transport.json("GET", f"/v1/covers/{_part(cover_id)}/timeline")["entries"]
        return found

    def retry(self, cover_id: str) -> "Cover":
        """A new cover in place of one that failed or was canceled; always the same one. Raises NotAllowedError."""
        return self._done(cover_id, "retry")

    def cancel(self, cover_id: str) -> "Cover":
        """Raises NotAllowedError once it has succeeded or failed."""
        return self._done(cover_id, "cancel")

    def delete(self, cover_id: str) -> None:
        """With its audio. Takes the scope `admin`; raises NotAllowedError while it has not ended."""
        self.get(cover_id)  # what was never there is told; what goes while we ask is gone
        try:
            self._transport.ask("DELETE", f"/v1/covers/{_part(cover_id)}")
        except NotFoundError:
            return

    def save(self, cover: "Cover | str", folder: str | Path = ".") -> "Files":
        """The takes as files, named by title (or song) and style. Each is checked against its SHA-256."""
        found = self.get(cover) if isinstance(cover, str) else cover
        return takes.save(self._transport, self._sleep, found, Path(folder))

    def _dry(self, source: dict[str, str], wish: Wish) -> "DryRun":
        body = {"source": source, **wish}
        found: DryRun = self._transport.json("POST", "/v1/covers", params=DRY_RUN, json=body)
        return found

    def _rules(self, wish: Wish) -> None:
        """Nobody uploads a song for a wish that is refused whatever the song: a dry run of an upload that there is not
        tells what else each provider has against it. Raises InvalidError."""
        every = [option["reasons"] for option in self._dry({"upload": NO_UPLOAD}, wish)["providers"]]
        asked = [reasons for reasons in every if not any(one["rule"] in STANDS_BACK for one in reasons)]
        broken = [[one for one in reasons if one["field"] != "source.upload"] for reasons in asked]
        if broken and all(broken):
            errors: list[Any] = list(
                {(one["field"], one["rule"]): one for reasons in broken for one in reasons}.values()
            )
            words = "; ".join(f"{one['field']}: {one['message']}" for one in errors)
            raise of_problem(
                {
                    "type": "urn:reprise:problem:invalid",
                    "title": "The request breaks a rule",
                    "status": 422,
                    "detail": words,
                    "errors": errors,
                }
            )

    def _done(self, cover_id: str, verb: str) -> "Cover":
        cover: Cover = self._transport.json("POST", f"/v1/covers/{_part(cover_id)}/{verb}")
        return cover


def _moment(cover: "Cover") -> tuple[Any, ...]:
    kept = sum(track["status"] == "kept" for track in cover["tracks"])
    return cover["state"], cover["stage"], cover["provider"], cover["attempt"], kept


def _part(text: str) -> str:
    """As one part of a path: an id never leads elsewhere."""
    return quote(text, safe="") or "-"
