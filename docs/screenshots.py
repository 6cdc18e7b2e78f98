"""The pictures of the command at work: its real output on a pseudo-terminal, drawn as SVG.

`make screenshots` runs this beside a stack of its own (STACK_FILE and SONG_FILE, see local/beside.py).
"""

import errno
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import termios
from collections.abc import Iterator, Mapping
from pathlib import Path

import httpx
from rich.console import Console
from rich.terminal_theme import DIMMED_MONOKAI
from rich.text import Text

FOLDER = Path(__file__).parent / "terminal"
REPRISE = Path(sys.executable).with_name("reprise")
COLUMNS, ROWS = 100, 40
FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""Rich's come from a host that is none of ours; without them the reader's monospace serves."""

SONG = "song.mp3"
COVER = ["cover", SONG, "--style", "lo-fi jazz", "--provider", "kie", "--out", "out"]
DOOMED = ["cover", SONG, "--style", "lo-fi jazz", "--provider", "kie", "--no-watch"]
FAULTS = {"error_code": "413"}
"""It says that the song matches an existing work."""


def main() -> None:
    stack = Path(os.environ["STACK_FILE"])
    with tempfile.TemporaryDirectory() as home:
        environment = surroundings(stack.parent, Path(home))
        shutil.copy(os.environ["SONG_FILE"], Path(home, SONG))
        draw("cover", COVER, on_terminal(COVER, environment, home))
        timeline = ["timeline", failed_cover(json.loads(stack.read_text())["simulators"]["kie"], environment, home)]
        draw("timeline", timeline, on_terminal(timeline, environment, home))


def surroundings(stack: Path, home: Path) -> dict[str, str]:
    """No profile, key or colour of whoever runs this."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("REPRISE_") and name != "NO_COLOR"}
    own = {"REPRISE_LOCAL": str(stack), "REPRISE_CONFIG": str(home / "profiles.json"), "TERM": "xterm-256color"}
    return kept | own | {"COLUMNS": str(COLUMNS), "LINES": str(ROWS)}


def failed_cover(kie: str, environment: Mapping[str, str], home: str) -> str:
    """The id of a cover whose song the fake of kie.ai refuses."""
    httpx.post(f"{kie}/_control/faults", json=FAULTS).raise_for_status()
    ordered = [str(REPRISE), *DOOMED]
    made = subprocess.run(ordered, env=environment, cwd=home, check=True, capture_output=True, text=True)  # noqa: S603 - ours
    cover = made.stdout.strip()
    ended = subprocess.run([str(REPRISE), "watch", cover], env=environment, cwd=home, check=False, capture_output=True)  # noqa: S603 - ours
    if ended.returncode != 1:
        raise SystemExit(f"{cover} was to fail, but `reprise watch` left with {ended.returncode}")
    return cover


def on_terminal(arguments: list[str], environment: Mapping[str, str], home: str) -> str:
    """What the command wrote, control sequences and all. Raises CalledProcessError unless it went well."""
    ours, its = pty.openpty()
    termios.tcsetwinsize(its, (ROWS, COLUMNS))
    command = [str(REPRISE), *arguments]
    with subprocess.Popen(command, stdin=its, stdout=its, stderr=its, env=environment, cwd=home) as process:  # noqa: S603 - ours
        os.close(its)
        written = b"".join(_pieces(ours))
    os.close(ours)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command, written)
    return written.decode()


def _pieces(terminal: int) -> Iterator[bytes]:
    """Until the command has gone: Linux says EIO then, macOS nothing more."""
    while True:
        try:
            piece = os.read(terminal, 65536)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            return
        if not piece:
            return
        yield piece


def draw(name: str, arguments: list[str], written: str) -> None:
    """The last screen: of a bar that moved in its line (carriage returns), what it came to."""
    with open(os.devnull, "w") as nowhere:
        screen = Console(record=True, file=nowhere, width=COLUMNS, force_terminal=True, color_system="truecolor")
        screen.print(Text("$ ", "dim").append(shlex.join(["reprise", *arguments]), "not dim bold"))
        screen.print(Text.from_ansi(written.replace("\r\n", "\n").rstrip()))
        drawn = screen.export_svg(title="Reprise", theme=DIMMED_MONOKAI, unique_id=name)
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{name}.svg").write_text(FONTS.sub("", drawn))


if __name__ == "__main__":
    main()
