"""What goes wrong on a laptop, said so that it can be mended.

LocalError            every expected failure of the local run; `str()` is what the user reads
"""

from pathlib import Path

TAIL_LINES = 15


class LocalError(Exception):
    """What is wrong, how to mend it, and the end of the log that shows it."""

    def __init__(self, what: str, mend: str, log: Path | None = None) -> None:
        self.what, self.mend, self.log = what, mend, log
        super().__init__(what)

    def __str__(self) -> str:
        lines = [self.what, f"To mend it: {self.mend}"]
        if self.log is not None and (end := tail(self.log)):
            lines += [f"The end of {self.log}:", *(f"  | {line}" for line in end)]
        return "\n".join(lines)


def tail(log: Path, lines: int = TAIL_LINES) -> list[str]:
    """The last lines of a log, empty if there is none."""
    if not log.is_file():
        return []
    return log.read_text(errors="replace").splitlines()[-lines:]
