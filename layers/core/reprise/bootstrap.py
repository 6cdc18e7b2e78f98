"""The only wiring: which adapter serves which port. Everything is made when first asked for, once a process.

Imports stay inside the functions that need them: `callback` must not pay for httpx, nor anyone but
`transfer` for FFmpeg.
"""

import os
import secrets
import time
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
from reprise.errors import ConfigurationError, NotFoundError
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


@cache
def public_url() -> str:
    """Base of every link that we hand out, without a slash at the end."""
    url = configuration().some(["public-url"]).get("public-url")
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
    secret = configuration().token_secret()

    def link(provider: str, job_id: str, attempt: int, now: datetime) -> str:
        token = tokens.mint(secret, provider, job_id, attempt, now)
        return f"{public_url()}/callbacks/{provider}/{job_id}/{attempt}/{token}"

    return link


def deaf_providers(parameters: dict[str, str]) -> ProviderDirectory:
    """Providers that can translate but not call: for `callback` and `upload`."""
    from reprise.providers import REGISTRY
    from reprise.providers.client import VendorSettings

    @cache
    def find(name: str) -> Provider:
        if name not in REGISTRY:
            raise NotFoundError(f"no provider is named {name!r}; ours are {', '.join(REGISTRY)}")
        return REGISTRY[name](VendorSettings(hmac_key=parameters.get(f"{name}/hmac-key")), None)

    return find


def paid_providers() -> ProviderDirectory:
    """Providers with their keys: for `submit` and `advance`. One without a key is switched off."""
    from reprise.providers import REGISTRY
    from reprise.providers.client import VendorSettings
    from reprise.providers.http_client import HttpxVendor

    http = HttpxVendor()

    @cache
    def find(name: str) -> Provider:
        if name not in REGISTRY:
            raise NotFoundError(f"no provider is named {name!r}; ours are {', '.join(REGISTRY)}")
        given = configuration().all()
        if f"{name}/api-key" not in given:
            raise ConfigurationError(f"{name} is switched off: {settings().parameters}/{name}/api-key is not set")
        return REGISTRY[name](
            VendorSettings(given[f"{name}/api-key"], given.get(f"{name}/base-url"), given.get(f"{name}/hmac-key")),
            http,
        )

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

    signing_keys = configuration().some([f"{name}/hmac-key" for name in REGISTRY])
    return HearCallback(record(), covers(), deaf_providers(signing_keys), configuration().token_secret, CLOCK)


@cache
def poller() -> "Sweep":
    from reprise.usecases.poller import Sweep

    return Sweep(jobs(), SqsQueue(settings().advance_queue, clients.sqs), CLOCK)


@cache
def advance() -> "Advance":
    from reprise.usecases.advance import Advance
    from reprise.usecases.order import DrawUp

    draw_up = DrawUp(inbox(), callback_links(), CLOCK)
    return Advance(jobs(), paid_providers(), record(), draw_up, CLOCK)


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

    return TakeIn(jobs(), inbox(), deaf_providers({}), parse_wishes, CLOCK, new_id, settings().inbox_tenant)
