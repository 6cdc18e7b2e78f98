"""Endpoints and deliveries as callers see them. A secret is shown by `secret` alone."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from reprise.domain.attempts import Attempt
from reprise.domain.delivery import Delivery
from reprise.domain.endpoint import OVERLAP, Endpoint
from reprise.redact import redact
from reprise.usecases.redeliver import Delivered
from reprise.usecases.subscribe import Secret

if TYPE_CHECKING:
    from reprise.http.shapes import webhooks as shapes


def endpoint(one: Endpoint, base_url: str) -> "shapes.Webhook":
    own = f"{base_url}/v1/webhooks/{one.id}"
    return {
        "id": one.id,
        "url": redact(one.url),
        "events": list(one.events),
        "created_at": one.created_at.isoformat(),
        "enabled": one.disabled is None,
        "disabled_reason": one.disabled,
        "disabled_at": one.disabled_at.isoformat() if one.disabled_at else None,
        "failing_since": one.failing_since.isoformat() if one.failing_since else None,
        "links": {"self": own, "rotate": f"{own}/rotate", "enable": f"{own}/enable"},
    }


def endpoints(found: Sequence[Endpoint], base_url: str) -> "shapes.Webhooks":
    return {"webhooks": [endpoint(one, base_url) for one in found]}


def secret(one: Secret) -> "shapes.Secret":
    """`previous_until`: when the secret before stops signing."""
    until = one.ring.rotated[-1] + OVERLAP if one.ring.rotated else None
    return {"secret": one.text, "previous_until": until.isoformat() if until else None}


def delivery(one: Delivery, base_url: str) -> "shapes.Delivery":
    own = f"{base_url}/v1/covers/{one.job_id}/deliveries/{one.id}"
    return {
        "id": one.id,
        "event": {"id": f"{one.job_id}-{one.event}", "type": one.type, "sequence": one.event},
        "webhook": one.endpoint,
        "state": one.state,
        "reason": one.reason,
        "created_at": one.created_at.isoformat(),
        "next_attempt_at": one.due_at.isoformat() if one.due_at and not one.under_way else None,
        "attempts": [_attempt(attempt) for attempt in one.attempts],
        "links": {"replay": f"{own}/replay"},
    }


def deliveries(found: Delivered, base_url: str) -> "shapes.Deliveries":
    """`callbacks` are the attempts to call a vendor's client back; `about` says of what."""
    return {
        "id": found.job_id,
        "deliveries": [delivery(one, base_url) for one in found.deliveries],
        "callbacks": [{**_attempt(attempt), "about": attempt.about} for attempt in found.callbacks],
    }


def _attempt(one: Attempt) -> "shapes.Attempt":
    return {
        "number": one.number,
        "at": one.at.isoformat(),
        "status": one.status,
        "ms": one.ms,
        "answer": one.answer,
        "reason": one.reason,
    }
