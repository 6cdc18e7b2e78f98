"""The tools. Their docstrings are what agents are told of them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from anyio import to_thread
from mcp.server.mcpserver import Context
from reprise.client import ApiError, UnreachableError
from reprise.http.shapes.covers import Cover
from reprise.http.shapes.providers import DryRun as Considered

from cli.agents import views
from cli.agents.arguments import (
    SENSIBLE_WAIT,
    CoverId,
    DryRun,
    IdempotencyKey,
    Instrumental,
    Lyrics,
    MaxUsd,
    Provider,
    Song,
    Style,
    Title,
    Voice,
    Wait,
)
from cli.agents.desk import Desk
from cli.agents.shapes import CoverNow, Made, ProvidersNow
from cli.agents.songs import Named, Uploads
from cli.agents.watch import Watch


@dataclass(frozen=True, slots=True)
class Tools:
    """What asks the stack runs in threads: the client waits, and other calls go on."""

    profile: str

    async def make_cover(
        self,
        ctx: Context[Any, Any],
        song: Song,
        style: Style,
        provider: Provider = "auto",
        title: Title = "",
        lyrics: Lyrics = "",
        instrumental: Instrumental = False,
        voice: Voice = "",
        max_usd: MaxUsd = None,
        dry_run: DryRun = False,
        wait: Wait = SENSIBLE_WAIT,
        idempotency_key: IdempotencyKey = "",
    ) -> Made:
        """Order a cover of a song in another style. THIS COSTS MONEY, unless the provider is free.

        Ask the user before you order, unless they told you to. Set max_usd. dry_run=true tells the price and orders
        nothing. A file is uploaded first. If an answer is lost or late, make the same call again: it buys nothing
        twice. After `wait` seconds it returns with what there is; the cover goes on, and get_cover tells more.
        """
        said = {
            "style": style, "provider": provider, "title": title, "lyrics": lyrics, "instrumental": instrumental,
            "voice": voice, "max_usd": max_usd,
        }  # fmt: skip
        wish = {name: value for name, value in said.items() if value not in (None, "", False)}
        async with self._desk() as desk:
            if dry_run:
                return views.considered(await to_thread.run_sync(_considered, desk, song, wish))
            cover = await to_thread.run_sync(_ordered, desk, song, wish, idempotency_key)
            watch, trouble = Watch(desk.client, cover, ctx.report_progress), ""
            try:
                await watch.stay(wait)
            except ApiError as error:
                trouble = f"It is ordered, but could not be watched: {error}. "
            return await to_thread.run_sync(views.made, desk, watch.cover, trouble)

    async def get_cover(self, ctx: Context[Any, Any], id: CoverId, wait: Wait = 0) -> CoverNow:
        """How a cover is doing: its state, its takes with links that play, and if it failed, why and what to do.

        Costs nothing. With `wait` it stays until the cover is over, or so many seconds.
        """
        async with self._desk() as desk:
            cover = await to_thread.run_sync(desk.client.covers.get, id)
            watch = Watch(desk.client, cover, ctx.report_progress)
            await watch.stay(wait)
            return await to_thread.run_sync(views.cover_now, desk, watch.cover)

    async def list_providers(self) -> ProvidersNow:
        """Who can make covers here: what each can express, what a cover costs about, and whether it is usable now.

        Costs nothing.
        """
        async with self._desk() as desk:
            found = await to_thread.run_sync(desk.client.providers)
            return {"providers": [views.provider_now(one) for one in found]}

    @asynccontextmanager
    async def _desk(self) -> AsyncIterator[Desk]:
        desk = await to_thread.run_sync(Desk.of, self.profile)
        try:
            yield desk
        finally:
            desk.close()


def _considered(desk: Desk, named: str, wish: dict[str, Any]) -> Considered:
    uploads = Uploads.of(desk.client, desk.owner)
    return uploads.asked(named, lambda song: desk.client.covers.consider(song.source, **wish))


def _ordered(desk: Desk, named: str, wish: dict[str, Any], key: str) -> Cover:
    def order(song: Named) -> Cover:
        return desk.client.covers.create(song.source, idempotency_key=key or song.key(wish), **wish)

    try:
        return Uploads.of(desk.client, desk.owner).asked(named, order)
    except UnreachableError as error:
        raise UnreachableError(error.what, "make the same call again: it buys nothing twice") from error
