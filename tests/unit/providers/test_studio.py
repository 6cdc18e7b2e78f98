"""The studio's own ways: it signs the whole body, knows its jobs by their key, and has no address but the owner's."""

import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from reprise.domain.facts import Accepted, Broke, Pending, Progress
from reprise.domain.job import ErrorClass, Stage
from reprise.errors import ForgedCallbackError
from reprise.ports import CallbackMessage, Voice, VoiceCatalog
from reprise.providers import missing
from reprise.providers.client import NotSentError, VendorSettings
from reprise.providers.studio import TASK_ERRORS, Studio

from tests.contract.vendors.samples import TASK, ScriptedHttp, an_order, says
from tests.contract.vendors.studio import COMPLETE, FAILED, FILES, FIRST, LOST, MP3, TAKES, TEXT, failed, task
from tests.factories import NOW, a_request

KEY = "the-owner's-signing-key"


def a_studio(answer: Any = None, **settings: Any) -> Studio:
    given = VendorSettings("key", **{"base_url": "https://studio.example", **settings})
    return Studio(given, ScriptedHttp(answer if answer is not None else says(task(), 202)))


def signed(body: Any, at: Any = NOW, key: str = KEY) -> CallbackMessage:
    raw, timestamp = json.dumps(body).encode(), str(int(at.timestamp()))
    digest = hmac.new(key.encode(), timestamp.encode() + b"." + raw, hashlib.sha256).hexdigest()
    return CallbackMessage(2, raw, {"x-webhook-timestamp": timestamp, "x-webhook-signature": digest})


def hear(message: CallbackMessage) -> Progress | Broke | None:
    return a_studio(hmac_key=KEY).hear(message, NOW)


# Submit


def test_a_job_is_its_own_key_and_its_own_seed() -> None:
    http = ScriptedHttp(says(task(), 202))
    order = replace(an_order(a_request(), "studio", attempt=2), job_id="j" * 32)
    assert isinstance(Studio(VendorSettings("key"), http).submit(order), Accepted)
    _, _, headers, body, _ = http.calls[0]
    assert headers["Idempotency-Key"] == f"{'j' * 32}-2"
    assert body is not None
    assert body["seed"] == "j" * 32


@pytest.mark.parametrize(
    ("settings", "part"),
    [
        (VendorSettings(), "api-key"),
        (VendorSettings("key"), "base-url"),
        (VendorSettings(base_url="https://s.example"), "api-key"),
        (VendorSettings("key", base_url="https://s.example"), None),
    ],
)
def test_without_an_address_it_is_off(settings: VendorSettings, part: str | None) -> None:
    assert missing("studio", settings) == part
    assert missing("kie", settings) == (None if settings.api_key else "api-key")


# Poll


def test_an_id_that_is_no_id_stays_one_part_of_the_path() -> None:
    http = ScriptedHttp(says(task()))
    Studio(VendorSettings("key", base_url="https://studio.example/"), http).poll("../styles?x=/y", 1)
    assert http.calls[0][1] == "https://studio.example/v1/tasks/..%2Fstyles%3Fx%3D%2Fy"


@pytest.mark.parametrize("code", TASK_ERRORS)
def test_a_reason_is_told_by_its_code_and_in_words(code: str) -> None:
    fact = a_studio(says(failed(code, "this and that"))).poll(TASK, 1)
    assert isinstance(fact, Broke)
    assert (fact.error.kind, fact.error.code) == (TASK_ERRORS[code], code)
    assert fact.error.message == "this and that"


def test_a_task_that_was_lost_ends_the_wait_and_any_other_404_does_not() -> None:
    lost, stranger = a_studio(says(LOST, 404)).poll(TASK, 1), a_studio(says({"error": "x"}, 404)).poll(TASK, 1)
    assert isinstance(lost, Broke)
    assert lost.error.kind is ErrorClass.RETRY_LATER
    assert isinstance(stranger, Pending)


# Callback


