"""The only wiring: which adapter serves which port. Everything is made when first asked for, once a process.

Imports stay inside the functions that need them: `callback` must not pay for httpx, nor anyone but
`transfer` for FFmpeg.
"""

import os
import secrets
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from reprise import tokens
from reprise.aws import clients
from reprise.aws.buckets import S3Covers, S3Inbox
from reprise.aws.configuration import Configuration
from reprise.aws.job_store import DynamoJobs
from reprise.aws.key_store import DynamoKeys
from reprise.aws.messages import SnsNotifier, SqsQueue
from reprise.errors import ConfigurationError
from reprise.ports import CallbackLinks, Provider, ProviderDirectory
from reprise.settings import Settings
from reprise.usecases.record import Record

if TYPE_CHECKING:
    from reprise.usecases.advance import Advance
    from reprise.usecases.callback import HearCallback
    from reprise.usecases.dispatch import Dispatch
    from reprise.usecases.manage import Manage
    from reprise.usecases.poller import Sweep
    from reprise.usecases.read import Read
    from reprise.usecases.submit import Submit
    from reprise.usecases.transfer import Transfer
    from reprise.usecases.upload import TakeIn


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


CLOCK = SystemClock()
new_id = partial(secrets.token_hex, 16)


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
def keys() -> DynamoKeys:
    return DynamoKeys(settings().table, clients.dynamodb)


@cache
def inbox() -> S3Inbox:
    return S3Inbox(settings().inbox_bucket, clients.s3)


@cache
def covers() -> S3Covers:
    return S3Covers(settings().covers_bucket, clients.s3)


@cache
def record() -> Record:
    return Record(jobs(), covers(), CLOCK)


def callback_links() -> CallbackLinks:
    def link(provider: str, job_id: str, attempt: int, now: datetime) -> str:
        token = tokens.mint(configuration().token_secret(), provider, job_id, attempt, now)
        return f"{public_url()}/callbacks/{provider}/{job_id}/{attempt}/{token}"

    return link


def deaf_providers(parameters: Callable[[], dict[str, str]]) -> ProviderDirectory:
    """Providers that can translate but not call: for `callback` and `upload`."""
    from reprise.providers import build
    from reprise.providers.client import VendorSettings

    def find(name: str) -> Provider:
        return build(name, VendorSettings(hmac_key=parameters().get(f"{name}/hmac-key")), None)

    return find


def paid_providers() -> ProviderDirectory:
    """Providers with their keys: for `submit` and `advance`. One without a key is switched off."""
    from reprise.providers import build
    from reprise.providers.client import VendorSettings
    from reprise.providers.http_client import HttpxVendor

    http = HttpxVendor()

    def find(name: str) -> Provider:
        given = configuration().all()
        key, base_url, hmac_key = (given.get(f"{name}/{part}") for part in ("api-key", "base-url", "hmac-key"))
        provider = build(name, VendorSettings(key or "", base_url, hmac_key), http)
        if not key:
            raise ConfigurationError(f"{name} is switched off: {settings().parameters}/{name}/api-key is not set")
        return provider

    return find


@cache
def submit() -> "Submit":
    from reprise.usecases.order import DrawUp
    from reprise.usecases.submit import Submit

    draw_up = DrawUp(inbox(), callback_links(), CLOCK)
    return Submit(jobs(), inbox(), paid_providers(), record(), draw_up, CLOCK, new_id)


@cache
def read() -> "Read":
    from reprise.usecases.read import Read

    return Read(jobs(), covers(), CLOCK)


@cache
def manage() -> "Manage":
    from reprise.usecases.manage import Manage

    return Manage(jobs(), covers(), record(), CLOCK, new_id)


@cache
def callback() -> "HearCallback":
    from reprise.providers import REGISTRY
    from reprise.usecases.callback import HearCallback

    names = [f"{name}/hmac-key" for name in REGISTRY]
    providers = deaf_providers(lambda: configuration().some(*names))
    return HearCallback(record(), covers(), providers, configuration().token_secret, CLOCK)


@cache
def poller() -> "Sweep":
    from reprise.usecases.poller import Sweep

    return Sweep(jobs(), SqsQueue(settings().advance_queue, clients.sqs), CLOCK)


@cache
def advance() -> "Advance":
    from reprise.usecases.advance import Advance
    from reprise.usecases.order import DrawUp

    draw_up = DrawUp(inbox(), callback_links(), CLOCK)
    return Advance(jobs(), inbox(), paid_providers(), record(), draw_up, CLOCK)


@cache
def transfer() -> "Transfer":
    from reprise.media import PacketProbe
    from reprise.net.fetch import GuardedFetcher
    from reprise.usecases.transfer import Transfer

    fetcher = GuardedFetcher(settings().allowed_private_networks)
    return Transfer(jobs(), covers(), fetcher, PacketProbe(), record())


@cache
def dispatch() -> "Dispatch":
    from reprise.usecases.dispatch import Dispatch

    return Dispatch(
        SnsNotifier(settings().topic, clients.sns),
        SqsQueue(settings().transfer_queue, clients.sqs),
        SqsQueue(settings().advance_queue, clients.sqs),
        CLOCK,
    )


@cache
def upload() -> "TakeIn":
    from reprise.dialects.native import parse_wishes
    from reprise.usecases.upload import TakeIn

    return TakeIn(jobs(), inbox(), deaf_providers(dict), parse_wishes, CLOCK, new_id, settings().inbox_tenant)
