"""What a style's programs are called: names for people, from `instruments.toml`."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from studio.style import Program, Style

DRUMS = 128


@lru_cache(maxsize=1)
def _names() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("instruments.toml").read_text())


def name(program: Program) -> str:
    """Raises KeyError for a patch without a name, IndexError for a number that General MIDI has not."""
    if program == DRUMS:
        return "drum kit"
    known = _names()
    return str(known["patches"][program] if isinstance(program, str) else known["general_midi"][program])


def of_take(style: Style, take: int) -> tuple[str, ...]:
    """The instruments of one take, 0 or 1, the tune's first; each once."""
    return tuple(dict.fromkeys(name(part.program[take % len(part.program)]) for part in style.part))
