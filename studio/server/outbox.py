"""Callbacks that wait to be sent. Each is stored with the change that it tells of, and goes out after it."""

from dataclasses import dataclass

from studio.server.database import Database

LAST = ("complete", "failed")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A callback that is to be sent now; `tries` have failed before."""

    number: int
    task: str
    type: str
    url: str
    body: bytes
    tries: int

    @property
    def last(self) -> bool:
        """None comes after it."""
        return self.type in LAST


class Outbox:
    def __init__(self, base: Database) -> None:
        self._base = base

    def put(self, task: str, type: str, url: str, body: bytes) -> None:
        """Within a change. The same type a second time changes nothing."""
        self._base.row(
            "INSERT OR IGNORE INTO callbacks (task, type, url, body, due) VALUES (?, ?, ?, ?, ?)",
            task, type, url, body, self._base.clock(),
        )  # fmt: skip

    def drop(self, task: str) -> None:
        """Within a change: nothing more is told of this task."""
        self._base.row("UPDATE callbacks SET due = NULL WHERE task = ?", task)

    def claim(self, seconds: float) -> Waiting | None:
        """One that is due and the first of its task; nobody else gets it for so long."""
        with self._base.change():
            now = self._base.clock()
            row = self._base.row(
                "SELECT * FROM callbacks AS one WHERE due <= ? AND NOT EXISTS (SELECT 1 FROM callbacks AS other"
                " WHERE other.task = one.task AND other.number < one.number AND other.due IS NOT NULL)"
                " ORDER BY due LIMIT 1",
                now,
            )
            if row is None:
                return None
            self._base.row("UPDATE callbacks SET due = ? WHERE number = ?", now + seconds, row["number"])
            return Waiting(row["number"], row["task"], row["type"], row["url"], row["body"], row["tries"])

    def settle(self, number: int, pause: float | None) -> None:
        """After a try: None says that the callback is over, else it is due again in so many seconds."""
        due = None if pause is None else self._base.clock() + pause
        with self._base.change():
            self._base.row(
                "UPDATE callbacks SET tries = tries + 1, due = ? WHERE number = ? AND due IS NOT NULL", due, number
            )

    def recover(self) -> None:
        """After a start all that waits is due: nobody is at it, and who was down may be back."""
        with self._base.change():
            self._base.row("UPDATE callbacks SET due = ? WHERE due IS NOT NULL", self._base.clock())

    def count(self) -> int:
        return self._base.count("SELECT count(*) FROM callbacks WHERE due IS NOT NULL")
