"""The only wiring: which adapter serves which port. Everything is made when first asked for, once a process.

Imports stay inside the functions that need them: `callback` must not pay for httpx, nor anyone but
`transfer` for FFmpeg.
"""

from __future__ import annotations

import os
import random
import secrets
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from reprise import collector as collector  # before botocore: it is told to wait
from reprise import tokens
from reprise.aws import clients
from reprise.aws.buckets import S3Covers, S3Inbox
from reprise.aws.configuration import Configuration
from reprise.aws.job_store import DynamoJobs
from reprise.errors import ConfigurationError
from reprise.later import later
from reprise.logs import logger
from reprise.metrics import Metric, put
from reprise.settings import Settings
from reprise.usecases.record import Record

if TYPE_CHECKING:
    from reprise.aws.callback_records import DynamoCallbackRecords
    from reprise.aws.deliveries import DynamoDeliveries
    from reprise.aws.endpoints import DynamoEndpoints
    from reprise.aws.job_reader import DynamoJobReader
    from reprise.aws.keys import DynamoKeys
    from reprise.aws.messages import SnsNotifier, SqsQueue
    from reprise.aws.providers import DynamoHealth
    from reprise.dialects.dialect import Dialect
    from reprise.domain.assess import SourceFacts
    from reprise.domain.capabilities import Capabilities
    from reprise.domain.endpoint import Endpoint
    from reprise.domain.health import Health
    from reprise.domain.job import Job, Track
    from reprise.domain.request import Source
    from reprise.net.fetch import GuardedFetcher
    from reprise.net.post import GuardedPoster
    from reprise.ports import CallbackLinks, Found, Probe, Provider, ProviderDirectory, WebhookSecret
    from reprise.providers.client import VendorHttp, VendorSettings
    from reprise.sources import SourceLook
    from reprise.usecases.add_up import AddUp
    from reprise.usecases.advance import Advance
    from reprise.usecases.call_back import CallBack
    from reprise.usecases.callback import HearCallback
    from reprise.usecases.choose import Choose
    from reprise.usecases.deliver import Deliver
    from reprise.usecases.dispatch import Dispatch
    from reprise.usecases.manage import Manage
    from reprise.usecases.plan import Plan
    from reprise.usecases.poller import Sweep
    from reprise.usecases.read import Read
    from reprise.usecases.redeliver import Redeliver
    from reprise.usecases.submit import Submit
    from reprise.usecases.subscribe import Subscribe
    from reprise.usecases.survey import Survey
    from reprise.usecases.transfer import Transfer
    from reprise.usecases.upload import TakeIn


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


CLOCK = SystemClock()


def new_id() -> str:
    """32 hex digits of 126 random bits: AI/ML API's ids, which ours must fit into, hold no more."""
    return f"{secrets.randbits(126):032x}"


def new_key() -> str:
    return secrets.token_urlsafe(24)


def jitter() -> float:
    """0..1, so that what failed together does not come back together."""
    return random.SystemRandom().random()  # seeded by nothing that a snapshot of the process would repeat


@cache
def settings() -> Settings:
    return Settings.load(os.environ)


@cache
def configuration() -> Configuration:
    named = settings()
    return Configuration(named.parameters, named.token_secret, clients.ssm, clients.secretsmanager)


def public_url() -> str:
    """Base of every link that we hand out, without a slash at the end."""
    url = configuration().some("public-url").get("public-url")
    if not url:
        raise ConfigurationError(f"{settings().parameters}/public-url is not in Parameter Store")
    return url.rstrip("/")


@cache
def jobs() -> DynamoJobs:
    return DynamoJobs(settings().table, clients.dynamodb)


@cache
def job_reader() -> DynamoJobReader:
    from reprise.aws.job_reader import DynamoJobReader

    return DynamoJobReader(settings().table, clients.dynamodb)


@cache
def keys() -> DynamoKeys:
    from reprise.aws.keys import DynamoKeys

    return DynamoKeys(settings().table, clients.dynamodb, CLOCK)


@cache
def inbox() -> S3Inbox:
    return S3Inbox(settings().inbox_bucket, clients.s3)


@cache
def covers() -> S3Covers:
    return S3Covers(settings().covers_bucket, clients.s3)


@cache
def storage_origins() -> tuple[str, ...]:
    """Where our links to audio lead and songs are posted. Signing asks nobody, so no right is needed to know it."""
    links = (covers().link("any", filename="any"), inbox().offer("any", "audio/mpeg", 1, CLOCK.now()).url)
    return tuple(sorted({"{0.scheme}://{0.netloc}".format(urlsplit(link)) for link in links}))


@cache
def record() -> Record:
    return Record(jobs(), CLOCK)


def callback_links() -> CallbackLinks:
    def link(provider: str, job_id: str, attempt: int, now: datetime) -> str:
        token = tokens.mint(configuration().token_secret(), provider, job_id, attempt, now)
        return f"{public_url()}/callbacks/{provider}/{job_id}/{attempt}/{token}"

    return link


