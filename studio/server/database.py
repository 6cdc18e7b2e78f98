"""One SQLite file. What is in it survives whatever happens to the process.

One process has it: locking is exclusive, which also spares WAL its shared memory, so that the file may lie on a
network disk with one host on it (https://www.sqlite.org/wal.html, "Use of WAL Without Shared-Memory").
"""

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS tasks (
    id TEXT PRIMARY KEY, key TEXT UNIQUE, fingerprint TEXT NOT NULL, asked TEXT NOT NULL, secret TEXT NOT NULL,
    status TEXT NOT NULL, stage TEXT NOT NULL, made TEXT NOT NULL, error TEXT, runs INTEGER NOT NULL,
    deaths INTEGER NOT NULL, created REAL NOT NULL, ended REAL, kept INTEGER NOT NULL) STRICT;
CREATE INDEX IF NOT EXISTS by_status ON tasks (status, created);
CREATE TABLE IF NOT EXISTS callbacks (
    number INTEGER PRIMARY KEY, task TEXT NOT NULL, type TEXT NOT NULL, url TEXT NOT NULL, body BLOB NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0, due REAL, UNIQUE (task, type)) STRICT;
CREATE INDEX IF NOT EXISTS by_due ON callbacks (due) WHERE due IS NOT NULL;
"""
"""A callback with `due` is waiting; one without was taken, or given up."""


class Database:
    def __init__(self, path: Path, clock: Callable[[], float] = time.time) -> None:
        """`clock` in Unix seconds. Raises sqlite3.OperationalError where another process has the file."""
        self.clock = clock
        self._lock = threading.RLock()
        self._base = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=2)
        self._base.row_factory = sqlite3.Row
        self._base.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._base.execute("PRAGMA journal_mode = WAL")
        self._base.execute("PRAGMA synchronous = FULL")
        self._base.executescript(SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._base.close()

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing, and nobody else's in between. Not to be nested."""
        with self._lock:
            self._base.execute("BEGIN IMMEDIATE")
            try:
                yield self._base
            except BaseException:
                self._base.execute("ROLLBACK")
                raise
            self._base.execute("COMMIT")

    def row(self, statement: str, *values: object) -> sqlite3.Row | None:
        """The first row; inside a change it sees what was changed."""
        with self._lock:
            found: sqlite3.Row | None = self._base.execute(statement, values).fetchone()
            return found

    def count(self, statement: str, *values: object) -> int:
        row = self.row(statement, *values)
        return int(row[0]) if row else 0
