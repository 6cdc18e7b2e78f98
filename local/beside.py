"""A command beside a stack of its own, such as the console's tests: a file tells where it is."""

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from local import song
from local.stack import running_stack, write_stack
from local.studio import installed


def beside(command: Sequence[str], *, pace: float = 1.0) -> int:
    """Its exit code. STACK_FILE is what `up` keeps in .local/stack.json; SONG_FILE is a song to drop."""
    with (
        tempfile.TemporaryDirectory(prefix="reprise-") as folder,
        running_stack(Path(folder), pace=pace, studio=installed()) as running,
    ):
        home = Path(folder)
        write_stack(running.stack, home / "stack.json")
        song.render(home / "song.mp3")
        told = {"STACK_FILE": str(home / "stack.json"), "SONG_FILE": str(home / "song.mp3")}
        return subprocess.run(command, env={**os.environ, **told}, check=False).returncode
