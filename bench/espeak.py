"""Speech by eSpeak NG, through the library that the package `espeakng-loader` carries; without it there is none."""

import ctypes
import importlib
import importlib.util
from functools import cache
from typing import Any

import numpy as np

from bench.score import Wave

TEXT = (
    "The survey of the coast began in the spring and went on until the first storms of autumn. Nine boats took part, "
    "and each kept a record of the depth, the wind and the tide. What they found was sent by post to the office, where "
    "three clerks drew the charts. Some of these are still in use, though the sand has moved a good deal since."
)
VOICES = (
    ("en", 175, 50), ("en", 130, 30), ("en", 210, 70), ("de", 160, 45),
    ("fr", 170, 55), ("it", 150, 40), ("en-us", 120, 60), ("en+f3", 165, 50),
)  # fmt: skip
"""Voice, words a minute, and pitch from 0 to 99."""

RETRIEVAL, UTF8, BY_CHARACTER = 1, 1, 1
RATE, PITCH = 1, 3
"""Numbers of the library's interface: kinds of output, of text, of position, and its parameters."""


def installed() -> bool:
    return importlib.util.find_spec("espeakng_loader") is not None


@cache
def _library() -> tuple[Any, int]:
    loader = importlib.import_module("espeakng_loader")
    library = ctypes.CDLL(str(loader.get_library_path()))
    rate = int(library.espeak_Initialize(RETRIEVAL, 0, str(loader.get_data_path()).encode(), 0))
    if rate <= 0:
        raise RuntimeError("eSpeak NG did not start")
    return library, rate


def say(voice: str, words_a_minute: int, pitch: int) -> tuple[Wave, int]:
    """TEXT, read aloud: (samples,) and their rate."""
    library, rate = _library()
    parts: list[Wave] = []

    def heard(samples: Any, count: int, _events: int | None) -> int:
        if count > 0:
            parts.append(np.asarray(np.ctypeslib.as_array(samples, (count,)) / 32768, np.float32))
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
    callback = kind(heard)
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.encode()):
        raise RuntimeError(f"eSpeak NG has no voice {voice}")
    library.espeak_SetParameter(RATE, words_a_minute, 0)
    library.espeak_SetParameter(PITCH, pitch, 0)
    text = TEXT.encode()
    library.espeak_Synth(text, len(text) + 1, 0, BY_CHARACTER, 0, UTF8, None, None)
    library.espeak_Synchronize()
    return np.concatenate(parts), rate
