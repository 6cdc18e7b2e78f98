"""What stands in the middle of a stereo mix: as a rule the singer, bass and kick drum."""

import numpy as np

from studio.model import Wave
from studio.stft import Spectra

SHARPNESS = 4.0


def share(left: Spectra, right: Spectra) -> Wave:
    """Spectra of the two sides (any shape, complex) -> 0 to 1: how alike, in level and phase, they are there."""
    both = np.abs(left) ** 2 + np.abs(right) ** 2
    alike = 2 * np.real(left * np.conj(right)) / (both + 1e-12)
    kept: Wave = (np.clip(alike, 0, 1) ** SHARPNESS).astype(np.float32)
    return kept


def is_wide(planes: Wave) -> bool:
    """Whether (2, samples) holds so much beside its middle that taking the middle is worth it."""
    if planes.shape[0] < 2:
        return False
    middle, side = planes[0] + planes[1], planes[0] - planes[1]
    return float((side**2).mean()) > 0.03 * float((middle**2).mean())
