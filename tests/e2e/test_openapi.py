"""The running stack against the document that it serves: few requests, every check."""

from typing import Any

import httpx
import pytest
from reprise.aws.key_store import create_key
from reprise.domain.key import Scope

from docs.openapi.vendors import VENDORS
from tests.conformance import GATEWAY, config, load, run
from tests.e2e.caller import Caller

pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("the stack")]
SONG = "https://songs.example/a.mp3"
OFF: dict[str, Any] = {"enabled": False}


NEGATIVE = {"include-operation-id": ["create_cover", "create_webhook"], "generation": {"mode": "negative"}}
"""What has no fault would make the stack knock at whatever hosts come to the generator's mind. And it asks as a tenant
of its own: ids that it reads in a list are deleted, canceled and retried."""


@pytest.mark.long
def test_the_running_stack_answers_as_its_document_says(caller: Caller) -> None:
    base = caller.stack.api_url
    served = httpx.get(f"{base}/openapi.json")
    assert served.status_code == 200
    document: dict[str, Any] = served.json()
    assert document["servers"] == [{"url": base}]
    _, key = create_key(caller.stack.table, caller.running.client("dynamodb"), tenant="nobody", scopes=Scope)
    phases = {"examples": OFF, "coverage": {"unexpected-methods": GATEWAY}, "fuzzing": {}, "stateful": OFF}
    done = run(load(document, config(key, 3, phases, NEGATIVE, **{"base-url": base}), SONG))
    assert done.faults == []
    assert {name for name, status in done.answered if status == 401} >= {"GET /v1/covers", "POST /v1/webhooks"}


NOT_GOOD = {"include-method": "POST", "generation": {"mode": "negative"}}
"""A good submit would be bought, of simulators that other tests count on."""


@pytest.mark.long
@pytest.mark.parametrize("name", ["aimusicapi", "aimlapi", "musicgpt"])
def test_the_running_stack_answers_vendors_clients_as_their_documents_say(caller: Caller, name: str) -> None:
    """Of those whose HTTP status says how it went; the two others' codes are read by the in-process test."""
    base = caller.stack.api_url
    served: dict[str, Any] = httpx.get(f"{base}/openapi/{name}.json").json()
    _, key = create_key(caller.stack.table, caller.running.client("dynamodb"), tenant="nobody", scopes=Scope)
    phases = {"examples": OFF, "coverage": {"unexpected-methods": []}, "fuzzing": OFF, "stateful": OFF}
    checks = dict.fromkeys(("positive_data_acceptance", "unsupported_method", "missing_required_header"), OFF)
    url = f"{base}{served['servers'][0]['url']}"
    done = run(
        load(served, config(key, 1, phases, NOT_GOOD, checks=checks, **{"base-url": url}), SONG, VENDORS[name].schemas)
    )
    assert not done.faults, "\n".join(done.faults)
    assert 401 in {status for _, status in done.answered}


@pytest.mark.parametrize("page", ["", "/kie", "/problems", "/style.css"])
def test_the_running_stack_hands_out_its_pages(caller: Caller, page: str) -> None:
    answer = httpx.get(f"{caller.stack.api_url}/docs{page}")
    assert answer.status_code == 200
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert answer.headers["content-encoding"] == "gzip"
    assert "Reprise" in answer.text or page == "/style.css"
