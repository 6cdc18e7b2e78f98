"""How likely each note sounds at each moment: a small neural net (basic-pitch's, Apache-2.0) through onnxruntime.

The net hears windows of two seconds at 22.05 kHz and answers 172 frames of 256 samples. Its edges are unsure, so
windows overlap and the middle 142 frames of each are kept: laid end to end they make one even grid.
"""

import importlib.util
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from studio import cores
from studio.folding import folded
from studio.model import Curve, Wave

RATE = 22050
HOP = 256
FRAME = HOP / RATE
"""seconds a frame"""
LOWEST = 21
"""MIDI pitch of the first of 88 columns"""
WINDOW, KEPT, EDGE = 43844, 142, 15
OUTPUTS = [f"StatefulPartitionedCall:{number}" for number in (1, 2, 0)]
"""notes, onsets, contour"""

SETTING = "REPRISE_NOTE_MODEL"
INSIDE = "saved_models/icassp_2022/nmp.onnx"


@dataclass(frozen=True)
class Posterior:
    notes: Curve
    """(frames, 88): a note sounds, 0 to 1"""
    onsets: Curve
    """(frames, 88): a note begins"""
    contour: NDArray[np.float32]
    """(frames, 264): pitch by thirds of a semitone, from a third under LOWEST"""


def model_path() -> Path:
    """The configured file, or the one inside the installed `basic_pitch` (found without importing it)."""
    if os.environ.get(SETTING):
        return Path(os.environ[SETTING])
    package = importlib.util.find_spec("basic_pitch")
    if package is None or package.origin is None:
        raise FileNotFoundError(f"no note model: install basic-pitch (--no-deps) or set {SETTING}")
    return Path(package.origin).parent / INSIDE


@lru_cache(maxsize=1)
def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(folded(path.read_bytes()), options, providers=["CPUExecutionProvider"])


def posterior(mono: Wave) -> Posterior:
    """(samples,) at RATE -> the three grids, one frame every FRAME seconds."""
    session = _session(model_path())
    frames = -(-mono.size // HOP)
    count = -(-frames // KEPT)
    padded = np.zeros(EDGE * HOP + count * KEPT * HOP + WINDOW, np.float32)
    padded[EDGE * HOP : EDGE * HOP + mono.size] = mono
    starts = np.arange(count) * KEPT * HOP
    source = session.get_inputs()[0].name

    def heard(start: int) -> list[NDArray[np.float32]]:
        answers = session.run(OUTPUTS, {source: padded[None, start : start + WINDOW, None]})
        return [answer[0, EDGE : EDGE + KEPT] for answer in answers]

    # Two windows at a time on a thread each is a third cheaper than two threads within the net, and one window a run an
    # eighth cheaper than four: its layers stay in the cache.
    parts = cores.each(heard, starts.tolist())
    notes, onsets, contour = (np.concatenate(part)[:frames] for part in zip(*parts, strict=True))
    return Posterior(notes.astype(np.float64), onsets.astype(np.float64), contour)
