"""API keys at every door: what each opens, how often it may knock, how much it may spend in a month."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from reprise import bootstrap
from reprise.aws import clients
from reprise.aws.key_store import create_key, keys_of, revoke_key, spent_of
from reprise.aws.keys import REMEMBERED
from reprise.dialects import DIALECTS
from reprise.dialects.native import parse_cover
from reprise.domain.job import State
from reprise.domain.key import Scope, id_of
from reprise.logs import logger
from reprise.ports import Download
from reprise.usecases.submit import Submitted

from tests.golden import golden, request
from tests.integration.house import VENDORS, House, Reply
from tests.integration.test_correlation import Log, log  # noqa: F401 - a fixture
from tests.integration.test_dialects import buy
from tests.integration.test_routing import empty
from tests.integration.test_submit import GOOD
from tests.integration.test_work import asked
from tests.stack import forget_wiring
from tests.template import functions

MONTH = "2026-11"
NOBODYS = "0" * 32


@pytest.fixture
def shop(house: House) -> House:
    house.open_all()
    return house


def new_key(house: House, *scopes: str, **bounds: Any) -> str:
    table = house.stack.environ["TABLE"]
    return create_key(table, clients.dynamodb(), tenant="owner", scopes=scopes or ("submit", "read"), **bounds)[1]


def spent(house: House, key: str) -> Decimal:
    return spent_of(house.stack.environ["TABLE"], clients.dynamodb(), str(id_of(key)), MONTH)


def submit(house: House, key: str, body: Any = None, **headers: str | None) -> Reply:
    return house.submit(body, authorization=f"Bearer {key}", **headers)


# --- scopes: every door of the template --------------------------------------------------------------------------


@dataclass(frozen=True)
class Door:
    verb: str
    method: str
    route: str
    path: str

    @property
    def dialect(self) -> str | None:
        first = self.path.split("/")[1]
        return first if first in DIALECTS else None

    @property
    def scope(self) -> Scope | None:
        """The rule: GET reads, POST submits; what deletes, replays or is about webhooks and secrets is the admin's."""
        if self.path.startswith(("/audio/", "/.well-known/", "/openapi.json")):
            return None
        if self.path.startswith("/v1/webhooks") or self.method == "DELETE" or self.path.endswith("/replay"):
            return Scope.ADMIN
        return Scope.READ if self.method == "GET" else Scope.SUBMIT


def doors() -> Iterator[Door]:
    """Every HTTP route, those of the vendors' clients one by one; providers' callbacks have tokens instead of keys,
    pages are everybody's, and behind the route of strays is nothing."""
    for verb, function in functions().items():
        for event in function["Events"].values():
            if event["Type"] == "HttpApi" and verb not in ("callback", "console", "pages"):
                method, route = event["Properties"]["Method"], event["Properties"]["Path"]
                if method != "ANY":
                    yield from (Door(verb, method, route, path) for path in _paths(method, route))


def _paths(method: str, route: str) -> Iterator[str]:
    if "{path+}" not in route:
        yield re.sub(r"{(\w+)}", lambda found: "1" if found[1] == "number" else NOBODYS, route)
        return
    name = route.split("/")[1]
    kinds = ("submits",) if method == "POST" else ("statuses",)
    yield from (f"/{name}{path}" for kind in kinds for path in getattr(DIALECTS[name], kind))


DOORS = sorted(doors(), key=str)
VERBS = sorted({door.verb for door in DOORS})

each_verb = pytest.mark.parametrize("verb", VERBS)


def knock(house: House, door: Door, key: str | None) -> Reply:
    event = golden("read-list")
    event["routeKey"] = event["requestContext"]["routeKey"] = f"{door.method} {door.route}"
    event["rawPath"] = event["requestContext"]["http"]["path"] = door.path
    event["requestContext"]["http"]["method"] = door.method
    names = re.findall(r"{(\w+)\+?}", door.route)
    event["pathParameters"] = dict.fromkeys(names, NOBODYS)
    event["queryStringParameters"] = {}
    event["body"] = "{}"
    event["headers"]["authorization"] = f"Bearer {key}" if key else ""
    return house.http(door.verb, event)


