"""What stands in the middle of a stereo mix: as a rule the singer, bass and kick drum."""

import numpy as np

from studio.model import Wave
from studio.stft import Spectra


def share(left: Spectra, right: Spectra) -> Wave:
    """Spectra of the two sides (any shape, complex) -> 0 to 1: how alike, in level and phase, to the fourth power."""
    both = left.real**2 + left.imag**2 + right.real**2 + right.imag**2
    alike = np.clip(2 * (left.real * right.real + left.imag * right.imag) / (both + np.float32(1e-12)), 0, 1)
    kept: Wave = (alike**2) ** 2
    return kept


def is_wide(planes: Wave) -> bool:
    """Whether (2, samples) holds so much beside its middle that taking the middle is worth it."""
    if planes.shape[0] < 2:
        return False
    middle, side = planes[0] + planes[1], planes[0] - planes[1]
    return float((side**2).mean()) > 0.03 * float((middle**2).mean())
