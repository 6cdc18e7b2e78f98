"""What a submit's doors share: the claim that makes a repeated request one, a song inside a body, and the log."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver

from reprise.dialects.body import AUTO, fingerprint, parse_body
from reprise.dialects.dialect import Knock, Wish
from reprise.dialects.fields import upload_key
from reprise.domain.key import ApiKey
from reprise.domain.request import CoverRequest, Source
from reprise.domain.violation import Violation
from reprise.errors import InvalidError
from reprise.http.api import idempotency_key, raw_body
from reprise.logs import found, logger
from reprise.metrics import Metric, put
from reprise.net.urls import inside_fault, reach_fault
from reprise.ports import Claim, Inbox
from reprise.settings import Network
from reprise.usecases.submit import Submit, Submitted


def json_body(api: APIGatewayHttpResolver) -> Mapping[str, Any]:
    """Raises MalformedError, TooLargeError."""
    return parse_body(raw_body(api))


def claim(api: APIGatewayHttpResolver, tenant: str, body: Mapping[str, Any]) -> Claim | None:
    """Raises InvalidError for a key that is none."""
    key = idempotency_key(api)
    return Claim(tenant, f"key:{key}", fingerprint(body)) if key else None


def with_song(wish: Wish, tenant: str, inbox: Inbox, new_id: Callable[[], str]) -> CoverRequest:
    """A song that came inside the body lies in the inbox before its job is made."""
    if wish.file is None:
        return wish.request
    key = upload_key(tenant, new_id())
    inbox.store(key, wish.file)
    return replace(wish.request, source=Source(key=key))


def routed(knock: Knock, wish: Wish) -> Wish:
    """`X-Reprise-Provider: aimlapi, kie` says who shall serve a vendor's client, best first; else its vendor does, if
    it can, and then whoever can. It is part of the wish: for other providers it is another one."""
    names = tuple(part.strip() for part in knock.headers.get("x-reprise-provider", "").split(",") if part.strip())
    return replace(wish, request=replace(wish.request, providers=names)) if names and names != (AUTO,) else wish


def admissible(wish: Wish, networks: tuple[Network, ...]) -> Wish:
    """Raises InvalidError for links of a vendor's client that nobody could use: a source that lies in private space,
    and a callback URL whose host we would never connect to. `networks` are those that the operator allows. What else
    is wrong with a source, its provider says; a callback URL of plain http, which vendors' own pages show, is never
    reached."""
    links = (
        ("source", wish.request.source.url, inside_fault),
        ("callback_url", wish.request.visit.callback_url if wish.request.visit else None, reach_fault),
    )
    faults = [(field, fault(link, networks)) for field, link, fault in links if link]
    broken = [Violation(field, "refused", fault) for field, fault in faults if fault]
    if broken:
        raise InvalidError(*broken)
    return wish


def place(submit: Submit, caller: ApiKey, request: CoverRequest, claim: Claim | None, now: datetime) -> Submitted:
    """Raises BudgetSpentError where the month of the caller's key has no room for it."""
    done = submit(caller.tenant, request, claim, caller.purse(now))
    found(done.job.id)
    if done.trouble:
        logger.error("stored, but not known to be submitted", exc_info=done.trouble, job=done.job.id)
        put({Metric.SERVER_ERRORS: 1})
    return done