def deaf_providers(*parts: str) -> ProviderDirectory:
    """Providers that can translate but not call, with those `parts` of their settings: for `callback` and `upload`."""
    from reprise.providers import REGISTRY

    names, made = [f"{name}/{part}" for name in REGISTRY for part in parts], _providers(None)
    return lambda name: made(name, configuration().some(*names))[1]


def paid_providers() -> ProviderDirectory:
    """Providers with their keys: for `submit` and `advance`. One without a key is switched off."""
    from reprise.providers import missing

    made = _providers(later(_vendor_http))

    def find(name: str) -> Provider:
        given, provider = made(name, configuration().all())
        if part := missing(name, given):
            raise ConfigurationError(f"{name} is switched off: {settings().parameters}/{name}/{part} is not set")
        return provider

    return find


def _providers(http: VendorHttp | None) -> Callable[[str, Mapping[str, str]], tuple[VendorSettings, Provider]]:
    """Each is made once, until what the owner set is read anew: a submit asks for each of them three times."""
    from reprise.providers import build
    from reprise.providers.client import VendorSettings

    known: dict[str, tuple[Mapping[str, str], VendorSettings, Provider]] = {}

    def find(name: str, given: Mapping[str, str]) -> tuple[VendorSettings, Provider]:
        if name not in known or known[name][0] is not given:
            read = VendorSettings.read(name, given)
            known[name] = given, read, build(name, read, http)
        return known[name][1:]

    return find


def _vendor_http() -> VendorHttp:
    from reprise.providers.http_client import HttpxVendor

    return HttpxVendor()


@cache
def submit() -> Submit:
    from reprise.usecases.order import DrawUp
    from reprise.usecases.submit import Submit

    draw_up = DrawUp(inbox(), callback_links(), CLOCK)
    return Submit(jobs(), paid(), plan(), choose(), record(), draw_up, CLOCK, new_id, new_key)


@cache
def paid() -> ProviderDirectory:
    return paid_providers()


def look(source: Source, found: Found | None = None) -> SourceFacts:
    """SourceProbe. FFmpeg is loaded with the first song: not every function that plans has it."""
    return source_look()(source, found)


def limits(name: str) -> Capabilities | None:
    """A provider's, as the owner set them; None where it is switched off."""
    try:
        return paid()(name).capabilities
    except ConfigurationError:
        return None


@cache
def source_look() -> SourceLook:
    from reprise.sources import SourceLook

    return SourceLook(inbox(), later(_source_fetcher), later(_probe))


def _source_fetcher() -> GuardedFetcher:
    """A song that lies in the inbox is fetched from nowhere."""
    from reprise.net.fetch import GuardedFetcher
    from reprise.sources import MOST_SECONDS

    return GuardedFetcher(settings().allowed_private_networks, MOST_SECONDS)


def _probe() -> Probe:
    from reprise.media import PacketProbe

    return PacketProbe()


@cache
def plan() -> Plan:
    from reprise.providers import REGISTRY
    from reprise.usecases.plan import Plan

    return Plan(paid(), tuple(REGISTRY), look)


@cache
def healths() -> DynamoHealth:
    from reprise.aws.providers import DynamoHealth

    return DynamoHealth(settings().table, clients.dynamodb)


def breaker_opened(provider: str, health: Health) -> None:
    """Without its reason, which is a vendor's own words: `GET /v1/providers` tells it."""
    logger.warning("breaker opened", provider=provider, failures=health.failures, until=health.open_until)
    put({Metric.BREAKER_OPENED: 1}, provider=provider)


@cache
def choose() -> Choose:
    from reprise.aws.providers import DynamoSlots
    from reprise.usecases.choose import Choose

    slots = DynamoSlots(settings().table, clients.dynamodb)
    return Choose(jobs(), paid(), healths(), slots, CLOCK, breaker_opened)


@cache
def survey() -> Survey:
    from reprise.providers import capabilities
    from reprise.usecases.survey import Survey

    return Survey(paid(), capabilities(), plan(), healths(), CLOCK)


@cache
def dialects() -> Mapping[str, Dialect]:
    from reprise.dialects import DIALECTS

    return DIALECTS


def audio_link(job: Job, track: Track) -> str:
    """Ours, for whoever has it: it never goes stale, and is gone when the cover is deleted."""
    suffix = track.file.key.rsplit(".", 1)[-1] if track.file else "mp3"
    return f"{public_url()}/audio/{job.id}/{job.audio_key}/{track.number}.{suffix}"


@cache
def read() -> Read:
    from reprise.usecases.read import Read

    return Read(jobs(), job_reader(), covers(), inbox(), CLOCK)


@cache
def add_up() -> AddUp:
    from reprise.usecases.add_up import AddUp

    return AddUp(job_reader(), CLOCK)


@cache
def manage() -> Manage:
    from reprise.usecases.manage import Manage

    return Manage(jobs(), covers(), record(), CLOCK, new_id)


