"""Hostile links and bodies at every door: a clear refusal in the door's own words, nothing stored, nothing bought."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reprise.dialects import DIALECTS
from reprise.domain.job import Stage
from reprise.http.api import MOST_BODY

from tests.golden import body_of as golden_body
from tests.golden import golden, request
from tests.integration.house import VENDORS, House, Reply, encoded
from tests.integration.test_dialects import CALLBACK_FIELD, SONG_FIELD, body_of, buy
from tests.unit.net.hostile import INSIDE, OTHER_SCHEMES, PLAIN, TWOFOLD, WIDE

GOOD = golden_body("submit")
CALLED_BACK = [vendor for vendor in VENDORS if CALLBACK_FIELD[vendor]]

DEEP = "[" * 40_000
BODIES: dict[str, bytes] = {
    "empty": b"",
    "blanks": b" \n ",
    "no JSON": b"song=1",
    "an array": b"[]",
    "null": b"null",
    "a number": b"7",
    "nested arrays": DEEP.encode(),
    "nested objects": b'{"a":' * 40_000,
    "NaN": b'{"a": NaN}',
    "Infinity": b'{"a": -Infinity}',
    "a lone surrogate": b'{"a": "\\ud800"}',
    "a lone surrogate as a name": b'{"\\udfff": 1}',
    "no UTF-8": b'{"a": "\xff\xfe"}',
    "UTF-16": json.dumps(GOOD).encode("utf-16"),
    "UTF-16 without a mark": '{"a": 1}'.encode("utf-16-le"),
    "UTF-32": json.dumps(GOOD).encode("utf-32"),
    "two marks": b"\xef\xbb\xbf" * 2 + json.dumps(GOOD).encode(),
    "a NUL before it": b"\0" + json.dumps(GOOD).encode(),
    "a comma behind it": json.dumps(GOOD).encode() + b",",
    "a numeral of 5000 digits": b'{"a": ' + b"9" * 5000 + b"}",
    "two bodies": b"{}{}",
    "cut off": b'{"source": {"url": "https://songs.example',
}
"""None is a JSON object in UTF-8."""


@pytest.fixture
def shop(house: House) -> House:
    house.open_all()
    return house


def untouched(house: House) -> bool:
    """Nothing bought, no job, no object in a bucket."""
    return not (house.vendor.bought or house.items() or house.objects("INBOX_BUCKET") or house.objects())


def clearly_refused(reply: Reply) -> bool:
    """A 4xx, or what a vendor that answers everything with 200 has for one. No trace of ours."""
    code = reply.body.get("code", reply.status) if reply.status == 200 else reply.status
    return 400 <= code < 500 and "Traceback" not in json.dumps(reply.body)


# --- links -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("link", [*INSIDE, *WIDE, *TWOFOLD, *OTHER_SCHEMES, *PLAIN])
def test_a_cover_of_a_hostile_link_is_refused(house: House, link: str) -> None:
    reply = house.submit({**GOOD, "source": {"url": link}})
    assert (reply.status, reply.rules) == (422, {("source.url", "refused")})
    assert untouched(house)


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_vendors_client_can_name_a_source_in_private_space(shop: House, vendor: str) -> None:
    for link in (*INSIDE, *WIDE, *OTHER_SCHEMES):
        if vendor == "aimlapi" and link.startswith("data:"):
            continue  # a song inside the body, there
        reply = buy(shop, vendor, body_of(vendor, **{SONG_FIELD[vendor]: link}))
        assert clearly_refused(reply), (link, reply.body)
        assert str(SONG_FIELD[vendor]) in json.dumps(reply.body), (link, reply.body)
    assert untouched(shop)


@pytest.mark.parametrize("vendor", CALLED_BACK)
def test_no_vendors_client_can_be_called_back_in_private_space(shop: House, vendor: str) -> None:
    for link in (*INSIDE, *WIDE, *TWOFOLD):
        reply = buy(shop, vendor, body_of(vendor, **{str(CALLBACK_FIELD[vendor]): link}))
        assert clearly_refused(reply), (link, reply.body)
        assert str(CALLBACK_FIELD[vendor]) in json.dumps(reply.body), (link, reply.body)
    assert untouched(shop)


@pytest.mark.parametrize("vendor", CALLED_BACK)
def test_what_is_no_web_address_is_nobody_to_call_back(shop: House, vendor: str) -> None:
    """The vendors look only whether something is there."""
    for link in filter(None, OTHER_SCHEMES):
        buy(shop, vendor, body_of(vendor, **{str(CALLBACK_FIELD[vendor]): link}))
    visits = [job.request.visit for job in shop.jobs()]
    assert visits
    assert [visit.callback_url for visit in visits if visit and visit.callback_url] == []


@pytest.mark.parametrize("vendor", CALLED_BACK)
def test_the_local_stack_takes_callback_urls_of_its_own_machine_and_the_deployed_one_does_not(
    shop: House, vendor: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = body_of(vendor, **{str(CALLBACK_FIELD[vendor]): "http://127.0.0.1:8000/hook"})
    assert clearly_refused(buy(shop, vendor, body))
    assert shop.jobs() == []
    monkeypatch.setenv("ALLOWED_PRIVATE_NETWORKS", "127.0.0.0/8")
    shop.door = ""  # another process, with the other setting
    assert buy(shop, vendor, body).status == 200
    assert len(shop.jobs()) == 1


# --- bodies ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("place", ["submit", "submit-upload"])
def test_the_native_door_refuses_what_is_no_object(house: House, place: str, name: str) -> None:
    reply = house.http("submit", {**request(place), **encoded(BODIES[name])})
    assert (reply.status, reply.body["type"]) == (400, "urn:reprise:problem:malformed")
    assert untouched(house)


@pytest.mark.parametrize("name", BODIES)
@pytest.mark.parametrize("vendor", VENDORS)
def test_a_vendors_door_refuses_it_in_the_vendors_words(shop: House, vendor: str, name: str) -> None:
    event = request(f"dialects/{vendor}/submit")
    event["headers"] = {**event["headers"], "content-type": "application/json"}
    reply = shop.http("submit", {**event, **encoded(BODIES[name])})
    assert clearly_refused(reply), reply.body
    assert untouched(shop)


@pytest.mark.parametrize("vendor", VENDORS)
def test_a_body_of_more_than_we_take_is_refused_before_it_is_read(shop: House, vendor: str) -> None:
    event = request(f"dialects/{vendor}/submit")
    event["headers"] = {**event["headers"], "content-type": "application/json"}
    large = json.dumps({**body_of(vendor), "junk": "x" * 4_600_000}).encode()
    assert clearly_refused(shop.http("submit", {**event, **encoded(large)}))
    assert untouched(shop)


def test_a_mark_before_utf8_is_passed_over(house: House) -> None:
    """RFC 8259, 8.1: what some clients of Windows write is read."""
    marked = b"\xef\xbb\xbf" + json.dumps(GOOD).encode()
    assert house.http("submit", {**request("submit"), **encoded(marked)}).status == 202


def test_a_native_body_of_more_than_a_megabyte_is_refused(house: House) -> None:
    large = json.dumps({**GOOD, "junk": "x" * 1_000_000}).encode()
    assert house.http("submit", {**request("submit"), **encoded(large)}).status == 413
    assert untouched(house)


@pytest.mark.parametrize(
    "junk", [{str(number): 1 for number in range(70_000)}, {'"' * 400_000: 1}], ids=["many", "long"]
)
@pytest.mark.parametrize(
    ("verb", "event"), [("submit", "submit"), ("submit", "submit-upload"), ("subscribe", "subscribe-create")]
)
def test_what_is_told_of_a_body_full_of_faults_stays_below_what_lambda_may_answer(
    house: House, verb: str, event: str, junk: dict[str, int]
) -> None:
    """6 MB, of what API Gateway then unpacks: more would be a 500 of AWS, and an alarm."""
    body = json.dumps({**golden_body(event), **junk}).encode()
    reply = house.http(verb, {**request(event), **encoded(body)})
    assert reply.status == 422
    assert len(json.dumps(reply.body)) < 200_000


def test_a_body_of_just_the_size_is_read_and_one_byte_more_is_not(house: House) -> None:
    song = json.dumps(GOOD).encode()
    assert house.http("submit", {**request("submit"), **encoded(song.ljust(MOST_BODY + 1))}).status == 413
    assert untouched(house)
    assert house.http("submit", {**request("submit"), **encoded(song.ljust(MOST_BODY))}).status == 202
    job_id = house.cover()
    said = json.dumps(golden_body("callback/kie/complete")).encode()
    assert house.callback("complete", job_id, **encoded(said.ljust(256 * 1024 + 1))).status == 413
    assert (house.job(job_id).stage, house.objects(prefix="callbacks/")) == (Stage.NONE, {})
    assert house.callback("complete", job_id, **encoded(said.ljust(256 * 1024))).status == 200
    assert house.job(job_id).stage is Stage.COMPLETE


def test_a_body_that_is_not_base64_although_it_says_so_is_malformed(shop: House) -> None:
    bad: dict[str, Any] = {"body": "A", "isBase64Encoded": True}
    assert shop.http("submit", {**request("submit"), **bad}).status == 400
    for vendor in VENDORS:
        assert clearly_refused(shop.http("submit", {**request(f"dialects/{vendor}/submit"), **bad})), vendor
    assert shop.callback("text", "0" * 32, **bad).status == 400
    assert untouched(shop)


@pytest.mark.parametrize("name", BODIES)
def test_a_callback_that_is_no_object_changes_nothing_and_is_kept_as_evidence(house: House, name: str) -> None:
    job_id = house.cover()
    before = house.job(job_id)
    reply = house.callback("complete", job_id, **encoded(BODIES[name]))
    readable = name in ("NaN", "Infinity", "a lone surrogate", "a lone surrogate as a name") or name.startswith("UTF-")
    assert reply.status == (200 if readable else 400)
    assert house.job(job_id) == before
    assert len(house.evidence(job_id)) == 1


@pytest.mark.parametrize("link", [*INSIDE, *TWOFOLD, "file:///etc/passwd"])
def test_a_provider_that_names_hostile_links_for_its_audio_stores_no_trouble(house: House, link: str) -> None:
    """The link is kept as the provider's word; that it is never fetched is the guarded client's test."""
    job_id = house.cover()
    body = golden_body("callback/kie/complete")
    for row in body["data"]["data"]:
        row |= {"audio_url": link, "source_audio_url": link}
    assert house.callback("complete", job_id, body=body).status == 200


# --- dropped songs ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "../secret/song.mp3",
        "a/../../presets/lofi-jazz.json",
        "....//song.mp3",
        "\\..\\song.mp3",
        "presets/lofi-jazz.json",
        "%2e%2e/%2e%2e/song.mp3",
        "a\u202egpm.exe/song.mp3",
        "no such preset/" + "x" * 900 + ".mp3",
        "y" * 509 + "/" + "x" * 508,
        "z" * 1012 + "/a.mp3",
        "\U0001f480" * 200 + "/song.mp3",
        "' OR 1=1; --/song.mp3",
        "$(rm -rf ~)/`id`.mp3",
    ],
)
def test_path_tricks_in_a_key_end_in_a_note_below_refused(house: House, name: str) -> None:
    key = f"inbox/{name}"
    house.drop(key)
    before = set(house.objects("INBOX_BUCKET"))
    house.invoke("upload", dropped(key))
    new = set(house.objects("INBOX_BUCKET")) - before
    assert len(new) == 1
    assert all(one.startswith("refused/") and one.endswith(".json") and len(one.encode()) <= 1024 for one in new)
    (note,) = (house.objects("INBOX_BUCKET")[one] for one in new)
    assert json.loads(note)["song"] == key
    assert (house.items(), house.objects(), house.vendor.bought) == ([], {}, [])


@pytest.mark.parametrize(
    "preset",
    [
        b"",
        b"[]",
        b"NaN",
        DEEP.encode(),
        b'{"style_weight": NaN}',
        b'{"prompt": "\\ud800"}',
        b"\xff\xfe",
        b'{"deadline": 1e999}',
    ],
    ids=lambda preset: preset[:12].decode(errors="replace") or "empty",
)
def test_a_preset_of_the_owners_that_cannot_be_used_is_a_note(house: House, preset: bytes) -> None:
    house.drop("presets/mine.json", body=preset)
    house.drop("inbox/mine/song.mp3")
    house.invoke("upload", dropped("inbox/mine/song.mp3"))
    assert list(house.objects("INBOX_BUCKET", "refused/")) == ["refused/mine/song.mp3.json"]
    assert house.items() == []


@pytest.mark.parametrize(
    "metadata",
    [
        {"style-weight": "NaN"},
        {"style-weight": "1e999"},
        {"deadline": "9" * 400},
        {"provider": "../kie"},
        {"provider": ",,,"},
        {"prompt": "p" * 1900},
        {"output": "{}"},
        {"instrumental": "perhaps"},
        {"max-usd": "-1"},
        {"title": "=?x-no-such-charset?q?=ff?=", "deadline": "soon"},
        {"lyrics": "=?unicode_escape?q?=5Cud800?="},
        {"anything": "=?unicode_escape?q?=5Cud800?="},
        {"instrumental": "=?unicode_escape?q?=5Cud800?="},
        {"provider": "=?unicode_escape?q?=5Cud800?="},
    ],
    ids=lambda given: next(iter(given)),
)
def test_wishes_in_metadata_that_break_a_rule_are_a_note(house: House, metadata: dict[str, str]) -> None:
    house.drop("inbox/lofi-jazz/song.mp3", metadata)
    house.invoke("upload", dropped("inbox/lofi-jazz/song.mp3"))
    assert list(house.objects("INBOX_BUCKET", "refused/")) == ["refused/lofi-jazz/song.mp3.json"]
    assert house.items() == []


def dropped(key: str) -> dict[str, Any]:
    """S3's event: keys are form-encoded there."""
    event = golden("upload")
    event["Records"][0]["s3"]["object"]["key"] = quote_plus(key)
    return event


