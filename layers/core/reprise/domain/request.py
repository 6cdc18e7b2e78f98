"""The canonical request: what the native API speaks, dialects translate into and providers out of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

DEADLINE_SECONDS = 1200


class Mode(StrEnum):
    """SIMPLE gives the provider an idea; CUSTOM fixes lyrics, or style and title."""

    SIMPLE = "simple"
    CUSTOM = "custom"


class WhenUnknown(StrEnum):
    """What to do when nobody can tell whether the provider took (and charged) a submit."""

    FAIL = "fail"
    RESUBMIT = "resubmit"


@dataclass(frozen=True, slots=True)
class Source:
    """The song that comes in: a public `url`, or a `key` in the inbox bucket. Exactly one is set.

    `name` is what its file was called where it came from, for people to read.
    """

    url: str | None = None
    key: str | None = None
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Output:
    """Encoding asked for: `sample_rate` in Hz, `bitrate` in bit/s."""

    format: str | None = None
    sample_rate: int | None = None
    bitrate: int | None = None


@dataclass(frozen=True, slots=True)
class Visit:
    """How a vendor's client asked: its `dialect`, where it wants to be called back, and its own words for echoing.

    `echo` is the request as the client wrote it, as JSON, URLs redacted.
    """

    dialect: str
    callback_url: str | None = None
    echo: str = "{}"


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where the caller wants to hear of this cover; of all `events` where none is named."""

    url: str
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CoverRequest:
    """One wish. Weights are 0..1 in steps of 0.01, `pitch` is in semitones, `deadline` in seconds.

    `providers` are those that the caller names, best first; none leaves the choice to us. `max_usd` caps what all
    attempts together may be estimated to cost. `visit` is set where the wish came in a vendor's own words.
    """

    source: Source
    providers: tuple[str, ...] = ()
    model: str | None = None
    prompt: str | None = None
    lyrics: str | None = None
    style: str | None = None
    title: str | None = None
    instrumental: bool = False
    negative_style: str | None = None
    vocal_gender: str | None = None
    style_weight: float | None = None
    weirdness: float | None = None
    audio_weight: float | None = None
    voice: str | None = None
    pitch: int | None = None
    output: Output | None = None
    deadline: int = DEADLINE_SECONDS
    strict: bool = False
    when_unknown: WhenUnknown = WhenUnknown.FAIL
    max_usd: float | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    visit: Visit | None = None
    webhook: Webhook | None = None

    @property
    def mode(self) -> Mode:
        """Lyrics, or style and title together, make it custom; a prompt (or a bare style) is simple."""
        return Mode.CUSTOM if self.lyrics or (self.style and self.title) else Mode.SIMPLE

    @property
    def idea(self) -> str:
        """Simple mode's one text: the prompt, and a style beside it that no title makes custom."""
        return ", ".join(text for text in (self.prompt, self.style) if text)
