"""The deployed house on moto: doors to knock at with events, a vendor that is not there, a clock that stands."""

import base64
import hashlib
import importlib
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from reprise import bootstrap, tokens
from reprise.aws import clients, vocabulary
from reprise.aws.evidence import PREFIX, text_in
from reprise.dialects.forms import read_form
from reprise.domain.job import Entry, Job
from reprise.errors import FetchError, PassingFetchError
from reprise.media import PacketProbe
from reprise.ports import Download
from reprise.providers.http_client import HttpxVendor

from tests.factories import NOW
from tests.golden import EVENTS, KEY, TASK, request, verb_of
from tests.integration.rights import denied, unknown
from tests.stack import Stack, deployed, forget_wiring


@dataclass(frozen=True)
class Reply:
    """An HTTP answer of a door. Header names are lower case."""

    status: int
    body: Any
    headers: Mapping[str, str]

    @property
    def rules(self) -> set[tuple[str, str]]:
        """Field and rule of each fault."""
        return {(one["field"], one["rule"]) for one in self.body["errors"]}


@dataclass
class Standing:
    """A clock that stands still; `meanwhile` happens during the first sleep."""

    at: datetime = NOW
    meanwhile: Callable[[], object] | None = None

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()


def accepted(task_id: str = TASK) -> httpx.Response:
    return httpx.Response(200, json={"code": 200, "msg": "success", "data": {"taskId": task_id}})


HOSTS = {
    "api.kie.ai": "kie",
    "api.sunoapi.org": "sunoapi",
    "aimusicapi.org": "aimusicapi",
    "api.aimlapi.com": "aimlapi",
    "api.musicgpt.com": "musicgpt",
}
VENDORS = tuple(HOSTS.values())
STUDIO = "studio"
HOSTS[f"{STUDIO}.example"] = STUDIO
"""Our own: it has no account, no dialect, and is off until its owner names its address."""

PAID = ("/upload-cover", "/upload-cover/generate", "/Cover", "/v1/tasks")
"""Ends of the paths whose POST costs money; AI/ML API has one path for all."""

SUNO_PENDING = {"code": 200, "msg": "success", "data": {"taskId": TASK, "status": "PENDING"}}
CLIPS_PENDING = {"code": 200, "message": "success", "data": {"type": "IN_PROGRESS", "response_data": []}}
CONVERSION = {"task_id": TASK, "conversion_id": "7d20b9c4-1e5f-4f0a-b6a3-0c9e8f71d2a6"}
SINGERS = [("9c1d2e30-5a4b-4c6d-8e7f-0a1b2c3d4e5f", "Velvet Alto"), ("velvet-alto", "Velvet Alto (slug)")]
VOICES = [{"voice_id": one, "voice_name": name} for one, name in SINGERS]
WORDS: dict[str, dict[str, Any]] = {
    "kie": {"submit": json.loads(accepted().content), "status": SUNO_PENDING, "credit": {"code": 200, "data": 4711.5}},
    "sunoapi": {
        "submit": json.loads(accepted().content),
        "status": SUNO_PENDING,
        "credit": {"code": 200, "data": 4711},
    },
    "aimusicapi": {
        "submit": {"code": 200, "message": "success", "workId": TASK, "data": {"task_id": TASK}},
        "status": CLIPS_PENDING,
        "credit": {"code": 200, "message": "success", "data": {"credits": 152}},
    },
    "aimlapi": {
        "submit": {"id": TASK, "status": "queued"},
        "status": {"id": TASK, "status": "generating"},
        "credit": {"current_balance": 12.5, "currency": "USD"},
    },
    "musicgpt": {
        "submit": {"success": True, **CONVERSION, "eta": 48, "message": "Message published to queue"},
        "status": {"success": True, "conversion": {**CONVERSION, "status": "IN_PROGRESS"}},
        "voices": {"success": True, "voices": VOICES, "limit": 2, "page": 0, "total": 2},
    },
    "studio": {
        "submit": {"task_id": TASK, "status": "queued", "stage": "none", "takes": [], "error": None},
        "status": {"task_id": TASK, "status": "running", "stage": "none", "takes": [], "error": None},
    },
}
"""What each vendor says on a good day, by what it is asked for."""


