"""What a provider can express, as data. The check of a request against it is `assess.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reprise.domain.job import Rhythm, Stage

TEXTS = ("prompt", "lyrics", "style", "title")
OPTIONAL_FIELDS = (
    "negative_style",
    "vocal_gender",
    "style_weight",
    "weirdness",
    "audio_weight",
    "voice",
    "pitch",
    "output",
)


@dataclass(frozen=True, slots=True)
class Length:
    """Of a text, in Unicode code points. Beyond `soft` it is taken, but known to fail now and then further up."""

    most: int
    least: int = 0
    soft: int | None = None


@dataclass(frozen=True, slots=True)
class Model:
    """Most characters of each text in custom mode. `source_seconds` and `credits` stand above the provider's own."""

    lyrics: int = 0
    style: int = 0
    title: int = 0
    source_seconds: int | None = None
    credits: float | None = None
    output_seconds: int | None = None


@dataclass(frozen=True, slots=True)
class SourceLimits:
    """Of the song that comes in, in seconds and bytes. None is a limit that the vendor does not name.

    `warn_seconds` is a second, lower figure that the vendor's page names too. `formats` are suffixes of
    `domain/audio.py`. `pages` says that links to a page (a video site's) are taken as well as links to a file, and
    `file_bytes` up to which size the song itself is taken inside the call.
    """

    most_seconds: int | None = None
    least_seconds: int | None = None
    warn_seconds: int | None = None
    most_bytes: int | None = None
    formats: frozenset[str] | None = None
    pages: bool = False
    file_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class OutputChoices:
    """Encodings on offer; Hz and bit/s."""

    formats: frozenset[str] = frozenset()
    sample_rates: frozenset[int] = frozenset()
    bitrates: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Capabilities:
    """One provider.

    `modes`: it tells an idea from a song of the caller's own words (lyrics, or style and title); `idea` is then the
    idea's length, and `Model` limits the rest. Without modes the texts among `fields` are sent as they are: those in
    `joined` as one text of the length `idea`, and `lyrics` by its own.

    `fields` are the optional ones it can express, `custom_fields` those that it takes in custom mode alone and
    `required` those without which it takes no job. `tracks` is what one job yields, `stages` what it announces,
    `credits` and `usd` what a job costs by its own count and about in money, `parallel` the jobs that it works on at
    once (None: more than anybody has). `by_name`: it does something else than the others, and is chosen only by its
    name, or where no other provider is switched on.
    """

    provider: str
    fields: frozenset[str]
    models: Mapping[str, Model]
    rhythm: Rhythm
    tracks: int
    usd: float
    credits: float | None = None
    default_model: str | None = None
    modes: bool = True
    idea: Length | None = None
    lyrics: Length | None = None
    joined: tuple[str, ...] = ()
    custom_fields: frozenset[str] = frozenset()
    required: tuple[str, ...] = ()
    source: SourceLimits = field(default_factory=SourceLimits)
    output: OutputChoices = field(default_factory=OutputChoices)
    stages: tuple[Stage, ...] = (Stage.COMPLETE,)
    parallel: int | None = None
    by_name: bool = False


ENGINES: Mapping[str, str] = {
    "V3_5": "suno-3.5",
    "V4": "suno-4",
    "V4_5": "suno-4.5",
    "V4_5PLUS": "suno-4.5-plus",
    "V4_5ALL": "suno-4.5-all",
    "V5": "suno-5",
    "V5_5": "suno-5.5",
    "chirp-v4-0": "suno-4",
    "chirp-v4-5": "suno-4.5",
    "chirp-v4-5-plus": "suno-4.5-plus",
    "chirp-v4-5-all": "suno-4.5-all",
    "chirp-v5": "suno-5",
    "chirp-v5-5": "suno-5.5",
}
"""A model's name at a shop -> the engine behind it. The pairing is by name and equal limits; no vendor states it."""
