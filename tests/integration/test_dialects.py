"""The vendors' own doors, on the deployed house: what their clients buy, of whom, and what they are answered."""

import json
import logging
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from reprise import bootstrap
from reprise.aws import clients
from reprise.dialects import DIALECTS
from reprise.domain.job import State
from reprise.logs import logger
from reprise.providers import capabilities

from tests.golden import EVENTS, KEY, golden, request
from tests.integration.house import STUDIO, VENDORS, House, Reply

CAPABILITIES = capabilities()

SUBMITS = sorted(
    path.relative_to(EVENTS / "dialects").with_suffix("").as_posix()
    for path in EVENTS.glob("dialects/*/submit*.json")
    if path.name.count(".") == 1 and "empty" not in path.name
)
PLAIN = {"aimlapi": "submit-plain"}
"""A golden submit that other vendors can serve too, where it is not the plain one."""

GOOD = {vendor: PLAIN.get(vendor, "submit") for vendor in VENDORS}
UPLOAD = "0c1d2e3f405162738495a6b7c8d9eaf0"
SONG_FIELD = {"kie": "uploadUrl", "sunoapi": "uploadUrl", "aimusicapi": "upload_url", "aimlapi": "reference_audio_url"}
SONG_FIELD["musicgpt"] = "audio_url"
CALLBACK_FIELD = {"kie": "callBackUrl", "sunoapi": "callBackUrl", "aimusicapi": "callback_url", "aimlapi": None}
CALLBACK_FIELD["musicgpt"] = "webhook_url"