def vendor_of(call: httpx.Request) -> str:
    return HOSTS[call.url.host]


def asked_for(call: httpx.Request) -> str:
    path = call.url.path
    if call.method == "POST":
        return "submit" if path.endswith(PAID) or vendor_of(call) == "aimlapi" else "nothing"
    if path.endswith(("/credit", "/credits", "/billing")):
        return "credit"
    return "voices" if path.endswith("Voices") else "status"


def usual(call: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json=WORDS[vendor_of(call)][asked_for(call)])


@dataclass(frozen=True)
class Purchase:
    """A call that costs money. `body` is what was sent, a form's fields and files too."""

    vendor: str
    body: dict[str, Any]
    headers: Mapping[str, str]


@dataclass
class Vendor:
    """All vendors over httpx's own mock transport: every call is written down, `answer` answers, and before it whatever
    `says` has for the vendor of that name."""

    calls: list[httpx.Request] = field(default_factory=list)
    answer: Callable[[httpx.Request], httpx.Response] = usual
    says: dict[str, Callable[[httpx.Request], httpx.Response]] = field(default_factory=dict)

    def __call__(self, call: httpx.Request) -> httpx.Response:
        self.calls.append(call)
        return self.says.get(vendor_of(call), self.answer)(call)

    @property
    def paid(self) -> list[dict[str, Any]]:
        """Bodies of the calls that cost money."""
        return [one.body for one in self.bought]

    @property
    def bought(self) -> list[Purchase]:
        return [
            Purchase(vendor_of(call), _sent(call), call.headers) for call in self.calls if asked_for(call) == "submit"
        ]

    @property
    def payees(self) -> list[str]:
        """Who was paid, in order."""
        return [one.vendor for one in self.bought]


def _sent(call: httpx.Request) -> dict[str, Any]:
    if call.headers["content-type"].startswith("application/json"):
        return dict(json.loads(call.content))
    form = read_form(call.headers["content-type"], call.content)
    return {**form.fields, **form.files}


@dataclass
class Links:
    """The outside world's files, by URL. What is not here is dead. `meanwhile` happens during the next download."""

    files: dict[str, bytes] = field(default_factory=dict)
    meanwhile: Callable[[], object] | None = None

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        happens, self.meanwhile = self.meanwhile, None
        if happens:
            happens()
        if url not in self.files:
            raise FetchError("the link answered 404")
        body = self.files[url]
        path.write_bytes(body)
        return Download(path, len(body), hashlib.sha256(body).hexdigest(), body[:512], "audio/mpeg")


@dataclass
class Songs:
    """Links to sources, as the look before paying finds them. The others are slow today: the provider is the judge."""

    faults: dict[str, FetchError] = field(default_factory=dict)

    def fetch(self, url: str, path: Path, max_bytes: int) -> Download:
        raise self.faults.get(url, PassingFetchError("no answer today"))


@dataclass
class Length:
    """Of every source: half a minute, unless a test says otherwise. Takes are measured."""

    of_sources: float = 30.0
    real: PacketProbe = field(default_factory=PacketProbe)

    def seconds(self, path: Path) -> float:
        return self.of_sources if path.name.startswith("song-") else self.real.seconds(path)


