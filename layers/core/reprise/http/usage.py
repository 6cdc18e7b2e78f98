"""`GET /v1/usage`: what a tenant's month came to."""

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response

from reprise.dialects.queries import usage_query
from reprise.domain.key import ApiKey, Scope
from reprise.domain.purse import MONEY_DIGITS
from reprise.http.api import answer, caller_of
from reprise.ports import KeyStore

if TYPE_CHECKING:
    from reprise.domain.usage import Sums
    from reprise.http.shapes import usage as shapes
    from reprise.usecases.add_up import AddUp, Usage


def serve(api: APIGatewayHttpResolver, keys: Callable[[], KeyStore], add_up: "Callable[[], AddUp]") -> None:
    @api.get("/v1/usage")
    def read_usage() -> Response[str]:
        caller = caller_of(api, keys(), Scope.READ)
        found = add_up()(caller, *usage_query(api.current_event.query_string_parameters))
        return answer(200, view(found, caller))


def view(found: "Usage", caller: ApiKey) -> "shapes.Usage":
    limit = caller.budget_usd
    return {
        "month": found.month,
        "providers": [_sums(provider, found.sums[provider]) for provider in sorted(found.sums)],
        "budget": None if limit is None else {"limit_usd": float(limit), "committed_usd": _usd(found.committed)},
        "next_cursor": found.cursor,
    }


def _sums(provider: str, one: "Sums") -> "shapes.ProviderUsage":
    return {
        "provider": provider,
        "covers": one.covers,
        "succeeded": one.succeeded,
        "failed": one.failed,
        "canceled": one.canceled,
        "under_way": one.under_way,
        "takes": one.takes,
        "seconds": round(one.seconds, 2),
        "estimated_usd": _usd(one.estimated),
        "delivered_usd": _usd(one.delivered),
        "undelivered_usd": _usd(one.undelivered),
        "open_usd": _usd(one.open),
    }


def _usd(exact: Decimal) -> float:
    return round(float(exact), MONEY_DIGITS)