@pytest.mark.parametrize(("body", "stage"), [(TEXT, Stage.TEXT), (FIRST, Stage.FIRST), (COMPLETE, Stage.COMPLETE)])
def test_a_signed_callback_is_heard(body: Any, stage: Stage) -> None:
    fact = hear(signed(body))
    assert isinstance(fact, Progress)
    assert (fact.attempt, fact.stage, fact.task_id) == (2, stage, TASK)


def test_the_chart_stands_where_others_have_lyrics() -> None:
    fact = hear(signed(TEXT))
    assert isinstance(fact, Progress)
    assert fact.lyrics == "1 | F | C7 |"


def test_takes_have_their_length_and_the_picture_of_song_and_cover() -> None:
    picture = {"kind": "picture", "url": "https://studio.example.net/cover.png"}
    fact = hear(signed({**COMPLETE, "files": [*FILES, picture]}))
    assert isinstance(fact, Progress)
    assert [(take.id, take.urls, take.seconds) for take in fact.takes] == [
        (f"{TASK}-{number}", (MP3.format(number),), 36.05) for number in (1, 2)
    ]
    assert {take.image_url for take in fact.takes} == {"https://studio.example.net/cover.png"}


@pytest.mark.parametrize(
    "forge",
    [
        lambda one: replace(one, headers={}),
        lambda one: replace(one, body=one.body.replace(b"F", b"G")),
        lambda one: replace(one, headers={**one.headers, "x-webhook-timestamp": "1"}),
        lambda one: replace(one, headers={**one.headers, "x-webhook-signature": "ä"}),
        lambda one: signed(TEXT, key="another"),
        lambda one: signed(TEXT, at=NOW - timedelta(seconds=301)),
        lambda one: signed(TEXT, at=NOW + timedelta(seconds=301)),
    ],
)
def test_a_callback_with_another_body_time_or_key_is_forged(forge: Any) -> None:
    with pytest.raises(ForgedCallbackError):
        hear(forge(signed(TEXT)))


def test_each_signature_has_a_seal_of_its_own_and_the_same_one_when_it_is_sent_again() -> None:
    seals = []
    for message in (signed(TEXT), signed(TEXT), signed(FAILED), signed(TEXT, at=NOW + timedelta(seconds=1))):
        fact = hear(message)
        assert isinstance(fact, Progress | Broke)
        seals.append(fact.seal)
    assert seals[0] == seals[1]
    assert len({*seals, None}) == 4


def test_without_a_signing_key_the_urls_token_is_the_lock() -> None:
    fact = a_studio().hear(CallbackMessage(1, json.dumps(TEXT).encode()), NOW)
    assert isinstance(fact, Progress)
    assert fact.seal is None


# Voices and money

LISTED = {"voices": [{"id": "deeper", "name": "Deeper"}, {"id": "brighter"}, {"name": "nobody"}, "x"]}


def test_voices_are_searched_by_name_and_come_in_pages() -> None:
    studio = a_studio(says(LISTED))
    assert isinstance(studio, VoiceCatalog)
    everybody = studio.voices(None, 10, 0)
    assert everybody is not None
    assert everybody.voices == (Voice("deeper", "Deeper"), Voice("brighter", "brighter"))
    second, found = studio.voices(None, 1, 1), studio.voices("BRIGHT", 10, 0)
    assert second is not None
    assert found is not None
    assert (second.voices, second.total) == ((Voice("brighter", "brighter"),), 2)
    assert (found.voices, found.total) == ((Voice("brighter", "brighter"),), 1)


@pytest.mark.parametrize("answer", [NotSentError("no"), says(b"", 502), says({"voices": None}), says([])])
def test_a_studio_that_does_not_answer_has_no_voices(answer: Any) -> None:
    assert a_studio(answer).voices(None, 10, 0) is None


def test_it_costs_nothing_and_has_no_balance() -> None:
    assert (a_studio().capabilities.usd, a_studio().balance()) == (0, None)


def test_two_takes_are_enough() -> None:
    assert a_studio().capabilities.tracks == len(TAKES)
