"""Who hears of a cover's public events: those whom it names itself, and its tenant's endpoints."""

from collections.abc import Sequence

from reprise.domain.request import CoverRequest

OWN = "job"
"""Stands for an endpoint's id where a job brought its own URL."""

CLIENT = "client"
"""The client of a dialect, who is called back in its vendor's words."""


def wanted(type: str, events: Sequence[str]) -> bool:
    return not events or type in events


def named(request: CoverRequest, type: str) -> tuple[str, ...]:
    """OWN, CLIENT, both or none."""
    own, visit = request.webhook, request.visit
    found = (OWN,) if own and wanted(type, own.events) else ()
    return (*found, CLIENT) if visit and visit.callback_url else found
