"""The use cases, wired to memory adapters as `bootstrap.py` wires them to AWS. Every port goes through the fuse."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from reprise import tokens
from reprise.dialects import DIALECTS
from reprise.dialects.native import parse_wishes
from reprise.domain.job import Job, Track
from reprise.memory import (
    MemoryCallbackRecords,
    MemoryCovers,
    MemoryEvidence,
    MemoryHealth,
    MemoryInbox,
    MemoryJobs,
    MemoryNotifier,
    MemoryQueue,
    MemorySlots,
    MemorySources,
)
from reprise.memory_webhooks import MemoryDeliveries, MemoryEndpoints
from reprise.ports import Clock, Fetcher, Poster, Probe, Provider
from reprise.remembered import Remembered
from reprise.usecases.advance import Advance
from reprise.usecases.call_back import CallBack
from reprise.usecases.callback import HearCallback
from reprise.usecases.choose import Choose
from reprise.usecases.deliver import KEYRING_LIFE, Deliver
from reprise.usecases.describe import Describe
from reprise.usecases.dispatch import LISTENERS_LIFE, Dispatch
from reprise.usecases.manage import Manage
from reprise.usecases.order import DrawUp
from reprise.usecases.plan import Plan
from reprise.usecases.poller import Sweep
from reprise.usecases.record import Record
from reprise.usecases.redeliver import Redeliver
from reprise.usecases.submit import Submit
from reprise.usecases.subscribe import Subscribe
from reprise.usecases.transfer import Transfer
from reprise.usecases.upload import TakeIn

if TYPE_CHECKING:
    from tests.simulation.world import Fuse

SECRET = b"the callback tokens' key"
MASTER = b"what all keys that sign webhooks are made of...."


class Nobody:
    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Any:
        raise AssertionError(f"nobody listens at {url}")


@dataclass
class Ports:
    """What the use cases run on. `providers` are guarded by whoever names them."""

    clock: Clock
    store: MemoryJobs
    providers: Mapping[str, Provider]
    links: Fetcher
    probe: Probe
    new_id: Callable[[], str]
    bucket: MemoryCovers = field(default_factory=MemoryCovers)
    inbox: MemoryInbox = field(default_factory=MemoryInbox)
    topic: MemoryNotifier = field(default_factory=MemoryNotifier)
    to_advance: MemoryQueue = field(default_factory=MemoryQueue)
    to_transfer: MemoryQueue = field(default_factory=MemoryQueue)
    to_deliver: MemoryQueue = field(default_factory=MemoryQueue)
    poster: Poster = field(default_factory=Nobody)
    endpoints: MemoryEndpoints = field(default_factory=MemoryEndpoints)
    evidence: MemoryEvidence = field(init=False)
    records: MemoryCallbackRecords = field(init=False)
    deliveries: MemoryDeliveries = field(init=False)

    def __post_init__(self) -> None:
        self.evidence = MemoryEvidence(self.store)
        self.records = MemoryCallbackRecords(self.store)
        self.deliveries = MemoryDeliveries(self.store, self.records)


class Works:
    def __init__(self, ports: Ports, fuse: "Fuse") -> None:
        clock, new_id = ports.clock, ports.new_id

        def providers(name: str) -> Provider:
            return ports.providers[name]

        jobs, covers, inbox = fuse.guard(ports.store), fuse.guard(ports.bucket), fuse.guard(ports.inbox)
        to_advance = fuse.guard(ports.to_advance, "AdvanceQueue")
        to_deliver = fuse.guard(ports.to_deliver, "DeliverQueue")
        record, draw_up = Record(jobs, clock), DrawUp(inbox, _link, clock)
        plan = Plan(providers, tuple(ports.providers), MemorySources())
        healths, slots = fuse.guard(MemoryHealth()), fuse.guard(MemorySlots())
        choose = Choose(jobs, providers, healths, slots, clock)
        self.submit = Submit(jobs, providers, plan, choose, record, draw_up, clock, new_id, lambda: "an-audio-key")
        self.advance = Advance(jobs, inbox, providers, choose, record, draw_up, clock)
        self.callback = HearCallback(record, fuse.guard(ports.evidence), providers, lambda: (SECRET,), clock)
        self.transfer = Transfer(jobs, covers, fuse.guard(ports.links), ports.probe, record)
        deliveries, endpoints = fuse.guard(ports.deliveries), fuse.guard(ports.endpoints)
        self.sweep = Sweep(jobs, deliveries, to_advance, to_deliver, clock)
        to_transfer = fuse.guard(ports.to_transfer, "TransferQueue")
        topic, poster, kept = fuse.guard(ports.topic), fuse.guard(ports.poster), fuse.guard(ports.records)
        listeners = Remembered(endpoints.of, LISTENERS_LIFE, clock)
        queues, describe = (to_transfer, to_advance, to_deliver, MemoryQueue()), Describe(jobs, covers)
        self.dispatch = Dispatch(topic, *queues, clock, listeners, describe)
        self.call_back = CallBack(jobs, kept, DIALECTS.get, poster, audio_link, to_deliver, clock, _half)
        rings = Remembered(endpoints.keyring, KEYRING_LIFE, clock)
        self.deliver = Deliver(jobs, deliveries, endpoints, rings, poster, _master, topic, to_deliver, clock, _half)
        self.subscribe = Subscribe(endpoints, _master, clock, new_id)
        self.redeliver = Redeliver(jobs, kept, deliveries, endpoints, to_deliver, clock)
        self.manage = Manage(jobs, covers, record, clock, new_id)
        self.take_in = TakeIn(jobs, inbox, plan, parse_wishes, clock, new_id, lambda: "an-audio-key", "owner")


def _half() -> float:
    """The jitter."""
    return 0.5


def _master() -> bytes:
    return MASTER


def audio_link(job: Job, track: Track) -> str:
    return f"https://covers.example/audio/{job.id}/{track.number}"


def _link(provider: str, job_id: str, attempt: int, now: datetime) -> str:
    return f"/{provider}/{job_id}/{attempt}/{tokens.mint(SECRET, provider, job_id, attempt, now)}"
