"""The real use cases on the memory adapters, vendors with ledgers, and a fuse that can blow at any port call."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from reprise.domain.capabilities import Capabilities
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import Entry, Job, ProviderError, Stage, Take
from reprise.domain.request import CoverRequest
from reprise.errors import StillRunningError
from reprise.memory import MemoryClock, MemoryJobs, MemoryQueue
from reprise.ports import CallbackMessage, Claim, Download, Order, Provider
from reprise.providers.kie import CAPABILITIES
from reprise.usecases.callback import CallbackAddress

from tests.factories import a_request, a_take
from tests.simulation.works import Ports, Works

SONG = b"ID3" + bytes(20_000)
STAGES = (Stage.TEXT, Stage.FIRST, Stage.COMPLETE)


class CrashError(BaseException):
    """The process is gone: nothing in the product may catch it."""


@dataclass
class Fuse:
    """Blows once, before or after the effect of the `at`-th port call."""

    at: int = -1
    after: bool = False
    calls: list[str] = field(default_factory=list)

    def guard(self, port: Any, name: str = "") -> Any:
        return _Guarded(port, self, name or type(port).__name__)

    def run(self, name: str, call: Callable[[], Any]) -> Any:
        self.calls.append(name)
        mine = len(self.calls) - 1 == self.at
        if mine and not self.after:
            raise CrashError(f"before {name}")
        result = call()
        if mine and self.after:
            raise CrashError(f"after {name}")
        return result


class _Guarded:
    def __init__(self, port: Any, fuse: Fuse, name: str) -> None:
        self._port, self._fuse, self._name = port, fuse, name

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if not callable(found) or method in ("now", "sleep"):
            return found
        return lambda *args, **rest: self._fuse.run(f"{self._name}.{method}", lambda: found(*args, **rest))


@dataclass
class Vendor:
    """Takes orders, keeps its own ledger, and can be asked how a task is doing.

    One that `refuses` takes no order, one that `breaks` fails each task that it took.
    """

    purchases: list[Order] = field(default_factory=list)
    capabilities: Capabilities = CAPABILITIES
    refuses: ProviderError | None = None
    breaks: ProviderError | None = None
    refused: list[Order] = field(default_factory=list)

    def submit(self, order: Order) -> Accepted | Refused | Unknown:
        if self.refuses:
            self.refused.append(order)
            return Refused(order.attempt, self.refuses)
        self.purchases.append(order)
        return Accepted(order.attempt, self.task(order))

    def task(self, order: Order) -> str:
        return f"{self.capabilities.provider}-{self.purchases.index(order) + 1}"

    def poll(self, task_id: str, attempt: int) -> Progress | Pending | Broke:
        if self.breaks:
            return Broke(attempt, Via.POLL, self.breaks, task_id)
        return Progress(attempt, Via.POLL, Stage.COMPLETE, task_id, takes(task_id, 1, 2), "la la")

    def hear(self, message: CallbackMessage, now: datetime) -> Progress | Broke | None:
        word, task_id = message.body.decode().split()
        if word == "error":
            assert self.breaks
            return Broke(message.attempt, Via.CALLBACK, self.breaks, task_id)
        stage = Stage(word)
        numbers = {Stage.TEXT: (), Stage.FIRST: (1,), Stage.COMPLETE: (1, 2)}[stage]
        return Progress(message.attempt, Via.CALLBACK, stage, task_id, takes(task_id, *numbers), "la la")

    def balance(self) -> float | None:
        return None


def takes(task_id: str, *numbers: int) -> tuple[Take, ...]:
    """Each task has clips and links of its own."""
    urls = {number: (f"https://media.example/{task_id}/{number}.mp3",) for number in numbers}
    return tuple(a_take(number, id=f"{task_id}-{number}", urls=urls[number]) for number in numbers)


class Links:
    """Each track has bytes of its own."""

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        body = SONG + url.encode()
        path.write_bytes(body)
        return Download(path, len(body), hashlib.sha256(body).hexdigest(), body[:64], "audio/mpeg")


class HalfMinute:
    def seconds(self, path: Path) -> float:
        return 30.0


class World:
    """Of kie.ai alone, or of `shops`, whom `wish` is offered to."""

    def __init__(self, fuse: Fuse, *shops: Vendor, wish: CoverRequest | None = None) -> None:
        self.clock = MemoryClock()
        self.wish = wish or a_request()
        self.stream: list[Entry] = []
        self.store = MemoryJobs(committed=self.stream.append)
        self.vendors = {shop.capabilities.provider: shop for shop in shops or (Vendor(),)}
        self.vendor = next(iter(self.vendors.values()))
        self.ids = 0
        guarded: dict[str, Provider] = {
            name: fuse.guard(one, name if shops else "Vendor") for name, one in self.vendors.items()
        }
        ports = Ports(self.clock, self.store, guarded, Links(), HalfMinute(), self._new_id)
        self.bucket, self.topic = ports.bucket, ports.topic
        self.to_advance, self.to_transfer = ports.to_advance, ports.to_transfer
        works = Works(ports, fuse)
        self.submit, self.advance, self.callback = works.submit, works.advance, works.callback
        self.transfer, self.sweep, self.dispatch = works.transfer, works.sweep, works.dispatch

    def _new_id(self) -> str:
        self.ids += 1
        return f"{self.ids:032x}"

    @property
    def jobs(self) -> list[Job]:
        return list(self.store.jobs.values())

    def order(self) -> bool:
        """A caller's POST; False when the function died under it, or is told to wait, and waits."""
        claim = Claim("owner", "key:once", "fingerprint")
        try:
            return survives(lambda: self.submit("owner", self.wish, claim))
        except StillRunningError:
            self.clock.sleep(31)
            return False

    def call_back(self, order: Order, word: Stage | str) -> bool:
        provider, job_id, attempt, token = order.callback_url.strip("/").split("/")
        address = CallbackAddress(provider, job_id, attempt, token)
        task = self.vendors[provider].task(order)
        return survives(lambda: self.callback(address, f"{word} {task}".encode(), {}))

    def drain(self) -> None:
        """Streams and queues deliver again what died, until all is quiet."""
        while self.stream or self.to_transfer.messages or self.to_advance.messages:
            if self.stream and survives(lambda: self.dispatch(self.stream[0])):
                self.stream.pop(0)
            _work(self.to_transfer, lambda one: self.transfer(one["job"], one["number"], one["tries"], one["tenant"]))
            _work(self.to_advance, lambda one: self.advance(one["job"]))

    def settle(self) -> None:
        """The poller comes every minute until every job has ended."""
        for _ in range(60):
            self.drain()
            if all(job.state.terminal for job in self.jobs):
                return
            self.clock.sleep(60)
            survives(self.sweep)
        raise AssertionError("a job never ended")


def survives(work: Callable[[], Any]) -> bool:
    try:
        work()
    except CrashError:
        return False
    return True


def _work(queue: MemoryQueue, work: Callable[[Any], Any]) -> None:
    if queue.messages and survives(lambda: work(queue.messages[0][0])):
        queue.messages.pop(0)