def denied(door: Door, reply: Reply) -> bool:
    """kie and sunoapi say everything with HTTP 200."""
    code = reply.body.get("code") if door.dialect and isinstance(reply.body, dict) else None
    return reply.status in (401, 403) or code in (401, 403)


def test_the_walk_passes_every_door() -> None:
    assert VERBS == ["manage", "read", "submit", "subscribe", "survey"]
    assert {door.dialect for door in DOORS} == {None, *DIALECTS}
    assert {door.scope for door in DOORS} == {None, *Scope}


@each_verb
def test_each_door_refuses_a_key_without_a_fitting_scope_and_does_nothing(shop: House, verb: str) -> None:
    known = {scope: new_key(shop, scope) for scope in Scope}
    both = new_key(shop, Scope.READ, Scope.SUBMIT)
    for door in (door for door in DOORS if door.verb == verb and door.scope):
        unfit = [both] if door.scope is Scope.ADMIN else []
        unfit += [key for scope, key in known.items() if scope not in (door.scope, Scope.ADMIN)]
        before = shop.items()
        for key in unfit:
            reply = knock(shop, door, key)
            assert denied(door, reply), door
            if not door.dialect:
                assert (reply.status, reply.body["type"]) == (403, "urn:reprise:problem:forbidden"), door
                assert reply.body["scope"] == door.scope
                assert f"scope {door.scope}" in reply.body["detail"]
        assert (shop.items(), shop.vendor.calls) == (before, [])


@each_verb
def test_each_door_lets_in_a_key_with_the_scope_and_an_admins(shop: House, verb: str) -> None:
    for door in (door for door in DOORS if door.verb == verb and door.scope):
        for scope in {door.scope, Scope.ADMIN}:
            assert not denied(door, knock(shop, door, new_key(shop, str(scope)))), (door, scope)


@each_verb
def test_no_door_is_open_without_a_key_but_those_that_are_meant_to_be(shop: House, verb: str) -> None:
    for door in (door for door in DOORS if door.verb == verb):
        assert denied(door, knock(shop, door, None)) == (door.scope is not None), door


# --- a request's key ---------------------------------------------------------------------------------------------


def lost(_: httpx.Request) -> httpx.Response:
    raise RuntimeError("nobody expected that")


def test_the_log_of_a_request_names_the_id_of_its_key_and_never_the_key(shop: House, log: Log) -> None:  # noqa: F811
    key, reader = new_key(shop), new_key(shop, "read")
    log.lines()
    submit(shop, reader)
    shop.vendor.says["kie"] = lost
    submit(shop, key)
    text = log.text.getvalue()
    away, failed = log.lines()
    assert (away["message"], away["key"], away["scope"]) == ("turned away", id_of(reader), "submit")
    assert (failed["level"], failed["key"]) == ("ERROR", id_of(key))
    assert key.split("_", 2)[2] not in text
    assert "key" not in logger.get_current_keys()


