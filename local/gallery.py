"""`make gallery`: a song in every style of the studio, on a page in OUT/gallery."""

import os
import subprocess
from pathlib import Path

from local.checks import title_of, usable_out, usable_song
from local.demo import own_song
from local.errors import LocalError
from local.show import note
from local.stack import HOME, ROOT
from local.studio import python


def gallery(song: str | None, out: Path, *, home: Path = HOME / "gallery") -> int:
    """The exit code of what renders, which has an environment of its own and tells how far it is."""
    engine = python()
    if engine is None:
        raise LocalError("The studio is not installed.", "see what `make gallery` says about .venv-studio")
    path = usable_song(song) if song else None
    out = usable_out(out)
    path, title = (path, title_of(path)) if path else own_song(home)
    note(f"{title} in every style: a few seconds each, two at once where there are two cores.")
    command = [str(engine), "-m", "studio.gallery", f"--title={title}", f"--out={out / 'gallery'}", "--", str(path)]
    return subprocess.run(command, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False).returncode