# --- whatever else ---------------------------------------------------------------------------------------------

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)
FUZZ = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def spoiled(good: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """The good body with some of its values (and unknown names) replaced by anything."""
    names = st.sampled_from(sorted(good)) | st.text(max_size=8)
    return st.dictionaries(names, ANY, min_size=1, max_size=3).map(lambda change: {**good, **change})


def answered(reply: Reply, taken: Callable[[Reply], bool]) -> bool:
    return taken(reply) or clearly_refused(reply)


@FUZZ
@given(body=spoiled(GOOD))
def test_whatever_is_asked_of_the_native_door_it_takes_or_refuses(house: House, body: dict[str, Any]) -> None:
    reply = house.submit(json.dumps(body))
    assert answered(reply, lambda one: one.status == 202), reply.body


@pytest.mark.parametrize("vendor", VENDORS)
@FUZZ
@given(data=st.data())
def test_whatever_a_vendors_client_asks_it_is_taken_or_refused(shop: House, vendor: str, data: st.DataObject) -> None:
    body = data.draw(spoiled(body_of(vendor)))
    reply = buy(shop, vendor, json.dumps(body))
    assert vendor in DIALECTS
    taken = (200, 201) if vendor not in ("kie", "sunoapi", "aimusicapi") else (200,)
    assert answered(reply, lambda one: one.status in taken and one.body.get("code", 200) == 200), reply.body


@pytest.mark.parametrize("vendor", VENDORS)
@FUZZ
@given(
    body=st.binary(max_size=300),
    kind=st.sampled_from(["application/json", "multipart/form-data; boundary=x", "", "a/b"]),
)
def test_whatever_bytes_come_they_are_refused(shop: House, vendor: str, body: bytes, kind: str) -> None:
    event = request(f"dialects/{vendor}/submit")
    event["headers"] = {**event["headers"], "content-type": kind}
    reply = shop.http("submit", {**event, "body": base64.b64encode(body).decode(), "isBase64Encoded": True})
    assert clearly_refused(reply), reply.body


@FUZZ
@given(data=spoiled(golden_body("callback/kie/complete")["data"]), code=ANY)
def test_whatever_a_provider_says_it_is_heard_or_refused(house: House, data: dict[str, Any], code: Any) -> None:
    job_id = house.cover()
    body = {**golden_body("callback/kie/complete"), "code": code, "data": data}
    assert house.callback("complete", job_id, body=json.dumps(body)).status in (200, 400)
    assert house.job(job_id).id == job_id
