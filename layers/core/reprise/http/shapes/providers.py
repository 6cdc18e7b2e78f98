"""What providers can do, and what they would make of a wish."""

from typing_extensions import TypedDict

from reprise.domain.job import Stage
from reprise.http.shapes.texts import Moment


class LookedAt(TypedDict):
    """What a bounded look at the song told; null is not known."""

    seconds: float | None
    bytes: int | None
    format: str | None


class Reason(TypedDict):
    field: str
    rule: str
    message: str


class Option(TypedDict):
    """What one provider would make of the wish."""

    provider: str
    able: bool
    reasons: list[Reason]
    model: str | None
    dropped: list[str]
    clipped: list[str]
    warnings: list[str]
    estimated_credits: float | None
    estimated_usd: float | None


class DryRun(TypedDict):
    """Nothing was stored and nobody was paid. `chosen` would be paid now; null is nobody."""

    chosen: str | None
    source: LookedAt
    providers: list[Option]


class Model(TypedDict):
    """Most characters of each text in custom mode; seconds and credits stand above the provider's own."""

    name: str
    lyrics: int
    style: int
    title: int
    source_seconds: int | None
    credits: float | None
    output_seconds: int | None


class Length(TypedDict):
    """Of a text, in Unicode code points. Beyond `soft` it is taken, but known to fail now and then."""

    most: int
    least: int
    soft: int | None


class SourceLimits(TypedDict):
    """Null is a limit that the vendor does not name. `pages`: links to a page are taken as well as links to a file."""

    most_seconds: int | None
    least_seconds: int | None
    warn_seconds: int | None
    most_bytes: int | None
    formats: list[str] | None
    pages: bool
    file_bytes: int | None


class OutputChoices(TypedDict):
    """Hz and bit/s."""

    formats: list[str]
    sample_rates: list[int]
    bitrates: list[int]


class Provider(TypedDict):
    """What one provider can do, with the owner's settings, and how it is doing."""

    provider: str
    enabled: bool
    reason: str | None
    healthy: bool
    failures_in_a_row: int
    passed_over_until: Moment | None
    models: list[Model]
    default_model: str | None
    fields: list[str]
    custom_mode_only: list[str]
    required: list[str]
    modes: bool
    idea: Length | None
    lyrics: Length | None
    source: SourceLimits
    output: OutputChoices
    stages: list[Stage]
    calls_back: bool
    tracks: int
    parallel: int | None
    estimated_credits: float | None
    estimated_usd: float


class Providers(TypedDict):
    providers: list[Provider]