@dataclass
class House:
    stack: Stack
    vendor: Vendor = field(default_factory=Vendor)
    clock: Standing = field(default_factory=Standing)
    links: Links = field(default_factory=Links)
    songs: Songs = field(default_factory=Songs)
    probe: Length = field(default_factory=Length)
    door: str = ""

    def __post_init__(self) -> None:
        found = clients.secretsmanager().get_secret_value(SecretId=self.stack.environ["TOKEN_SECRET"])
        self.secret = found["SecretString"].encode()

    def token(self, job_id: str, attempt: int = 1, provider: str = "kie") -> str:
        return tokens.mint(self.secret, provider, job_id, attempt, self.clock.now())

    def invoke(self, verb: str, event: Mapping[str, Any]) -> Any:
        """Runs a door's handler. Every AWS call that it makes must be one that its own role allows."""
        handler = importlib.import_module(f"functions.{verb}.app").handler
        if verb != self.door:  # another function is another process: it asks for its configuration itself
            forget_wiring()
            self.door = verb
        before, outside, self.stack.actor = len(self.stack.calls), self.stack.actor, verb
        try:
            answer = handler(json.loads(json.dumps(event)), None)
        finally:
            self.stack.actor = outside
        mine = [call for call in self.stack.calls[before:] if call.by == verb]
        refused = [need for call in mine for need in denied(verb, call, self.stack)]
        assert not refused, f"the role of {verb} does not allow {refused}"
        strange = [call.name for call in mine if unknown(call)]
        assert not strange, f"layers/dependencies/calls.toml lacks {strange}"
        return answer

    @contextmanager
    def elsewhere(self) -> Iterator[None]:
        """What happens while a door's handler runs, and is not its doing: its role need not allow it."""
        at_work, self.stack.actor = self.stack.actor, "a test"
        yield
        self.stack.actor = at_work

    def http(self, verb: str, event: Mapping[str, Any]) -> Reply:
        told = self.invoke(verb, event)
        text = told.get("body") or ""
        assert isinstance(text, str)
        headers = {name.lower(): value for name, value in told.get("headers", {}).items()}
        return Reply(told["statusCode"], json.loads(text) if text else None, headers)

    def submit(self, body: Any = None, key: str | None = None, **headers: str | None) -> Reply:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.http("submit", request("submit", body, {"idempotency-key": key, **named}))

    def knock(self, dialect: str, name: str, body: Any = None, **headers: str | None) -> Reply:
        """A golden call of a vendor's client at its real door; `_` in a header's name stands for `-`."""
        place = f"dialects/{dialect}/{name}"
        named = {key.replace("_", "-"): value for key, value in headers.items()}
        return self.http(verb_of(EVENTS / f"{place}.json"), request(place, body, named))

    def cover(self) -> str:
        """The id of a cover that the vendor took."""
        return str(self.submit().body["id"])

    def callback(self, name: str, job_id: str, attempt: int = 1, **changes: Any) -> Reply:
        """kie's golden callback with a token that fits; `changes` spoil it."""
        path = {"job": job_id, "attempt": str(attempt), "token": self.token(job_id, attempt), **changes.pop("path", {})}
        event = {**request(f"callback/kie/{name}", changes.pop("body", None), **path), **changes}
        return self.http("callback", event)

    def job_or_none(self, job_id: str) -> Job | None:
        return bootstrap.jobs().load(job_id)

    def job(self, job_id: str) -> Job:
        job = self.job_or_none(job_id)
        assert job is not None
        return job

    def timeline(self, job_id: str) -> list[Entry]:
        return list(bootstrap.jobs().timeline(job_id))

    def public_events(self, job_id: str) -> list[str]:
        return [entry.type for entry in self.timeline(job_id) if entry.event]

    def new_tenant(self, tenant: str, key: str) -> None:
        digest = hashlib.sha256(key.encode()).hexdigest()
        item = {"pk": {"S": f"KEY#{digest}"}, "sk": {"S": "KEY"}, "owner": {"S": tenant}}
        clients.dynamodb().put_item(TableName=self.stack.environ["TABLE"], Item=item)

    def set_parameter(self, name: str, value: str) -> None:
        name = f"{self.stack.parameters}/{name}"
        clients.ssm().put_parameter(Name=name, Value=value, Type="SecureString", Overwrite=True)

    def unset_parameter(self, name: str) -> None:
        clients.ssm().delete_parameter(Name=f"{self.stack.parameters}/{name}")
        forget_wiring()

    def open_all(self) -> None:
        """The owner has an account at every vendor."""
        for vendor in VENDORS:
            self.set_parameter(f"{vendor}/api-key", f"{vendor}-key-of-the-tests")
        self.stack.forget()
        forget_wiring()

    def open_studio(self) -> None:
        self.set_parameter("studio/api-key", "studio-key-of-the-tests")
        self.set_parameter("studio/base-url", "https://studio.example")
        self.stack.forget()
        forget_wiring()

    def jobs(self) -> list[Job]:
        ids = [item["id"]["S"] for item in self.items() if item["sk"] == {"S": "JOB"}]
        return [self.job(one) for one in ids]

    def drop(self, key: str, metadata: Mapping[str, str] | None = None, body: bytes = b"ID3 song") -> None:
        inbox = self.stack.environ["INBOX_BUCKET"]
        clients.s3().put_object(Bucket=inbox, Key=key, Body=body, Metadata=metadata or {})

    def objects(self, bucket: str = "COVERS_BUCKET", prefix: str = "") -> dict[str, bytes]:
        s3, name = clients.s3(), self.stack.environ[bucket]
        found = s3.list_objects_v2(Bucket=name, Prefix=prefix).get("Contents", [])
        return {one["Key"]: s3.get_object(Bucket=name, Key=one["Key"])["Body"].read() for one in found}

    def items(self) -> list[dict[str, Any]]:
        """All that the table holds but the keys."""
        found = clients.dynamodb().scan(TableName=self.stack.environ["TABLE"])["Items"]
        return [item for item in found if not item["pk"]["S"].startswith("KEY#")]

    def words(self) -> str:
        """All that the table holds but the keys, what is packed in it too, as text to look for secrets in."""
        return json.dumps(self.items(), default=_unpacked)

    def evidence(self, job_id: str) -> dict[str, str]:
        """The bodies of callbacks that are kept, by their names."""
        found = [
            one for one in self.items() if one["pk"] == {"S": f"JOB#{job_id}"} and one["sk"]["S"].startswith(PREFIX)
        ]
        return {one["sk"]["S"].removeprefix(PREFIX): text_in(one) for one in found}

    def queued(self, queue: str) -> list[dict[str, Any]]:
        """Bodies of all messages ever sent to a queue."""
        url = self.stack.environ[queue]
        single = [one for one in self.stack.asked("SQS.SendMessage") if one["QueueUrl"] == url]
        batches = [one for one in self.stack.asked("SQS.SendMessageBatch") if one["QueueUrl"] == url]
        entries = [*single, *(entry for batch in batches for entry in batch["Entries"])]
        return [json.loads(one["MessageBody"]) for one in entries]


