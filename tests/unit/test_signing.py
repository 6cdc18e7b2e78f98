"""Signatures: the published vector of Standard Webhooks, its library as the judge, and a key that anybody can check."""

import base64
import json
import time
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from reprise.signing import headers, key_document, mac, secret_of
from standardwebhooks import Webhook, WebhookVerificationError

MASTER = b"m" * 48
BODY = '{"type":"cover.text","été":1}'.encode()


def verified(secret: str, body: bytes, told: dict[str, str]) -> bool:
    """The library's verdict. What it cannot read it answers with ValueError, which is a refusal too."""
    try:
        Webhook(secret).verify(body, told)
    except (WebhookVerificationError, ValueError):
        return False
    return True


def signed(*secrets: str, at: float | None = None) -> dict[str, str]:
    moment = datetime.fromtimestamp(time.time() if at is None else at, UTC)
    return headers(MASTER, "abc-1", moment, BODY, secrets)


def test_the_published_vector_gives_the_published_signature() -> None:
    """standard-webhooks/standard-webhooks, libraries/*/test: the same numbers in each language."""
    content = b'msg_p5jXN8AQM9LWM0D4loKWxJek.1614265330.{"test": 2432232314}'
    assert mac("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", content) == "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_library_takes_what_we_sign() -> None:
    secret = secret_of(MASTER, "owner/job", 1)
    assert verified(secret, BODY, signed(secret))


@pytest.mark.parametrize("spoilt", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_it_takes_nothing_that_was_changed(spoilt: str) -> None:
    secret = secret_of(MASTER, "owner/job", 1)
    told = signed(secret)
    told[spoilt] = {"webhook-id": "abc-2", "webhook-timestamp": str(int(time.time()) - 10)}.get(spoilt, "v1,AAAA")
    assert not verified(secret, BODY, told)
    assert not verified(secret, BODY + b" ", signed(secret))
    assert not verified(secret, BODY, signed(secret, at=time.time() - 600))


@pytest.mark.parametrize("malformed", ["", "v1", "v1,é", "v1,a", "v1,a,b", "nonsense"])
def test_a_malformed_signature_is_a_refusal(malformed: str) -> None:
    secret = secret_of(MASTER, "owner/job", 1)
    assert not verified(secret, BODY, {**signed(secret), "webhook-signature": malformed})


def test_while_secrets_overlap_receivers_with_either_take_it() -> None:
    new, old = secret_of(MASTER, "owner/job", 2), secret_of(MASTER, "owner/job", 1)
    told = signed(new, old)
    assert [one.split(",")[0] for one in told["webhook-signature"].split(" ")] == ["v1", "v1", "v1a"]
    assert verified(new, BODY, told)
    assert verified(old, BODY, told)
    assert not verified(secret_of(MASTER, "owner/job", 3), BODY, told)


def test_a_secret_is_32_bytes_and_nobody_elses() -> None:
    owners = [("owner/job", 1), ("owner/job", 2), ("other/job", 1), ("owner/5b1d", 1)]
    secrets = [secret_of(MASTER, *one) for one in owners] + [secret_of(b"n" * 48, "owner/job", 1)]
    assert len(set(secrets)) == 5
    assert secret_of(MASTER, "owner/job", 1) == secrets[0]
    assert all(one.startswith("whsec_") and len(base64.b64decode(one[6:])) == 32 for one in secrets)


def test_the_published_key_checks_v1a() -> None:
    told = signed()
    (key,) = key_document(MASTER)["keys"]
    public = Ed25519PublicKey.from_public_bytes(base64.urlsafe_b64decode(key["x"] + "="))
    signature = base64.b64decode(told["webhook-signature"].removeprefix("v1a,"))
    content = b"abc-1." + told["webhook-timestamp"].encode() + b"." + BODY
    public.verify(signature, content)
    with pytest.raises(InvalidSignature):
        public.verify(signature, content + b" ")
    assert base64.b64decode(key["whpk"].removeprefix("whpk_")) == public.public_bytes_raw()


def test_the_key_document_names_the_key_and_holds_nothing_secret() -> None:
    (key,) = key_document(MASTER)["keys"]
    assert {name: key[name] for name in ("kty", "crv", "alg", "use")} == {
        "kty": "OKP",
        "crv": "Ed25519",
        "alg": "EdDSA",
        "use": "sig",
    }
    assert set(key) == {"kty", "crv", "alg", "use", "x", "kid", "whpk"}
    assert key["kid"] != key_document(b"n" * 48)["keys"][0]["kid"]
    assert MASTER.decode() not in json.dumps(key)