def test_a_revoked_key_is_let_in_for_half_a_minute_at_most(shop: House, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds = [1000.0]
    monkeypatch.setattr(bootstrap.keys(), "_monotonic", lambda: seconds[0])
    key, table = new_key(shop), shop.stack.environ["TABLE"]
    shop.door = "submit"  # this process stays warm
    assert submit(shop, key).status == 202
    revoke_key(table, clients.dynamodb(), str(id_of(key)))
    seconds[0] += REMEMBERED
    assert submit(shop, key).status == 401
    assert [one.revoked_at is not None for one in keys_of(table, clients.dynamodb(), "owner")] == [True]


# --- the rate ----------------------------------------------------------------------------------------------------


def test_a_key_that_had_its_requests_waits_for_the_next_minute(shop: House) -> None:
    shop.clock.at += timedelta(seconds=18)
    key = new_key(shop, per_minute=2)
    listing = request("read-list", headers={"authorization": f"Bearer {key}"})
    assert [shop.http("read", listing).status, submit(shop, key).status] == [200, 202]
    reply = submit(shop, key)
    assert (reply.status, reply.body["type"]) == (429, "urn:reprise:problem:too-many-requests")
    assert reply.headers["retry-after"] == "42"
    assert shop.http("read", listing).status == 429
    assert len(shop.vendor.bought) == 1
    shop.clock.at += timedelta(seconds=42)
    assert shop.http("read", listing).status == 200


def test_what_is_forbidden_counts_too_and_what_nobody_knows_does_not(shop: House) -> None:
    key = new_key(shop, "read", per_minute=1)
    assert [submit(shop, one).status for one in (key[:-1] + "~", key, key)] == [401, 403, 429]


def test_a_key_without_bounds_makes_no_further_call(shop: House) -> None:
    """Cold, it reads the key and a provider's health; money is counted in the write that makes the job."""
    calls = {}
    for name, key in (("plain", new_key(shop)), ("budget", new_key(shop, budget_usd=1))):
        shop.stack.forget()
        forget_wiring()
        submit(shop, key)
        calls[name] = shop.stack.called("DynamoDB")
    made = {"plain": "DynamoDB.PutItem", "budget": "DynamoDB.TransactWriteItems"}
    assert calls == {name: [*["DynamoDB.GetItem"] * 2, make, "DynamoDB.UpdateItem"] for name, make in made.items()}


# --- the budget --------------------------------------------------------------------------------------------------


def test_a_month_that_is_spent_is_told_and_buys_nothing(shop: House) -> None:
    key = new_key(shop, budget_usd=0.1)
    assert submit(shop, key).status == 202
    reply = submit(shop, key)
    assert (reply.status, reply.body["type"]) == (402, "urn:reprise:problem:budget-spent")
    told = {name: reply.body[name] for name in ("limit_usd", "spent_usd", "ends_at")}
    assert told == {"limit_usd": 0.1, "spent_usd": 0.06, "ends_at": "2026-12-01T00:00:00+00:00"}
    assert (len(shop.vendor.bought), len(shop.jobs()), spent(shop, key)) == (1, 1, Decimal("0.06"))


def test_the_next_month_has_its_own_budget(shop: House) -> None:
    key = new_key(shop, budget_usd=0.06)
    assert [submit(shop, key).status for _ in range(2)] == [202, 402]
    shop.clock.at += timedelta(days=11)
    assert [submit(shop, key).status for _ in range(2)] == [202, 402]


def test_each_key_has_its_own(shop: House) -> None:
    one, other = (new_key(shop, budget_usd=0.06) for _ in range(2))
    assert [submit(shop, key).status for key in (one, other, one)] == [202, 202, 402]


def test_a_replay_is_answered_when_the_money_is_gone_and_another_body_is_not_the_same(shop: House) -> None:
    key = new_key(shop, budget_usd=0.06)
    first = submit(shop, key, idempotency_key="mine")
    again = submit(shop, key, idempotency_key="mine")
    assert (again.status, again.body["id"]) == (202, first.body["id"])
    assert again.headers["idempotent-replayed"] == "true"
    assert submit(shop, key, {**GOOD, "prompt": "another"}, idempotency_key="mine").status == 422
    assert submit(shop, key, idempotency_key="yours").status == 402


def test_of_two_submits_that_race_for_the_last_dollar_exactly_one_wins(shop: House) -> None:
    """Both have been let in; while the one looks at its song, the other is stored and paid."""
    key = new_key(shop, budget_usd=0.06)
    rival: list[Submitted] = []
    plain, wish = shop.songs.fetch, parse_cover(GOOD, "owner", ())

    def meanwhile(url: str, path: Path, max_bytes: int) -> Download:
        shop.songs.fetch = plain  # type: ignore[method-assign]
        caller = bootstrap.keys().find(key)
        assert caller is not None
        with shop.elsewhere():
            rival.append(bootstrap.submit()("owner", wish, None, caller.purse(shop.clock.now())))
        return plain(url, path, max_bytes)

    shop.songs.fetch = meanwhile  # type: ignore[method-assign]
    reply = submit(shop, key)
    assert (reply.status, rival[0].job.state) == (402, State.RUNNING)
    assert (len(shop.vendor.bought), len(shop.jobs()), spent(shop, key)) == (1, 1, Decimal("0.06"))


def test_a_song_that_came_inside_the_request_is_no_purchase(shop: House) -> None:
    key = new_key(shop, budget_usd=0)
    assert submit(shop, key).status == 402
    assert shop.http("submit", request("submit-upload", None, {"authorization": f"Bearer {key}"})).status == 201


def test_a_dry_run_puts_nothing_by(shop: House) -> None:
    key = new_key(shop, budget_usd=0.06)
    event = request("submit", None, {"authorization": f"Bearer {key}"}, query={"dry_run": "true"})
    assert shop.http("submit", event).status == 200
    assert spent(shop, key) == 0


def test_a_switch_that_does_not_fit_ends_the_job_and_says_why(shop: House) -> None:
    key = new_key(shop, budget_usd=0.1)
    empty(shop, "kie")
    ended = submit(shop, key, {**GOOD, "provider": ["kie", "aimlapi"]}).body
    assert (ended["state"], ended["failure"]["reason"]) == ("failed", "no-credit")
    lines = shop.http("read", request("read-timeline", id=ended["id"])).body["entries"]
    assert [line["data"] for line in lines if line["type"] == "route.shortened"] == [{"left_out": ["aimlapi"]}]
    assert (shop.vendor.payees, spent(shop, key)) == (["kie"], Decimal(0))


def test_a_switch_by_a_callback_is_paid_from_the_same_month(shop: House) -> None:
    key = new_key(shop, budget_usd=0.3)
    job_id = submit(shop, key, {**GOOD, "provider": ["kie", "aimlapi"]}).body["id"]
    assert shop.callback("error", job_id).status == 200
    assert (shop.job(job_id).provider, spent(shop, key)) == ("aimlapi", Decimal("0.255"))
    shop.invoke("advance", asked("advance", {"job": job_id}))
    assert (shop.vendor.payees, spent(shop, key)) == (["kie", "aimlapi"], Decimal("0.255"))
    job_id = submit(shop, new_key(shop, budget_usd=0.1), {**GOOD, "provider": ["kie", "aimlapi"]}).body["id"]
    assert shop.callback("error", job_id).status == 200
    assert shop.job(job_id).state is State.FAILED


def test_a_second_submit_that_does_not_fit_ends_the_job(shop: House) -> None:
    key = new_key(shop, budget_usd=0.06)
    shop.vendor.says["kie"] = lambda _: httpx.Response(500, text="down")
    job_id = submit(shop, key, {**GOOD, "when_unknown": "resubmit"}).body["id"]
    shop.clock.at += timedelta(minutes=11)
    shop.invoke("advance", asked("advance", {"job": job_id}))
    failure = shop.job(job_id).failure
    assert failure is not None
    assert failure.reason == "budget-spent"
    assert (len(shop.vendor.bought), spent(shop, key)) == (1, Decimal("0.06"))


def test_a_cancel_of_what_waits_gives_its_price_back(shop: House) -> None:
    voice = {"source": GOOD["source"], "voice": "velvet-alto", "provider": "musicgpt"}
    key = new_key(shop, budget_usd=0.206)
    ids = [submit(shop, key, voice).body["id"] for _ in range(2)]
    assert [shop.job(job_id).state for job_id in ids] == [State.RUNNING, State.QUEUED]
    assert spent(shop, key) == Decimal("0.206")
    shop.http("manage", request("manage-cancel", None, {"authorization": f"Bearer {key}"}, id=ids[1]))
    assert spent(shop, key) == Decimal("0.103")


def test_a_retry_is_paid_by_the_key_that_asks_for_it(shop: House) -> None:
    empty(shop, "kie")
    old = submit(shop, new_key(shop), {**GOOD, "provider": "kie"}).body["id"]

    def retry(key: str) -> Reply:
        return shop.http("manage", request("manage-retry", None, {"authorization": f"Bearer {key}"}, id=old))

    poor, rich = new_key(shop, budget_usd=0.05), new_key(shop, budget_usd=0.06)
    assert retry(poor).status == 402
    made = retry(rich)
    assert (made.status, spent(shop, rich), spent(shop, poor)) == (202, Decimal("0.06"), Decimal(0))
    assert retry(poor).body["id"] == made.body["id"]


# --- in the vendors' words ---------------------------------------------------------------------------------------

UNKNOWN, POOR, FORBIDDEN, FAST = "unknown", "poor", "forbidden", "fast"
TOLD: dict[str, dict[str, tuple[int, int | None]]] = {
    "kie": {UNKNOWN: (200, 401), POOR: (200, 402), FORBIDDEN: (200, 401), FAST: (200, 429)},
    "sunoapi": {UNKNOWN: (200, 401), POOR: (200, 429), FORBIDDEN: (200, 401), FAST: (200, 430)},
    "aimusicapi": {UNKNOWN: (401, 401), POOR: (402, 402), FORBIDDEN: (403, 403), FAST: (429, 429)},
    "aimlapi": {UNKNOWN: (401, 401), POOR: (403, 403), FORBIDDEN: (403, 403), FAST: (429, 429)},
    "musicgpt": {UNKNOWN: (401, None), POOR: (402, None), FORBIDDEN: (403, None), FAST: (429, None)},
}
"""HTTP status and the code in the body, where there is one: kie.ai and sunoapi.org have no 403, AI/ML API no 402."""

WORDS = {
    ("kie", POOR): "The current credits are insufficient. Please top up.",
    ("sunoapi", POOR): "The current credits are insufficient. Please top up.",
    ("kie", FORBIDDEN): "You do not have access permissions",
    ("sunoapi", FORBIDDEN): "You do not have access permissions",
    ("kie", FAST): "call frequency too high",
    ("sunoapi", FAST): "call frequency too high",
    ("aimlapi", POOR): "you have run out of credits",
}


@pytest.mark.parametrize("vendor", VENDORS)
def test_each_vendors_client_is_told_in_its_own_words(shop: House, vendor: str) -> None:
    keys = {
        UNKNOWN: "rk_" + "0" * 43,
        POOR: new_key(shop, budget_usd=0.01),
        FORBIDDEN: new_key(shop, "read"),
        FAST: new_key(shop, per_minute=1),
    }
    shop.http("read", request("read-list", headers={"authorization": f"Bearer {keys[FAST]}"}))
    for why, key in keys.items():
        reply = buy(shop, vendor, authorization=f"Bearer {key}")
        code = reply.body.get("code", reply.body.get("statusCode"))
        assert (reply.status, code) == TOLD[vendor][why], why
        told = next(reply.body[name] for name in ("msg", "message", "error") if name in reply.body)
        assert told == WORDS.get((vendor, why), told)
        if why == FORBIDDEN and (vendor, why) not in WORDS:
            assert "scope submit" in told
        assert reply.headers.get("retry-after") == ("60" if why == FAST else None)
    assert (shop.vendor.bought, shop.jobs()) == ([], [])
    assert buy(shop, vendor, authorization=f"Bearer {new_key(shop, budget_usd=1)}").status == 200
    assert [job.purse is not None for job in shop.jobs()] == [True]


def test_a_song_dropped_into_the_inbox_has_no_key_and_no_budget(shop: House) -> None:
    shop.drop("inbox/lofi-jazz/song.mp3")
    event = golden("upload")
    event["Records"] = event["Records"][:1]
    event["Records"][0]["s3"]["object"]["key"] = "inbox/lofi-jazz/song.mp3"
    shop.invoke("upload", event)
    assert [job.purse for job in shop.jobs()] == [None]