@contextmanager
def standing(patch: pytest.MonkeyPatch, make: type[House] = House) -> Iterator[House]:
    """A fresh deployment with the owner's API key and kie's, as long as `patch` lasts."""
    with deployed() as stack:
        for name, value in stack.environ.items():
            patch.setenv(name, value)
        one = make(stack)
        transport = httpx.MockTransport(one.vendor)
        patch.setattr(bootstrap, "CLOCK", one.clock)
        patch.setattr(bootstrap, "jitter", lambda: 0.0)
        patch.setattr(
            "reprise.providers.http_client.HttpxVendor", lambda: HttpxVendor(httpx.Client(transport=transport))
        )
        patch.setattr("reprise.net.fetch.GuardedFetcher", lambda _, most=None: one.songs if most else one.links)
        patch.setattr("reprise.media.PacketProbe", lambda: one.probe)
        one.new_tenant("owner", OWNER_KEY)
        one.set_parameter("kie/api-key", "kie-key-of-the-tests")
        stack.forget()
        yield one


def _unpacked(held: bytes) -> str:
    """A nonce is none of it."""
    try:
        return zlib.decompressobj(zdict=vocabulary.WORDS).decompress(held).decode()
    except zlib.error:
        return held.hex()


def encoded(body: bytes) -> dict[str, Any]:
    """A body as API Gateway hands over what it takes for binary."""
    return {"body": base64.b64encode(body).decode(), "isBase64Encoded": True}


OWNER_KEY = KEY
