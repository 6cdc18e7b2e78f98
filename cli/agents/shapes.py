"""What the tools answer; the SDK makes their output schemas of it."""

from typing import Annotated

from pydantic import Field
from reprise.domain.job import Stage, State, TrackState
from reprise.http.shapes.providers import DryRun
from typing_extensions import TypedDict

Link = Annotated[str | None, Field(description="Plays without a key for 15 minutes; get_cover gives a fresh one.")]


class Take(TypedDict):
    """A version of the cover; one that is `kept` is checked audio in the owner's bucket."""

    number: int
    status: TrackState
    title: str | None
    seconds: float | None
    link: Link


class CoverNow(TypedDict):
    id: str
    state: Annotated[State, Field(description="It is over once this is succeeded, failed or canceled.")]
    stage: Stage
    provider: str
    estimated_usd: Annotated[float, Field(description="By price lists; never a bill.")]
    created_at: str
    left_out: Annotated[list[str], Field(description="Wishes that the provider could not express or cut short.")]
    takes: list[Take]
    summary: str
    timeline: Annotated[list[str], Field(description="Of one that failed: what happened, line by line.")]
    next_step: str


class Made(TypedDict):
    """`cover` is null after a dry run, `dry_run` after an order."""

    cover: CoverNow | None
    made_before: Annotated[bool, Field(description="This same call had made this cover: nothing was paid again.")]
    dry_run: Annotated[DryRun | None, Field(description="`chosen` would be paid now; null: nobody can do it.")]
    next_step: str


class ProviderNow(TypedDict):
    provider: str
    usable: Annotated[bool, Field(description="Switched on by the owner, and well.")]
    reason: Annotated[str | None, Field(description="Why it is not usable.")]
    estimated_usd: Annotated[float, Field(description="Of one cover, by price lists.")]
    takes: int
    wishes: Annotated[list[str], Field(description="What it can express; any other wish is left out.")]
    required: list[str]
    models: list[str]
    longest_song_seconds: int | None
    song_formats: Annotated[list[str] | None, Field(description="Null: not limited by the provider.")]


class ProvidersNow(TypedDict):
    providers: list[ProviderNow]
