"""Where a General MIDI soundfont is found: the path that is asked for, the system's, the one inside `pretty_midi`.

The first is `REPRISE_SOUNDFONT` or an argument. Debian's `fluidr3mono-gm-soundfont` (MIT, 23 MB) is the nicest of the
system's. `pretty_midi` carries TimGM6mb (GPL-2, 6 MB): it is read as data where it lies, never copied. Chip styles
need none of them.
"""

import importlib.util
import os
from functools import lru_cache
from pathlib import Path

from studio.errors import NoFontError
from studio.soundfont import SoundFont

SETTING = "REPRISE_SOUNDFONT"
FOLDERS = (Path("/usr/share/sounds/sf3"), Path("/usr/share/sounds/sf2"), Path("/usr/share/soundfonts"))
PREFERRED = ("FluidR3Mono_GM.sf3", "MuseScore_General.sf3", "FluidR3_GM.sf2", "TimGM6mb.sf2")


def find(configured: Path | None = None) -> Path | None:
    asked = configured or (Path(os.environ[SETTING]) if os.environ.get(SETTING) else None)
    if asked is not None:
        if not asked.is_file():
            raise NoFontError(f"there is no soundfont at {asked}")
        return asked
    return next((path for path in _usual() if path.is_file()), None)


def _usual() -> list[Path]:
    paths = [folder / name for name in PREFERRED for folder in FOLDERS]
    package = importlib.util.find_spec("pretty_midi")
    if package is not None and package.origin is not None:
        paths.append(Path(package.origin).with_name("TimGM6mb.sf2"))
    return paths


@lru_cache(maxsize=4)
def opened(path: Path) -> SoundFont:
    return SoundFont(path)
