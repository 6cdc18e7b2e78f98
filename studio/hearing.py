"""What is to be known of a song before anybody covers it: heard once, whatever it is made into."""

from dataclasses import dataclass
from pathlib import Path

from studio import audio, picture
from studio.analysis import analyse
from studio.model import Analysis, Wave
from studio.posterior import RATE


@dataclass(frozen=True)
class Song:
    heard: Analysis
    outline: picture.Outline


def listen(path: Path) -> Song:
    """Raises a StudioError for what cannot be covered."""
    return heard_in(audio.decode(path, RATE), RATE)


def heard_in(samples: Wave, rate: int) -> Song:
    """(channels, samples) at `rate` Hz."""
    return Song(analyse(samples, rate), picture.Outline.of(samples, rate))
