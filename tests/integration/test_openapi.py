"""The real doors against the document that they serve."""

import json
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

import pytest
import schemathesis
from jsonschema_rs import Draft202012Validator
from reprise.domain.endpoint import EVENT_TYPES
from reprise.http.openapi import FILE
from reprise.http.problems import TABLE

from tests.conformance import GATEWAY, Run, config, load, run
from tests.golden import request
from tests.integration.gateway import Gateway, routes
from tests.integration.house import OWNER_KEY, House, Reply
from tests.integration.test_call_back import kie_says
from tests.integration.test_deliver import Receiver, deliveries, ordered
from tests.integration.test_deliver import receiver as receiver
from tests.stack import PUBLIC_URL

DOCUMENT: dict[str, Any] = json.loads(FILE.read_text())
SONG = "https://songs.example/a.mp3"
OFF: Mapping[str, Any] = {"enabled": False}
PHASES = dict.fromkeys(("examples", "coverage", "fuzzing", "stateful"), OFF)
IN_PROCESS = {"ignored_auth": OFF}
"""This check cannot send requests of its own to a WSGI application (schemathesis 4.32). Below, every operation is asked
without a key; the running stack is asked by the check itself."""

NEEDS_AUDIO = {
    "GET /v1/covers/{id}/tracks/{number}/audio",
    "GET /v1/covers/{id}/source",
    "GET /audio/{id}/{key}/{file}",
    "POST /v1/covers/{id}/deliveries/{delivery}/replay",
}
"""Answered well only about a cover that is done, which no request makes it (see the tests of a whole life), or that was
made of an upload, which a request cannot bring about either (see those of the console)."""


def conforms(house: House, document: dict[str, Any], most: int, phases: Mapping[str, Any]) -> Run:
    house.open_all()
    schema = load(document, config(OWNER_KEY, most, {**PHASES, **phases}, checks=IN_PROCESS), SONG)
    schema.app = Gateway(house)
    return run(schema)


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [(method.upper(), path, one) for path, known in DOCUMENT["paths"].items() for method, one in known.items()]


SECURED = [(method, path) for method, path, one in operations() if "security" not in one]


def validate(shape: Mapping[str, Any], value: Any) -> None:
    whole = {**shape, "components": DOCUMENT["components"]}
    Draft202012Validator(whole, validate_formats=True).validate(value)


def as_documented(method: str, path: str, reply: Reply) -> None:
    answer = DOCUMENT["paths"][path][method.lower()]["responses"][str(reply.status)]
    assert set(answer.get("headers", {})) - {"Idempotent-Replayed"} <= {name.title() for name in reply.headers} | {
        "ETag"
    }
    if "content" in answer:
        validate(answer["content"]["application/json"]["schema"], reply.body)


# --- what is served ----------------------------------------------------------------------------------------------


def test_the_document_is_served_to_everybody_and_says_where_it_is_served(house: House) -> None:
    reply = house.http("read", request("read-document"))
    assert reply.status == 200
    assert reply.headers["cache-control"] == "public, max-age=300"
    assert reply.body == {**DOCUMENT, "servers": [{"url": PUBLIC_URL}]}


# --- what nobody thought of --------------------------------------------------------------------------------------


@pytest.mark.long
def test_any_request_is_answered_as_the_document_says(house: House) -> None:
    """Each rule of each parameter and body kept and broken, and then anything: ~25 requests of each kind."""
    done = conforms(house, DOCUMENT, 25, {"examples": {}, "coverage": {"unexpected-methods": GATEWAY}, "fuzzing": {}})
    assert done.faults == []
    well = {name for name, status in done.answered if status < 400}
    assert {f"{method} {path}" for method, path, _ in operations()} - well == NEEDS_AUDIO


def test_any_chain_of_requests_is_answered_as_the_document_says(house: House) -> None:
    done = conforms(house, DOCUMENT, 40, {"stateful": {"max-steps": 6}})
    assert done.faults == []
    assert {"POST /v1/webhooks/{id}/enable", "POST /v1/covers"} <= {name for name, _ in done.answered}


def test_a_document_that_says_too_little_is_found_out(house: House) -> None:
    wrong = deepcopy(DOCUMENT)
    wrong["paths"] = {path: one for path, one in wrong["paths"].items() if path in ("/v1/providers", "/v1/webhooks")}
    del wrong["components"]["schemas"]["Provider"]["properties"]["healthy"]
    wrong["components"]["schemas"]["Provider"]["required"].remove("healthy")
    wrong["components"]["schemas"]["Webhook"]["properties"]["enabled"] = {"type": "string"}
    del wrong["paths"]["/v1/webhooks"]["post"]["responses"]["201"]
    wrong["components"]["schemas"]["WebhookBody"]["properties"]["events"]["maxItems"] = 1
    faults = "\n".join(conforms(house, wrong, 10, {"coverage": {"unexpected-methods": GATEWAY}}).faults)
    assert "GET /v1/providers: Response violates schema: Additional properties are not allowed ('healthy'" in faults
    assert "GET /v1/webhooks: Response violates schema" in faults
    assert "POST /v1/webhooks: Undocumented status code" in faults
    assert "POST /v1/webhooks: Schema-violating request accepted" in faults