@cache
def callback() -> HearCallback:
    from reprise.aws.evidence import DynamoEvidence
    from reprise.usecases.callback import HearCallback

    evidence = DynamoEvidence(settings().table, clients.dynamodb, settings().callback_retention_days)
    return HearCallback(record(), evidence, deaf_providers("hmac-key"), configuration().token_secrets, CLOCK)


@cache
def poller() -> Sweep:
    from reprise.usecases.poller import Sweep

    return Sweep(jobs(), deliveries(), queue(settings().advance_queue), deliver_queue(), CLOCK)


@cache
def advance() -> Advance:
    from reprise.usecases.advance import Advance
    from reprise.usecases.order import DrawUp

    draw_up = DrawUp(inbox(), callback_links(), CLOCK)
    return Advance(jobs(), inbox(), paid(), choose(), record(), draw_up, CLOCK)


@cache
def transfer() -> Transfer:
    from reprise.net.fetch import GuardedFetcher
    from reprise.usecases.transfer import Transfer

    fetcher = GuardedFetcher(settings().allowed_private_networks)
    return Transfer(jobs(), covers(), fetcher, later(_probe), record())


@cache
def dispatch() -> Dispatch:
    from reprise.remembered import Remembered
    from reprise.usecases.describe import Describe
    from reprise.usecases.dispatch import LISTENERS_LIFE, Dispatch

    return Dispatch(
        notifier(),
        queue(settings().transfer_queue),
        queue(settings().advance_queue),
        deliver_queue(),
        queue(settings().dispatch_dead_letters),
        CLOCK,
        Remembered(_listeners, LISTENERS_LIFE, CLOCK),
        Describe(jobs(), covers()),
    )


def _listeners(tenant: str) -> Sequence[Endpoint]:
    """`dispatch` goes on where they cannot be read, so nobody else would tell."""
    try:
        return endpoints().of(tenant)
    except Exception:
        logger.exception("endpoints not read: deliver will look", tenant=tenant)
        raise


def queue(url: str) -> SqsQueue:
    from reprise.aws.messages import SqsQueue

    return SqsQueue(url, clients.sqs)


def notifier() -> SnsNotifier:
    from reprise.aws.messages import SnsNotifier

    return SnsNotifier(settings().topic, clients.sns)


@cache
def deliver_queue() -> SqsQueue:
    return queue(settings().deliver_queue)


@cache
def deliveries() -> DynamoDeliveries:
    from reprise.aws.deliveries import DynamoDeliveries

    return DynamoDeliveries(settings().table, clients.dynamodb)


@cache
def callback_records() -> DynamoCallbackRecords:
    from reprise.aws.callback_records import DynamoCallbackRecords

    return DynamoCallbackRecords(settings().table, clients.dynamodb)


@cache
def endpoints() -> DynamoEndpoints:
    from reprise.aws.endpoints import DynamoEndpoints

    return DynamoEndpoints(settings().table, clients.dynamodb)


@cache
def webhook_secret() -> WebhookSecret:
    named = settings()
    return Configuration(named.parameters, named.webhook_secret, clients.ssm, clients.secretsmanager).token_secret


@cache
def poster() -> GuardedPoster:
    return later(_guarded_poster)


def _guarded_poster() -> GuardedPoster:
    from reprise.net.post import GuardedPoster

    return GuardedPoster(settings().allowed_private_networks)


@cache
def deliver() -> Deliver:
    from reprise.remembered import Remembered
    from reprise.usecases.deliver import KEYRING_LIFE, Deliver

    return Deliver(
        jobs(),
        deliveries(),
        endpoints(),
        Remembered(endpoints().keyring, KEYRING_LIFE, CLOCK),
        poster(),
        webhook_secret(),
        notifier(),
        deliver_queue(),
        CLOCK,
        jitter,
    )


@cache
def call_back() -> CallBack:
    from reprise.usecases.call_back import CallBack

    find = dialects().get
    return CallBack(jobs(), callback_records(), find, poster(), audio_link, deliver_queue(), CLOCK, jitter)


@cache
def subscribe() -> Subscribe:
    from reprise.usecases.subscribe import Subscribe

    return Subscribe(endpoints(), webhook_secret(), CLOCK, new_id)


@cache
def redeliver() -> Redeliver:
    from reprise.usecases.redeliver import Redeliver

    return Redeliver(jobs(), callback_records(), deliveries(), endpoints(), deliver_queue(), CLOCK)


@cache
def upload() -> TakeIn:
    from reprise.dialects.native import parse_wishes
    from reprise.providers import REGISTRY
    from reprise.usecases.plan import Plan
    from reprise.usecases.upload import TakeIn

    plan = Plan(deaf_providers("limits", "models", "usd"), tuple(REGISTRY), look)
    return TakeIn(jobs(), inbox(), plan, parse_wishes, CLOCK, new_id, new_key, settings().inbox_tenant)
