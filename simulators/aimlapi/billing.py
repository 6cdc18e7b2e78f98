"""What the vendor says of money: dollars in the new pages, credits in the old one."""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from simulators.aimlapi.task import Task

CREDITS_PER_USD = 2_000_000
PRICE = 390_000
FUNDS = 100 * CREDITS_PER_USD
_LOW = 10 * CREDITS_PER_USD // 100


def usd(credits: int) -> float:
    return round(credits / CREDITS_PER_USD, 6)


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def balance(credits: int) -> dict[str, Any]:
    return {"current_balance": usd(credits), "currency": "USD"}


def detail(credits: int, spent: int) -> dict[str, Any]:
    return balance(credits) | {"credits": credits, "credits_spent": spent, "usd_spent": usd(spent)}


def transactions(tasks: Iterable[Task]) -> dict[str, Any]:
    """Only finished covers: failed ones are not billed, and a charge is written down after the end."""
    return {
        "data": [
            {
                "reference_id": task.id,
                "model": task.body["model"],
                "amount": usd(PRICE),
                "currency": "USD",
                "credits": PRICE,
                "created_at": moment(task.finished or task.created),
            }
            for task in tasks
            if task.stage == "done"
        ]
    }


def legacy(credits: int, now: float) -> dict[str, Any]:
    return {
        "balance": credits,
        "lowBalance": credits < _LOW,
        "lowBalanceThreshold": _LOW,
        "lastUpdated": moment(now),
        "autoDebitStatus": "disabled",
        "status": "current",
        "statusExplanation": "Balance is current",
    }


def logs(tasks: Iterable[Task], client_id: str | None) -> dict[str, Any]:
    """Every accepted submit, newest first, so that a lost answer can be found by the id that its sender gave it."""
    return {
        "data": [
            {
                "inference_id": task.id,
                "client_request_id": task.client_id,
                "model": task.body["model"],
                "path": "/v2/generate/audio",
                "method": "POST",
                "status_code": 200,
                "created_at": moment(task.created),
            }
            for task in reversed(list(tasks))
            if client_id is None or task.client_id == client_id
        ]
    }