# --- keys --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("authorization", [None, "Bearer rk_unknown", f"Basic {OWNER_KEY}", "Bearer", "\u00e9"])
@pytest.mark.parametrize(("method", "path"), SECURED, ids=lambda part: str(part))
def test_nobody_comes_in_without_a_key(house: House, method: str, path: str, authorization: str | None) -> None:
    schema = schemathesis.openapi.from_dict(deepcopy(DOCUMENT))
    schema.app = Gateway(house)
    parts = {"id": "0" * 32, "number": 1, "delivery": "1-job"}
    named = {name: value for name, value in parts.items() if f"{{{name}}}" in path}
    case = schema[path][method].Case(path_parameters=named, body={}, media_type="application/json")
    answer = case.call(headers={"Authorization": authorization} if authorization else {})
    assert (answer.status_code, answer.json()["type"]) == (401, "urn:reprise:problem:unauthenticated")
    assert answer.headers["www-authenticate"] == ["Bearer"]


def test_what_needs_no_key_says_so() -> None:
    free = {path for method, path, one in operations() if one.get("security") == []}
    assert free == {"/audio/{id}/{key}/{file}", "/.well-known/reprise-webhook-keys.json", "/openapi.json"}


# --- a whole life ------------------------------------------------------------------------------------------------


def test_a_finished_cover_looks_as_documented_from_every_side(house: House, receiver: Receiver) -> None:
    mail = ordered(house, {"url": "https://hooks.example.net/own"})
    kie_says(mail, "text", "first", "complete")
    one = next(iter(deliveries(house, mail.job_id)))
    audio = house.job(mail.job_id).audio_key
    asked: list[tuple[str, str, str, dict[str, str]]] = [
        ("read-cover", "GET", "/v1/covers/{id}", {}),
        ("read-timeline", "GET", "/v1/covers/{id}/timeline", {}),
        ("read-deliveries", "GET", "/v1/covers/{id}/deliveries", {}),
        ("read-audio", "GET", "/v1/covers/{id}/tracks/{number}/audio", {"number": "1"}),
        ("read-public-audio", "GET", "/audio/{id}/{key}/{file}", {"key": audio, "file": "1.mp3"}),
        ("manage-replay", "POST", "/v1/covers/{id}/deliveries/{delivery}/replay", {"delivery": one}),
    ]
    for name, method, path, parts in asked:
        reply = house.http(name.partition("-")[0], request(name, None, None, {}, id=mail.job_id, **parts))
        assert reply.status < 400, name
        as_documented(method, path, reply)


def test_every_webhook_is_as_documented(house: House, receiver: Receiver) -> None:
    kie_says(ordered(house, {"url": "https://hooks.example.net/own"}), "text", "first", "complete")
    failed = ordered(house, {"url": "https://hooks.example.net/own"})
    kie_says(failed, "error")
    canceled = ordered(house, {"url": "https://hooks.example.net/own"})
    house.http("manage", request("manage-cancel", id=canceled.job_id))
    canceled.settle()
    bodies = [json.loads(body) for _, body, _ in receiver.posts]
    assert {body["type"] for body in bodies} == set(EVENT_TYPES) - {"cover.switched"}
    for body in bodies:
        shape = DOCUMENT["webhooks"][body["type"]]["post"]["requestBody"]["content"]["application/json"]["schema"]
        validate(shape, body)


# --- strays ------------------------------------------------------------------------------------------------------


def knock(house: House, method: str, path: str) -> tuple[int, str, str | None]:
    """Status, the problem's kind and `Allow`."""
    route = next(one for one in routes() if one.path == "/v1/{path+}")
    event = request("read-document")
    event |= {"routeKey": route.key, "rawPath": path}
    event["requestContext"]["http"] |= {"method": method, "path": path}
    reply = house.http(route.verb, event)
    assert reply.headers["content-type"] == "application/problem+json"
    return reply.status, reply.body["type"].rpartition(":")[2], reply.headers.get("allow")


@pytest.mark.parametrize("method", ["HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"])
def test_another_method_is_told_which_ones_the_path_takes(house: House, method: str) -> None:
    assert knock(house, method, "/v1/covers") == (405, "method-not-allowed", "GET, POST")


def test_a_path_of_a_certain_name_is_not_taken_for_an_id(house: House) -> None:
    assert knock(house, "PUT", "/v1/webhooks/secret") == (405, "method-not-allowed", "GET")
    assert knock(house, "PUT", f"/v1/webhooks/{'0' * 32}") == (405, "method-not-allowed", "DELETE, GET")


@pytest.mark.parametrize(
    "path", ["/v1/", "/v1/cover", "/v1/covers/", "/v1/a/b/c/d", "/v1/" + "a" * 9000, "/v1/covers/\"'"]
)
def test_where_nothing_is_there_is_nothing(house: House, path: str) -> None:
    assert knock(house, "GET", path) == (404, "not-found", None)


@pytest.mark.parametrize(
    ("name", "query"),
    [
        ("submit", {"dryrun": "true"}),
        ("submit", {"dry_run": "true", "dry-run": "true"}),
        ("read-list", {"page": "2"}),
        ("read-cover", {"timeout": "3"}),
    ],
)
def test_a_query_parameter_that_is_none_is_refused(house: House, name: str, query: dict[str, str]) -> None:
    """A misspelled dry run would have been paid for."""
    job = house.cover() if name == "read-cover" else None
    paid = len(house.vendor.paid)
    parts = {"id": job} if job else {}
    reply = house.http(name.partition("-")[0], request(name, None, None, query, **parts))
    assert (reply.status, reply.body["errors"][0]["rule"]) == (422, "unknown")
    assert len(house.vendor.paid) == paid


def test_each_problem_of_the_table_is_of_some_operation_but_those_of_callbacks_and_strays() -> None:
    told = json.dumps(DOCUMENT["components"]["responses"])
    missing = {slug for _, slug, _ in TABLE.values() if f'problem:{slug}"' not in told}
    assert missing == {"forged-callback", "method-not-allowed"}
