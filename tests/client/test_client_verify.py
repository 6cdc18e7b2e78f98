"""`verify_webhook` takes what we sign, and nothing else."""

from datetime import UTC, datetime
from typing import Any

import pytest
from reprise.client import ForgedWebhookError, verify_webhook
from reprise.signing import headers, secret_of
from standardwebhooks import Webhook

MASTER = b"m" * 48
SECRET, OLD, STRANGE = (secret_of(MASTER, "owner/job", one) for one in (2, 1, 3))
BODY = '{"type":"cover.text","été":1}'.encode()
AT = 1_795_176_000.0


def signed() -> dict[str, str]:
    return headers(MASTER, "abc-1", datetime.fromtimestamp(AT, UTC), BODY, [SECRET, OLD])


def heard(body: bytes = BODY, secret: str = SECRET, at: float = AT, **changes: str) -> dict[str, Any]:
    given = signed() | {name.replace("_", "-"): value for name, value in changes.items()}
    return verify_webhook(body, given, secret, now=at)


@pytest.mark.parametrize("secret", [SECRET, OLD])
@pytest.mark.parametrize("at", [AT - 299, AT, AT + 299])
def test_what_we_sign_is_taken_by_either_secret_of_a_rotation(secret: str, at: float) -> None:
    assert heard(secret=secret, at=at)["type"] == "cover.text"


def test_headers_are_found_however_they_are_written() -> None:
    assert verify_webhook(BODY, {name.title(): value for name, value in signed().items()}, SECRET, now=AT)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"body": BODY + b" "}, "no signature"),
        ({"secret": STRANGE}, "no signature"),
        ({"secret": "whsec_not base64!"}, "the secret is not one"),
        ({"at": AT + 301}, "300 seconds off"),
        ({"at": AT - 301}, "300 seconds off"),
        ({"webhook_id": "abc-2"}, "no signature"),
        ({"webhook_timestamp": str(int(AT) + 1)}, "no signature"),
        ({"webhook_timestamp": "soon"}, "no number"),
        ({"webhook_timestamp": "²"}, "no number"),
        ({"webhook_signature": ""}, "no signature"),
        ({"webhook_signature": "v1,é v2,x nonsense"}, "no signature"),
        ({"webhook_signature": signed()["webhook-signature"].replace("v1,", "v0,")}, "no signature"),
    ],
)
def test_anything_else_is_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ForgedWebhookError, match=said):
        heard(**changes)


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_a_missing_header_is_named(missing: str) -> None:
    given = {name: value for name, value in signed().items() if name != missing}
    with pytest.raises(ForgedWebhookError, match=missing):
        verify_webhook(BODY, given, SECRET, now=AT)


def test_what_the_standards_own_library_signs_is_taken() -> None:
    now = datetime.now(UTC)
    given = {"webhook-id": "a", "webhook-timestamp": str(int(now.timestamp()))}
    signature = Webhook(SECRET).sign("a", now, BODY.decode())
    assert verify_webhook(BODY, {**given, "webhook-signature": signature}, SECRET)["type"] == "cover.text"
