"""What each function may import at its cold start: a careless import fails here, not on somebody's bill.

The set of modules is the same on every machine; the milliseconds behind it are in docs/performance.md.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from functools import cache

import pytest

from tests.template import ROOT

NOBODY: Mapping[str, str] = {
    "boto3": "its session brings resources and S3's transfer manager; clients.py uses botocore's",
    "s3transfer": "a part of boto3; PutObject and GetObject are all that is used",
    "aws_xray_sdk": "a third of a cold start; `Tracing: Active` needs no SDK",
    "av": "FFmpeg, 38 MB: when the first song is looked into, not before",
    "httpx": "a client is made with the first call out",
    "pydantic": "it describes bodies, for the OpenAPI document; tables read them",
    "cryptography": "OpenSSL's bindings, for the one who signs with Ed25519, then",
    "aws_lambda_powertools.utilities.batch": "asyncio, and the classes of forty kinds of event, to walk a list",
    "moto": "the tests' own",
}
"""Modules that no function imports before its first event, and why."""

API = "aws_lambda_powertools.event_handler"
ASYNCIO = "asyncio"
DIALECTS = "reprise.dialects.kie"
FORMS = "multipart"

OWN: Mapping[str, set[str]] = {
    "callback": set(),
    "poller": set(),
    "upload": set(),
    "advance": set(),
    "deliver": set(),
    "dispatch": set(),
    "transfer": set(),
    "manage": {API, ASYNCIO},
    "console": {API, ASYNCIO},
    "pages": {API, ASYNCIO},
    "read": {API, ASYNCIO},
    "survey": {API, ASYNCIO, DIALECTS, FORMS},
    "submit": {API, ASYNCIO},
    "subscribe": {API, ASYNCIO},
}
"""Of what costs, who needs it: who has routes (Powertools' bring asyncio, except in the layer), all vendors' words with
their forms."""

COSTLY = (API, ASYNCIO, DIALECTS, FORMS)


@cache
def imported(verb: str, also: str = "") -> frozenset[str]:
    """Modules in a fresh process after the function's file, and `also`."""
    code = f"import sys, functions.{verb}.app as app{also}; print(*sys.modules)"
    here = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/core")])}
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("verb", sorted(OWN))
def test_a_function_imports_what_it_needs_and_no_more(verb: str) -> None:
    found = imported(verb)
    assert {name: why for name, why in NOBODY.items() if name in found} == {}
    assert {name for name in COSTLY if name in found} == OWN[verb]


def test_every_function_has_a_budget() -> None:
    assert set(OWN) == {path.parent.name for path in (ROOT / "functions").glob("*/app.py")}


def test_a_callback_loads_the_provider_that_speaks_and_no_other() -> None:
    """The wiring of its first event, which imports what it needs there and then."""
    wired = "; import reprise.usecases.callback; from reprise.providers import build"
    wired += "; from reprise.providers.client import VendorSettings; build('kie', VendorSettings(), None)"
    found = imported("callback", wired)
    assert {name for name in found if name.startswith("reprise.providers.")} == {
        "reprise.providers.client",
        "reprise.providers.kie",
        "reprise.providers.loose",
        "reprise.providers.suno",
    }
    assert not {*NOBODY, *COSTLY} & found


def test_a_call_in_a_vendors_words_loads_these_and_no_others() -> None:
    found = imported("submit", "; from reprise.dialects import DIALECTS; DIALECTS['kie'].submits")
    vendors = {"kie", "sunoapi", "aimusicapi", "aimlapi", "musicgpt"}
    assert {one for one in vendors if f"reprise.dialects.{one}" in found} == {"kie"}


READ = """
from reprise.dialects import native, uploads
from reprise.domain.request import Source
native.parse_cover({"source": {"url": "https://a.example/"}, "pitch": 1, "weirdness": 0.5}, "owner", ())
native.parse_webhook({"url": "https://a.example/"}, ())
uploads.parse_upload({"filename": "a.mp3"}, "o", "0")
native.parse_wishes({"pitch": "1", "weirdness": "0.5", "strict": "yes"}, {}, Source(key="inbox/a.mp3"))"""


@pytest.mark.parametrize("verb", ["submit", "subscribe", "upload"])
def test_a_body_is_read_without_a_framework(verb: str) -> None:
    assert not {*NOBODY} & imported(verb, READ)


def test_clients_are_made_when_they_are_used() -> None:
    code = "import functions.callback.app, reprise.aws.clients as c; "
    code += "print(*(one.cache_info().currsize for one in vars(c).values() if hasattr(one, 'cache_info')))"
    here = {"PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "layers/core")])}
    done = subprocess.run([sys.executable, "-c", code], env=here, capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) == {"0"}


def test_a_start_is_not_spent_on_looking_for_garbage() -> None:
    """`pages` hands out files and is not wired."""
    assert [verb for verb in sorted(OWN) if "reprise.collector" not in imported(verb)] == ["pages"]
