"""`make gallery`: a song in every style of the studio, on a page in OUT/gallery."""

import os
from pathlib import Path

from local.checks import title_of, usable_out, usable_song
from local.demo import own_song
from local.errors import LocalError
from local.processes import spawn, stop_group
from local.show import note
from local.stack import HOME, ROOT
from local.studio import python


def gallery(song: str | None, out: Path, *, home: Path = HOME / "gallery") -> int:
    """Shows how far the studio is, which renders in its own environment and ends with us. Returns 0."""
    engine = python()
    if engine is None:
        raise LocalError("The studio is not installed.", "see what `make gallery` says about .venv-studio")
    path = usable_song(song) if song else None
    folder = usable_out(out).resolve() / "gallery"
    path, title = (path, title_of(path)) if path else own_song(home)
    note(f"{title} in every style: a few seconds each, two at once where there are two cores.")
    asked = [f"--title={title}", f"--out={folder}", "--", str(path.resolve())]
    _render([str(engine), "-m", "studio.gallery", *asked], home / "gallery.log")
    return 0


def _render(command: list[str], log: Path) -> None:
    log.unlink(missing_ok=True)
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    process = spawn(command, env=environment, cwd=ROOT, log=log, pipe=True)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            note(line.decode().rstrip())
        code = process.wait()
    finally:
        stop_group(process)
    if code:
        raise LocalError("The gallery could not be made.", "see why below; a song with a clear tune is needed", log)
