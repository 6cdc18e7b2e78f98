"""Where a fake makes its takes: by the studio's engine where one is set, else by filters, which is quick."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from simulators import audio
from simulators.engine import SETTING, Engine, Wish


class Studio(ThreadPoolExecutor):
    def __init__(self, python: str | None = None) -> None:
        super().__init__(max_workers=2)
        python = python or os.environ.get(SETTING)
        self._engine = Engine(python) if python else None

    def cover(
        self,
        song: bytes,
        style: str,
        take: int,
        title: str = "",
        *,
        alive: Callable[[], None] = lambda: None,
        voice: str = "",
        lift: int = 0,
        bit_rate: int | None = None,
    ) -> bytes:
        """One take as mp3. `voice` is of a vendor that swaps voices, `lift` semitones; `alive` may raise to abandon it.

        Raises audio.NotAudioError for a song that is none.
        """
        made = self._engine.takes(song, Wish(style, voice, lift), alive) if self._engine else ()
        if not made:
            return audio.cover(song, voice or style, take, title, alive, lift, bit_rate or audio.BIT_RATE)
        return audio.recoded(made[take], "mp3", bit_rate=bit_rate) if bit_rate else made[take]
