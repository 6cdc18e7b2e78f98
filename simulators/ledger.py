"""What was bought and what was said, kept by the one who would send the bill.

A row is one accepted, and therefore charged, submit. The callback URL is what tells one job of a client from another:
two purchases under one URL are a song paid twice. A vendor that knows no callback goes by what else the client sends
with one job only, such as an id of its own or the link to the song.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit


def redacted(url: str) -> str:
    """The URL without its secrets: no query string and no last path segment."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "***"
    path = parts.path.rpartition("/")[0] + "/***" if parts.path.strip("/") else parts.path
    host = parts.netloc.rpartition("@")[2]
    return f"{parts.scheme}://{host}{path}" if host else "***"


def job_of(mark: str) -> str:
    """A name for the job behind a callback URL, or another mark of the client's, that gives nothing of it away."""
    return hashlib.sha256(mark.encode()).hexdigest()[:16]


def summary(body: Mapping[str, Any], *, urls: Collection[str], texts: Collection[str]) -> dict[str, Any]:
    """What is kept of a request: no URL, and of the long texts only length and fingerprint."""
    kept = {name: value for name, value in body.items() if name not in urls and name not in texts}
    return kept | {name: _fingerprint(str(body.get(name) or "")) for name in texts}


def _fingerprint(text: str) -> dict[str, Any]:
    return {"length": len(text), "sha256": hashlib.sha256(text.encode()).hexdigest()[:16]}


@dataclass(slots=True)
class Purchase:
    at: float
    task: str
    job: str
    upload_url: str
    callback_url: str
    request: dict[str, Any]
    credits: int
    reply: str = "ok"  # what the buyer was told: ok, hang, reset, a code
    outcome: str = "running"
    refunded: int = 0


@dataclass(slots=True)
class Ledger:
    balance: int
    rows: list[Purchase] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    replies: Counter[str] = field(default_factory=Counter)
    callbacks: list[dict[str, Any]] = field(default_factory=list)
    made: list[dict[str, Any]] = field(default_factory=list)
    refunded: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def buy(self, purchase: Purchase) -> bool:
        """Charge it and write it down, or refuse for want of credits."""
        with self._lock:
            if self.balance < purchase.credits:
                return False
            self.balance -= purchase.credits
            self.rows.append(purchase)
            return True

    def refund(self, task: str) -> None:
        with self._lock:
            for row in self.rows:
                if row.task == task:
                    row.refunded += row.credits
                    self.balance += row.credits
                    self.refunded += row.credits

    def settle(self, task: str, outcome: str) -> None:
        with self._lock:
            for row in self.rows:
                if row.task == task:
                    row.outcome = outcome

    def delivered(self, task: str, take: int, song: bytes) -> None:
        """A finished file, as its link serves it when it does not lie."""
        with self._lock:
            digest = hashlib.sha256(song).hexdigest()
            self.made.append({"task": task, "take": take, "bytes": len(song), "sha256": digest})

    def count(self, request: str, reply: str) -> None:
        with self._lock:
            self.requests[request] += 1
            self.replies[reply] += 1

    def called(self, at: float, task: str, stage: str, attempt: int, answer: str) -> None:
        with self._lock:
            self.callbacks.append({"at": at, "task": task, "stage": stage, "attempt": attempt, "answer": answer})

    def view(self) -> dict[str, Any]:
        with self._lock:
            rows = [asdict(row) for row in self.rows]
            jobs = Counter(row.job for row in self.rows)
            totals = {
                "purchases": len(rows),
                "jobs": len(jobs),
                "most_per_job": max(jobs.values(), default=0),
                "credits_spent": sum(row.credits for row in self.rows),
                "credits_refunded": self.refunded,
                "balance": self.balance,
                "callbacks_sent": len(self.callbacks),
                "callbacks_answered": dict(Counter(call["answer"] for call in self.callbacks)),
            }
            counts = {"requests": dict(self.requests), "replies": dict(self.replies)}
            return {"rows": rows, "purchases_per_job": dict(jobs), "totals": totals, "counts": counts} | {
                "callbacks": list(self.callbacks),
                "made": list(self.made),
            }