class Book(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture
def shop(house: House) -> House:
    house.open_all()
    return house


@pytest.fixture
def log() -> Iterator[list[logging.LogRecord]]:
    """What the HTTP doors log."""
    book = Book()
    logger.addHandler(book)
    yield book.records
    logger._logger.removeHandler(book)


def body_of(vendor: str, **changes: Any) -> dict[str, Any]:
    """A good submit as JSON. MusicGPT takes JSON too."""
    if vendor == "musicgpt":
        known = {"audio_url": "https://files.example.net/in/12.mp3", "voice_id": "velvet-alto", "pitch": -2}
    else:
        known = json.loads(golden(f"dialects/{vendor}/{GOOD[vendor]}")["body"])
    return {**known, **changes}


def buy(house: House, vendor: str, body: Any = None, **headers: str | None) -> Reply:
    kind = {"content_type": "application/json"} if vendor == "musicgpt" else {}
    event = {**request(f"dialects/{vendor}/submit"), "isBase64Encoded": False}
    named = {name.replace("_", "-"): value for name, value in {**kind, **headers}.items()}
    event["headers"] = {name: value for name, value in {**event["headers"], **named}.items() if value is not None}
    event["body"] = body if isinstance(body, str) else json.dumps(body_of(vendor) if body is None else body)
    return house.http("submit", event)


def shape(value: Any) -> Any:
    """Names and types, without the values."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def golden_answer(vendor: str, name: str) -> Any:
    told = golden(f"dialects/{vendor}/{name}.answer")
    return told["body"] if vendor == "musicgpt" else told


def task_of(vendor: str, reply: Reply) -> str:
    """The id that a client asks with, from the answer to its submit."""
    body = reply.body
    found = {"aimusicapi": lambda: body["workId"], "aimlapi": lambda: body["id"], "musicgpt": lambda: body["task_id"]}
    return str(found[vendor]() if vendor in found else body["data"]["taskId"])


def refused(house: House, vendor: str, reply: Reply, code: int) -> str:
    """An error in the vendor's own shape, nothing stored and nothing paid. The words."""
    assert house.vendor.bought == []
    assert house.jobs() == []
    return told_off(vendor, reply, code)


def told_off(vendor: str, reply: Reply, code: int) -> str:
    body = reply.body
    assert reply.headers["content-type"] == "application/json"
    assert "Traceback" not in json.dumps(body)
    if vendor in ("kie", "sunoapi"):
        assert (reply.status, body["code"], body["data"]) == (200, code, None)
        return str(body["msg"])
    assert reply.status == code
    if vendor == "aimusicapi":
        assert body["code"] == code
        return str(body["msg" if code == 400 else "message"])
    if vendor == "aimlapi":
        assert (body["statusCode"], set(body)) == (code, {"requestId", "statusCode", "timestamp", "path", "message"})
        return str(body["message"])
    assert body["success"] is False
    return str(body["error" if "error" in body else "message"])


# --- what is bought --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", SUBMITS)
def test_a_vendors_client_buys_once_of_that_vendor_and_is_answered_as_there(shop: House, place: str) -> None:
    vendor, _, name = place.partition("/")
    shop.drop(f"uploads/owner/{UPLOAD}")
    reply = shop.knock(vendor, name)
    assert (reply.status, shape(reply.body)) == (200, shape(golden_answer(vendor, "submit")))
    assert shop.vendor.payees == [vendor]
    (job,) = shop.jobs()
    assert (job.state, job.provider, job.tenant) == (State.RUNNING, vendor, "owner")
    assert job.request.visit is not None
    assert job.request.visit.dialect == vendor
    ahead = [leg.usd for leg in job.route]
    assert ahead == sorted(ahead)
    assert vendor not in {leg.provider for leg in job.route}


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_vendor_gets_our_callback_address_and_its_own_key_the_client_keeps_its_own(
    shop: House, vendor: str
) -> None:
    buy(shop, vendor)
    (paid,), (job,) = shop.vendor.bought, shop.jobs()
    assert f"{vendor}-key-of-the-tests" in paid.headers["authorization"]
    assert KEY not in json.dumps(paid.body) + str(dict(paid.headers))
    field = CALLBACK_FIELD[vendor]
    assert field is None or paid.body[field].startswith(f"https://covers.example/callbacks/{vendor}/{job.id}/1/")


@pytest.mark.parametrize("vendor", [one for one in VENDORS if CALLBACK_FIELD[one]])
def test_the_clients_callback_url_is_kept_whole_and_told_without_its_secret(shop: House, vendor: str) -> None:
    url = "https://gw.example.net/cb?token=5ec7e7"
    buy(shop, vendor, body_of(vendor, **{str(CALLBACK_FIELD[vendor]): url}))
    (job,) = shop.jobs()
    assert job.request.visit is not None
    assert job.request.visit.callback_url == url
    view = shop.http("read", request("read-cover", query={}, id=job.id)).body
    assert view["request"]["dialect"] == vendor
    assert view["request"]["callback_url"] == "https://gw.example.net/cb?token=[redacted]"
    lines = shop.http("read", request("read-timeline", id=job.id)).body
    assert "5ec7e7" not in json.dumps([view, lines])


@pytest.mark.parametrize(
    ("vendor", "instead"), [("kie", "sunoapi"), ("sunoapi", "kie"), ("aimusicapi", "kie"), ("aimlapi", "kie")]
)
def test_where_the_vendor_has_no_key_the_next_that_can_is_paid(shop: House, vendor: str, instead: str) -> None:
    shop.unset_parameter(f"{vendor}/api-key")
    reply = buy(shop, vendor)
    assert shape(reply.body) == shape(golden_answer(vendor, "submit"))
    assert shop.vendor.payees == [instead]
    assert [job.provider for job in shop.jobs()] == [instead]


def test_where_nobody_else_has_the_voice_nothing_is_bought(shop: House) -> None:
    shop.unset_parameter("musicgpt/api-key")
    reply = buy(shop, "musicgpt")
    assert reply.status >= 400
    assert reply.body["success"] is False
    assert (shop.vendor.bought, shop.jobs()) == ([], [])


def test_where_the_only_vendor_that_could_is_switched_off_that_is_the_owners_trouble(
    shop: House, log: list[logging.LogRecord]
) -> None:
    shop.unset_parameter("musicgpt/api-key")
    words = refused(shop, "musicgpt", buy(shop, "musicgpt"), 500)
    assert not [vendor for vendor in VENDORS if vendor in words]
    assert [one.__dict__["error"] for one in log] == ["ConfigurationError"]


@pytest.mark.parametrize(
    ("setting", "value", "ours", "theirs"),
    [
        ("models", "V6, V5", {"model": "V6"}, {"model": "V6"}),
        ("limits", "docs", {"prompt": "p" * 450}, {"customMode": False, "prompt": "p" * 450}),
    ],
)
def test_what_the_owner_says_of_a_vendor_holds_at_that_vendors_door_too(
    shop: House, setting: str, value: str, ours: dict[str, Any], theirs: dict[str, Any]
) -> None:
    shop.set_parameter(f"kie/{setting}", value)
    body = {"source": {"url": "https://files.example.net/in/1.mp3"}, "provider": "kie", "prompt": "jazz"}
    if shop.submit({**body, **ours}).status != 202:
        raise RuntimeError("it does not even hold at our own door")
    assert buy(shop, "kie", body_of("kie", **theirs)).body["code"] == 200


@pytest.mark.parametrize("vendor", VENDORS)
def test_where_every_provider_is_switched_off_the_client_is_told_of_trouble_and_the_owner_which(
    house: House, vendor: str, log: list[logging.LogRecord]
) -> None:
    house.unset_parameter("kie/api-key")
    words = refused(house, vendor, buy(house, vendor), 500)
    assert "api-key" not in words
    assert [(one.levelname, one.__dict__["error"]) for one in log] == [("ERROR", "ConfigurationError")]


@pytest.mark.parametrize(("vendor", "code"), [("kie", 402), ("sunoapi", 429), ("aimusicapi", 402), ("aimlapi", 403)])
def test_where_no_account_has_credit_the_client_is_told_so_in_its_vendors_code(
    shop: House, vendor: str, code: int
) -> None:
    empty = {"kie": 402, "sunoapi": 429, "aimusicapi": 402}
    for name, told in empty.items():
        answer = {"code": told, "msg": "no credit", "message": "no credit"}
        shop.vendor.says[name] = lambda _, answer=answer: httpx.Response(200, json=answer)  # type: ignore[misc]
    shop.vendor.says["aimlapi"] = lambda _: httpx.Response(403, json={"message": "You've run out of credits"})
    for name in ("kie", "sunoapi", "aimusicapi", "aimlapi"):
        if name != vendor:
            shop.unset_parameter(f"{name}/api-key")
    told_off(vendor, buy(shop, vendor), code)
    (job,) = shop.jobs()
    assert (job.state, shop.vendor.payees) == (State.FAILED, [vendor])


def silence(call: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("silence", request=call)


def accident(call: httpx.Request) -> httpx.Response:
    raise RuntimeError("a bug")


@pytest.mark.parametrize("trouble", [silence, accident])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_call_that_may_have_bought_something_is_answered_with_an_id_never_an_error(
    shop: House, vendor: str, trouble: Any
) -> None:
    """An error would invite a second submit."""
    shop.vendor.says[vendor] = trouble
    reply = buy(shop, vendor)
    assert (reply.status, shape(reply.body)) == (200, shape(golden_answer(vendor, "submit")))
    (job,) = shop.jobs()
    assert (job.state, shop.vendor.payees) == (State.SUBMITTING, [vendor])
    assert status(shop, vendor, task_of(vendor, reply)).status == 200


@pytest.mark.parametrize("vendor", VENDORS[:4])
def test_where_the_vendor_cannot_be_reached_the_client_gets_an_id_and_the_next_one_the_job(
    shop: House, vendor: str
) -> None:
    def nowhere(call: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nowhere", request=call)

    shop.vendor.says[vendor] = nowhere
    reply = buy(shop, vendor)
    assert (reply.status, shape(reply.body)) == (200, shape(golden_answer(vendor, "submit")))
    (job,) = shop.jobs()
    assert (job.state, job.provider != vendor) == (State.QUEUED, True)


# --- who may ask, and what -------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", [None, "", "Bearer ", "Bearer wrong", "wrong", f"Basic {KEY}"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_without_a_key_that_we_know_nobody_buys(shop: House, vendor: str, header: str | None) -> None:
    refused(shop, vendor, buy(shop, vendor, "not even JSON", authorization=header), 401)


@pytest.mark.parametrize(
    ("vendor", "name"),
    [*((vendor, "status") for vendor in VENDORS), *((vendor, "balance") for vendor in VENDORS[:4]),
     ("musicgpt", "voices"), ("musicgpt", "voices-search")],
)  # fmt: skip
def test_without_a_key_nobody_asks_either(shop: House, vendor: str, name: str) -> None:
    told_off(vendor, shop.knock(vendor, name, authorization=None), 401)
    assert shop.vendor.calls == []


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_what_the_vendor_has_and_we_do_not_is_said_in_its_words(shop: House, vendor: str, method: str) -> None:
    event = request(f"dialects/{vendor}/submit")
    event["rawPath"] = event["requestContext"]["http"]["path"] = f"/{vendor}/api/v1/lyrics"
    event["requestContext"]["http"]["method"] = method
    event["pathParameters"] = {"path": "api/v1/lyrics"}
    reply = shop.http("submit" if method == "POST" else "read", event)
    refused(shop, vendor, reply, 404)


MALFORMED = {"kie": 422, "sunoapi": 400, "aimusicapi": 400, "aimlapi": 400, "musicgpt": 400}


@pytest.mark.parametrize("body", ["", "not json", '{"cut', "[]", '{"prompt": "\\ud800"}', "[" * 50_000])
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_that_cannot_be_read_is_refused(shop: House, vendor: str, body: str) -> None:
    refused(shop, vendor, buy(shop, vendor, body), MALFORMED[vendor])


LARGE = {"kie": 422, "sunoapi": 413, "aimusicapi": 413, "aimlapi": 413, "musicgpt": 413}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_that_is_too_large_is_shown_the_way_of_uploads(shop: House, vendor: str) -> None:
    field = SONG_FIELD[vendor]
    huge = body_of(vendor, **{field: "data:audio/mpeg;base64," + "SUQz" * 1_130_000})
    words = refused(shop, vendor, buy(shop, vendor, huge), LARGE[vendor])
    assert "POST /v1/uploads" in words


@pytest.mark.parametrize("name", ["submit", "status", "balance"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_our_own_trouble_is_logged_by_name_and_told_to_nobody(
    shop: House, vendor: str, name: str, log: list[logging.LogRecord], monkeypatch: pytest.MonkeyPatch
) -> None:
    if vendor == "musicgpt" and name == "balance":
        name = "voices"

    def broken() -> Any:
        raise RuntimeError("rk_do-not-tell-anybody-of-this lies in /var/task")

    for one in ("submit", "read", "survey"):
        monkeypatch.setattr(bootstrap, one, broken)
    words = refused(shop, vendor, shop.knock(vendor, name), 500)
    assert "RuntimeError" not in words
    assert "rk_do" not in words
    assert [(one.levelname, one.__dict__["error"]) for one in log] == [("ERROR", "RuntimeError")]


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_answer_that_could_not_be_stored_is_logged_with_its_task_and_the_client_gets_its_id(
    shop: House, vendor: str, log: list[logging.LogRecord]
) -> None:
    told: list[str] = []

    def answer(call: httpx.Request) -> httpx.Response:
        with shop.elsewhere():
            (job,) = shop.jobs()
            told.append(job.id)
            clients.dynamodb().delete_table(TableName=shop.stack.environ["TABLE"])
        return shop.vendor.answer(call)

    shop.vendor.says[vendor] = answer
    reply = buy(shop, vendor)
    assert shape(reply.body) == shape(golden_answer(vendor, "submit"))
    assert reply.status == 200
    (line,) = log
    assert line.__dict__["job"] == told[0]
    assert line.exc_info is not None
    assert "UnrecordedError" in str(line.exc_info)
    assert "a41f00c2d7e84b6f9a13c5e2b7d40891" in str(line.exc_info)


# --- songs -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vendor", "name", "head"), [("musicgpt", "submit-file", b"RIFF"), ("aimlapi", "submit-base64", b"ID3")]
)
def test_a_song_in_the_body_lies_in_the_inbox_and_is_what_the_vendor_gets(
    shop: House, vendor: str, name: str, head: bytes
) -> None:
    assert shop.knock(vendor, name).status == 200
    ((key, song),) = shop.objects("INBOX_BUCKET").items()
    assert key.startswith("uploads/owner/")
    assert song.startswith(head)
    (paid,) = shop.vendor.paid
    assert paid.get("audio_file") == song or f"/{key}?" in paid["reference_audio_url"]
    assert shop.jobs()[0].request.source.key == key


@pytest.mark.parametrize("vendor", VENDORS[:4])
def test_a_song_that_was_uploaded_before_is_named_by_its_id(shop: House, vendor: str) -> None:
    shop.drop(f"uploads/owner/{UPLOAD}")
    assert buy(shop, vendor, body_of(vendor, **{SONG_FIELD[vendor]: f"upload:{UPLOAD}"})).status == 200
    (paid,) = shop.vendor.paid
    assert f"/uploads/owner/{UPLOAD}?" in paid[SONG_FIELD[vendor]]


@pytest.mark.parametrize("size", [10_000_000, 10_000_001])
def test_who_takes_a_song_inside_the_call_gets_it_so_unless_it_is_too_large(shop: House, size: int) -> None:
    song = b"ID3 song".ljust(size, b"\0")
    shop.drop(f"uploads/owner/{UPLOAD}", body=song)
    assert buy(shop, "musicgpt", body_of("musicgpt", audio_url=f"upload:{UPLOAD}")).status == 200
    (paid,) = shop.vendor.paid
    if size <= 10_000_000:
        assert (paid["audio_file"], "audio_url" in paid) == (song, False)
    else:
        assert f"/uploads/owner/{UPLOAD}?" in paid["audio_url"]
        assert "audio_file" not in paid


MISSING = {"kie": 422, "sunoapi": 400, "aimusicapi": 400, "aimlapi": 400, "musicgpt": 422}


@pytest.mark.parametrize("upload", [UPLOAD, f"../acme/{UPLOAD}", f"acme/{UPLOAD}"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_another_tenants_upload_cannot_be_covered(shop: House, vendor: str, upload: str) -> None:
    shop.drop(f"uploads/acme/{UPLOAD}")
    words = refused(
        shop, vendor, buy(shop, vendor, body_of(vendor, **{SONG_FIELD[vendor]: f"upload:{upload}"})), MISSING[vendor]
    )
    assert words.startswith(SONG_FIELD[vendor])


# --- asking again ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["idempotency_key", "x_client_request_id"])
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_same_submit_twice_buys_once(shop: House, vendor: str, header: str) -> None:
    first, again = (buy(shop, vendor, **{header: "order-1"}) for _ in range(2))
    assert task_of(vendor, first) == task_of(vendor, again)
    assert len(shop.vendor.bought) == 1


@pytest.mark.parametrize(("vendor", "name"), [("musicgpt", "submit-file"), ("aimlapi", "submit-base64")])
def test_the_same_song_in_the_body_twice_buys_once(shop: House, vendor: str, name: str) -> None:
    first, again = (shop.knock(vendor, name, idempotency_key="order-1") for _ in range(2))
    assert task_of(vendor, first) == task_of(vendor, again)
    assert len(shop.vendor.bought) == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_without_a_key_of_the_order_two_submits_are_two_covers(shop: House, vendor: str) -> None:
    if vendor == "musicgpt":
        shop.set_parameter("musicgpt/parallel", "2")
    first, again = (buy(shop, vendor) for _ in range(2))
    assert task_of(vendor, first) != task_of(vendor, again)
    assert len(shop.vendor.bought) == 2


BUSY = {"kie": 429, "sunoapi": 430, "aimusicapi": 429, "aimlapi": 429, "musicgpt": 409}


@pytest.mark.parametrize("vendor", VENDORS)
def test_while_the_first_submit_runs_the_second_is_told_to_come_again(shop: House, vendor: str) -> None:
    meanwhile: list[Reply] = []

    def answer(call: httpx.Request) -> httpx.Response:
        del shop.vendor.says[vendor]
        meanwhile.append(buy(shop, vendor, idempotency_key="order-1"))
        return shop.vendor.answer(call)

    shop.vendor.says[vendor] = answer
    first = buy(shop, vendor, idempotency_key="order-1")
    told_off(vendor, meanwhile[0], BUSY[vendor])
    again = buy(shop, vendor, idempotency_key="order-1")
    assert task_of(vendor, again) == task_of(vendor, first)
    assert len(shop.vendor.bought) == 1


def other_song(vendor: str) -> dict[str, Any]:
    return body_of(vendor, **{SONG_FIELD[vendor]: "https://files.example.net/in/another.mp3"})


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_trace_that_stands_for_many_calls_stands_for_each_wish_of_its_own(shop: House, vendor: str) -> None:
    shop.set_parameter("musicgpt/parallel", "2")
    buy(shop, vendor, x_client_request_id="batch-7")
    buy(shop, vendor, other_song(vendor), x_client_request_id="batch-7")
    assert len(shop.vendor.bought) == 2


def test_a_trace_whose_first_submit_bought_nothing_buys_the_next_time(shop: House) -> None:
    """Clients' libraries send one trace with every call, and try again on their own."""
    shop.vendor.says["aimlapi"] = lambda _: httpx.Response(403, json={"message": "run out of credits"})
    named = {"x_client_request_id": "session-1", "x_reprise_provider": "aimlapi"}
    assert buy(shop, "aimlapi", **named).status == 403
    del shop.vendor.says["aimlapi"]
    assert buy(shop, "aimlapi", **named).status == 200
    assert len(shop.vendor.bought) == 2


REUSED = {"kie": 422, "sunoapi": 400, "aimusicapi": 400, "aimlapi": 400, "musicgpt": 422}


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_key_of_one_order_is_not_taken_for_another(shop: House, vendor: str) -> None:
    buy(shop, vendor, idempotency_key="order-1")
    reply = buy(shop, vendor, other_song(vendor), idempotency_key="order-1")
    assert "Idempotency-Key" in told_off(vendor, reply, REUSED[vendor])
    assert len(shop.vendor.bought) == 1


@pytest.mark.parametrize("vendor", VENDORS)
def test_the_same_order_of_another_provider_is_another_order(shop: House, vendor: str) -> None:
    """Else the second client would be told that the provider which it named serves it."""
    buy(shop, vendor, idempotency_key="order-1")
    reply = buy(shop, vendor, idempotency_key="order-1", x_reprise_provider="sunoapi, aimusicapi")
    assert "Idempotency-Key" in told_off(vendor, reply, REUSED[vendor])


@pytest.mark.parametrize("name", ["submit", "status", "balance"])
def test_a_clients_trace_comes_back_with_every_answer(shop: House, name: str) -> None:
    for vendor in VENDORS[:4]:
        for key in (f"Bearer {KEY}", "Bearer wrong"):
            reply = shop.knock(vendor, name, authorization=key, x_client_request_id="trace-1")
            assert reply.headers["x-client-request-id"] == "trace-1"


@pytest.mark.parametrize("trace", ["", "a\r\nset-cookie: b=c", "t" * 256, "caf\u00e9"])
def test_a_trace_that_no_header_can_carry_is_as_if_it_were_not_there(shop: House, trace: str) -> None:
    assert "x-client-request-id" not in buy(shop, "kie", x_client_request_id=trace).headers
    buy(shop, "kie", x_client_request_id=trace)
    assert len(shop.vendor.bought) == 2


# --- X-Reprise-Provider ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "paid", "ahead"),
    [
        ("sunoapi", "sunoapi", []),
        ("aimusicapi,sunoapi", "aimusicapi", ["sunoapi"]),
        (" aimusicapi , kie , aimusicapi ", "aimusicapi", ["kie"]),
        ("auto", "kie", ["sunoapi", "aimusicapi", "aimlapi"]),
        ("", "kie", ["sunoapi", "aimusicapi", "aimlapi"]),
        (" , ", "kie", ["sunoapi", "aimusicapi", "aimlapi"]),
    ],
)
def test_the_header_says_who_shall_serve_a_vendors_client(shop: House, named: str, paid: str, ahead: list[str]) -> None:
    reply = buy(shop, "kie", x_reprise_provider=named)
    assert shape(reply.body) == shape(golden_answer("kie", "submit"))
    (job,) = shop.jobs()
    assert (shop.vendor.payees, [leg.provider for leg in job.route]) == ([paid], ahead)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_provider_that_there_is_not_is_named_to_the_client(shop: House, vendor: str) -> None:
    words = refused(shop, vendor, buy(shop, vendor, x_reprise_provider="kie, sonuapi"), MISSING[vendor])
    assert "sonuapi" in words


# --- status, credit, voices ------------------------------------------------------------------------------------

ASKS = {"kie": "taskId", "sunoapi": "taskId", "aimusicapi": "task_id", "aimlapi": "generation_id"}
ASKS["musicgpt"] = "task_id"


def status(house: House, vendor: str, task: str, **headers: str) -> Reply:
    more = {"conversionType": "COVER"} if vendor == "musicgpt" else {}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    event = request(f"dialects/{vendor}/status", None, named, {ASKS[vendor]: task, **more})
    return house.http("read", event)


RUNNING = {"aimusicapi": "status-running", "aimlapi": "status-generating"}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_client_reads_its_status_with_the_id_that_it_was_given(shop: House, vendor: str) -> None:
    task = task_of(vendor, buy(shop, vendor))
    reply = status(shop, vendor, task)
    wanted = golden_answer(vendor, RUNNING.get(vendor, "status"))
    assert reply.status == 200
    assert set(reply.body) == set(wanted)
    inner = "conversion" if vendor == "musicgpt" else "data"
    if inner in wanted:
        assert set(reply.body[inner]) == set(wanted[inner])
    assert task in json.dumps(reply.body) or vendor == "aimusicapi"


UNKNOWN = {"kie": 422, "sunoapi": 422, "aimusicapi": 404, "aimlapi": 404, "musicgpt": 404}


@pytest.mark.parametrize("vendor", VENDORS)
def test_another_tenants_task_and_none_at_all_are_told_alike(shop: House, vendor: str) -> None:
    task = task_of(vendor, buy(shop, vendor))
    shop.new_tenant("acme", "rk_of-acme")
    theirs = status(shop, vendor, task, authorization="Bearer rk_of-acme")
    told_off(vendor, theirs, UNKNOWN[vendor])
    for wrong in ("x", "../1", "\u0661" * 32):
        nobody = status(shop, vendor, wrong, authorization="Bearer rk_of-acme")
        told_off(vendor, nobody, UNKNOWN[vendor])
        drop = ("requestId", "timestamp")
        if isinstance(nobody.body, dict):
            same = {name: value for name, value in nobody.body.items() if name not in drop}
            assert set(same) == {name for name in theirs.body if name not in drop}


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_cover_that_was_made_elsewhere_can_be_asked_for_at_every_vendors_door(shop: House, vendor: str) -> None:
    """A status must not break on a job that never spoke this vendor's words."""
    job_id = shop.cover()
    dialect: Any = DIALECTS[vendor]
    task = task_of(vendor, Reply(200, dialect.accepted(shop.job(job_id)).body, {}))
    assert status(shop, vendor, task).status == 200


@pytest.mark.parametrize("vendor", VENDORS[:4])
def test_a_client_hears_what_credit_the_owner_has_at_that_vendor(shop: House, vendor: str) -> None:
    reply = shop.knock(vendor, "balance")
    assert (reply.status, reply.body) == (200, golden_answer(vendor, "balance"))
    (call,) = shop.vendor.calls
    assert f"{vendor}-key-of-the-tests" in call.headers["authorization"]


@pytest.mark.parametrize("vendor", VENDORS[:4])
@pytest.mark.parametrize("trouble", ["switched off", "silent", "broken"])
def test_a_client_is_never_stopped_by_credit_that_nobody_knows(shop: House, vendor: str, trouble: str) -> None:
    if trouble == "switched off":
        shop.unset_parameter(f"{vendor}/api-key")
    shop.vendor.answer = silence if trouble == "silent" else lambda _: httpx.Response(502, text="<html>")
    reply = shop.knock(vendor, "balance")
    assert (reply.status, shape(reply.body)) == (200, shape(golden_answer(vendor, "balance")))
    assert "1000000" in json.dumps(reply.body)


@pytest.mark.parametrize("name", ["voices", "voices-search"])
def test_voices_are_the_vendors_own(shop: House, name: str) -> None:
    reply = shop.knock("musicgpt", name)
    assert (reply.status, reply.body) == (200, golden_answer("musicgpt", name))
    (call,) = shop.vendor.calls
    assert call.url.path.endswith("/searchVoices" if "search" in name else "/getAllVoices")
    assert call.url.params.get("query") == ("velvet alto" if "search" in name else None)


def test_where_the_vendor_has_no_key_there_are_no_voices(shop: House) -> None:
    shop.unset_parameter("musicgpt/api-key")
    reply = shop.knock("musicgpt", "voices")
    assert (reply.status, reply.body["voices"], reply.body["total"]) == (200, [], 0)


def test_every_golden_submit_names_a_provider_that_we_have() -> None:
    assert {place.partition("/")[0] for place in SUBMITS} == set(CAPABILITIES) - {STUDIO} == set(VENDORS)
