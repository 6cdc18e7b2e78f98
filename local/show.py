"""How the demo looks: a bar that follows the job on a terminal, plain lines elsewhere."""

from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.table import Table

Job = dict[str, Any]
PERCENT = {
    ("queued", "none"): 5, ("submitting", "none"): 10, ("running", "none"): 20, ("running", "text"): 40,
    ("running", "first"): 65, ("running", "complete"): 80, ("archiving", "complete"): 90,
}  # fmt: skip
STAGES = {"none": "waiting", "text": "lyrics are there", "first": "first take", "complete": "all takes"}

console = Console(highlight=False, soft_wrap=True)


def note(line: str) -> None:
    console.print(escape(line))


class Progress:
    """One job on its way. On a terminal one line that moves; else one line per change."""

    def __init__(self, title: str, console: Console = console) -> None:
        self._console = console
        self._bar = Bar(
            TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[words]}"), TimeElapsedColumn(),
            console=console, disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task(escape(title), total=100, words="uploading")
        self._last = ""

    def __enter__(self) -> "Progress":
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def show(self, job: Job) -> None:
        words = words_for(job)
        done = 100 if job["state"] == "succeeded" else PERCENT.get((job["state"], job["stage"]))
        self._bar.update(self._task, completed=done, words=escape(words))
        if not self._console.is_terminal and words != self._last:
            self._console.print(escape(f"  {words}"))
        self._last = words


def words_for(job: Job) -> str:
    stage = f", {STAGES[job['stage']]}" if job["state"] == "running" else ""
    attempt = f", attempt {job['attempt']}" if job["attempt"] > 1 else ""
    return f"{job['state']}{stage} · {job['provider']}{attempt}"


def summary(job: Job, entries: list[Job], files: list[Path]) -> None:
    """`files` are those of the tracks that are kept, in their order."""
    console.print(_timeline(entries))
    kept = [track for track in job["tracks"] if track["status"] == "kept"]
    for path, track in zip(files, kept, strict=bool(files)):
        note(f"  {path}  {length(track.get('duration_seconds'))}  {size(path.stat().st_size)}")
    if failure := job.get("failure"):
        note(f"The cover failed: {failure['reason']}: {failure['message']}")


def length(seconds: float | None) -> str:
    return "?:??" if seconds is None else f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def size(count: int) -> str:
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.1f} kB"


def _timeline(entries: list[Job]) -> Table:
    table = Table(title="What happened", box=None, title_justify="left")
    table.add_column("s", justify="right")
    table.add_column("what")
    table.add_column("in words")
    start = datetime.fromisoformat(entries[0]["at"]) if entries else None
    for entry in entries:
        since = datetime.fromisoformat(entry["at"]) - (start or datetime.fromisoformat(entry["at"]))
        table.add_row(f"{since.total_seconds():.2f}", escape(entry["type"]), escape(entry["message"]))
    return table
