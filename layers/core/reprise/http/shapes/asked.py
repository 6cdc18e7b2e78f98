"""A request as it was understood."""

from typing_extensions import TypedDict

from reprise.domain.request import Mode, WhenUnknown


class AskedSource(TypedDict, total=False):
    """The song that came in: a link, without what looks secret in it, or an object in the inbox. `name` is what its
    file was called, where that was said."""

    url: str
    object: str | None
    name: str


class AskedOutput(TypedDict):
    """The encoding that was asked for."""

    format: str | None
    sample_rate: int | None
    bitrate: int | None


class AskedWebhook(TypedDict):
    """Where the caller hears of this cover. The URL is told without what looks secret in it."""

    url: str
    events: list[str]


class Plain(TypedDict):
    mode: Mode
    source: AskedSource
    provider: str | list[str]
    instrumental: bool
    deadline: int
    strict: bool
    when_unknown: WhenUnknown
    metadata: dict[str, str]


class Asked(Plain, total=False):
    """The request as it was understood; what was not asked for is not there. `dialect` and `callback_url` are of a
    cover that came in a vendor's own words."""

    model: str
    prompt: str
    lyrics: str
    style: str
    title: str
    negative_style: str
    vocal_gender: str
    style_weight: float
    weirdness: float
    audio_weight: float
    voice: str
    pitch: int
    output: AskedOutput
    max_usd: float
    webhook: AskedWebhook
    dialect: str
    callback_url: str | None
