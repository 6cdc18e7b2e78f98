"""AI/ML API's own ways: polled alone, one text for all wishes, links that must not be touched."""

from dataclasses import replace
from typing import Any

import httpx
import pytest
from reprise.domain.assess import assess, clipped, dropped, violations
from reprise.domain.facts import Broke, Pending, Progress, Refused
from reprise.domain.job import Rhythm, Stage, Take
from reprise.domain.request import Output
from reprise.domain.violation import Violation
from reprise.errors import ConfigurationError
from reprise.providers.aimlapi import CAPABILITIES, LIMITS, AimlApi
from reprise.providers.client import Answer, NoAnswerError, NotSentError, VendorSettings
from reprise.providers.http_client import HttpxVendor

from tests.contract.vendors.aimlapi import DETAIL, LINK, LYRICS, PAGE, classic, failed, filed, job
from tests.contract.vendors.samples import TASK, ScriptedHttp, an_order, says
from tests.factories import a_request

JOB = "1f0c1d2e3b4a59687786950413223140"
ORDER = an_order(a_request(), "aimlapi")


def asked(answer: Answer, **settings: Any) -> tuple[AimlApi, ScriptedHttp]:
    http = ScriptedHttp(answer)
    return AimlApi(VendorSettings(**{"api_key": "key", **settings}), http), http


def polled(answer: Any) -> Progress | Pending | Broke:
    return asked(says(answer))[0].poll(TASK, 1)


def broke(answer: Any) -> tuple[str, str]:
    fact = polled(answer)
    assert isinstance(fact, Broke)
    return fact.error.code, fact.error.message


# Calls


def test_submit_and_status_are_one_path_where_the_vendor_is() -> None:
    vendor, http = asked(says({}))
    vendor.submit(ORDER)
    vendor.poll(TASK, 1)
    vendor.balance()
    assert [call[:2] for call in http.calls] == [
        ("POST", "https://api.aimlapi.com/v2/generate/audio"),
        ("GET", "https://api.aimlapi.com/v2/generate/audio"),
        ("GET", "https://api.aimlapi.com/v2/billing"),
    ]
    assert http.calls[1][4] == {"generation_id": TASK}


@pytest.mark.parametrize("key", ["key", " key", "key\n", "\tkey \r\n"])
def test_blanks_around_the_key_are_not_the_key(key: str) -> None:
    vendor, http = asked(says({}), api_key=key)
    vendor.submit(ORDER)
    assert http.calls[0][2]["Authorization"] == "Bearer key"


def test_a_submit_carries_our_jobs_id_and_attempt_where_they_are_known() -> None:
    vendor, http = asked(says({}))
    vendor.submit(replace(ORDER, job_id=JOB, attempt=3))
    vendor.submit(ORDER)
    assert [call[2].get("X-Client-Request-Id") for call in http.calls] == [f"{JOB}-3", None]


@pytest.mark.parametrize("task", ["Qk7_vR2mXw-04tLzHs9Ae", "5d0c/&x=1#y:minimax/music-cover ü"])
def test_an_id_of_any_letters_comes_back_as_it_was(task: str) -> None:
    seen: list[httpx.URL] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.url)
        return httpx.Response(404)

    with httpx.Client(transport=httpx.MockTransport(answer)) as client:
        AimlApi(VendorSettings("key"), HttpxVendor(client)).poll(task, 1)
    assert dict(seen[0].params) == {"generation_id": task}


def test_a_model_is_the_one_that_the_order_names() -> None:
    vendor, http = asked(says({}), models=("minimax/music-cover-2",))
    vendor.submit(replace(ORDER, model=None))
    vendor.submit(replace(ORDER, model="another"))
    assert [(call[3] or {})["model"] for call in http.calls] == ["minimax/music-cover-2", "another"]


# Answers


def test_a_refusal_says_the_vendors_code_and_words() -> None:
    fact = asked(classic(403, "you have run out of credits", "403"))[0].submit(ORDER)
    assert isinstance(fact, Refused)
    assert (fact.error.code, fact.error.message) == ("403", "you have run out of credits")


def test_the_edges_page_does_not_become_our_message() -> None:
    fact = asked(says(PAGE, 413))[0].submit(ORDER)
    assert isinstance(fact, Refused)
    assert fact.error.message == "HTTP 413"


def test_a_finished_job_is_one_take_under_the_generations_id_with_its_link_untouched() -> None:
    fact = polled(filed("completed"))
    assert isinstance(fact, Progress)
    assert (fact.stage, fact.takes) == (Stage.COMPLETE, (Take(id=TASK, urls=(LINK,)),))
    assert "%2F" in fact.takes[0].urls[0]
    again = polled(filed("done", LINK + "&again=1"))
    assert isinstance(again, Progress)
    assert again.takes[0].id == TASK


@pytest.mark.parametrize("link", ["https://media.example.net/x.mp3", "http://media.example.net/x.mp3"])
def test_a_link_is_one_that_can_be_fetched(link: str) -> None:
    assert isinstance(polled(filed("completed", link)), Progress)


@pytest.mark.parametrize(
    "link", ["ftp://media.example.net/x", "file:///etc/passwd", "x", 1, [LINK], "https://" + "a" * 5000]
)
def test_anything_else_is_no_link(link: Any) -> None:
    assert isinstance(polled(filed("completed", link)), Pending)


def test_a_failure_has_the_most_telling_code_that_it_comes_with() -> None:
    assert broke(failed("MiniMax error 1026: refused")) == ("1026", "MiniMax error 1026: refused")
    assert broke(failed("no luck")) == ("GenerationError", "no luck")
    assert broke(job("cancelled")) == ("cancelled", "the provider failed")
    assert broke(job("error", error="no luck")) == ("error", "no luck")
    assert broke(job("generating", error="no luck")) == ("failed", "no luck")
    assert broke(job("error", error=DETAIL)) == ("1026", "MiniMax error 1026")
    assert broke(job("error", error={"name": "x" * 500, "message": "no"}))[0] == "x" * 100


@pytest.mark.parametrize(
    ("body", "status", "money"),
    [
        ({"current_balance": 99.805, "currency": "USD"}, 200, 99.805),
        ({"current_balance": "12.5"}, 200, 12.5),
        ({"current_balance": 0}, 200, 0.0),
        ({"current_balance": 5}, 500, None),
        ({"current_balance": None}, 200, None),
        ({"balance": 5}, 200, None),
        ([], 200, None),
    ],
)
def test_a_balance_is_in_dollars_or_not_known(body: Any, status: int, money: float | None) -> None:
    assert asked(says(body, status))[0].balance() == money


@pytest.mark.parametrize("error", [NotSentError("no connection"), NoAnswerError("no answer")])
def test_a_balance_that_is_not_answered_is_not_known(error: Exception) -> None:
    assert AimlApi(VendorSettings("key"), ScriptedHttp(error)).balance() is None


# Capabilities


def test_the_data_are_those_of_the_vendors_page() -> None:
    assert (CAPABILITIES.usd, CAPABILITIES.credits, CAPABILITIES.tracks) == (0.195, 390_000, 1)
    assert CAPABILITIES.credits == pytest.approx(CAPABILITIES.usd * 2_000_000)
    assert CAPABILITIES.stages == (Stage.COMPLETE,)
    assert CAPABILITIES.rhythm == Rhythm(first=75, every=15, pushes=False)
    limits = CAPABILITIES.source
    assert (limits.least_seconds, limits.most_seconds, limits.most_bytes) == (6, 360, 52_428_800)


@pytest.mark.parametrize(("profile", "idea", "lyrics"), [("seed", 2000, 3000), ("docs", 300, 1000)])
def test_texts_are_limited_in_code_points_by_the_chosen_profile(profile: str, idea: int, lyrics: int) -> None:
    known = asked(says({}), limits=profile)[0].capabilities
    assert known == LIMITS[profile]
    assert violations(a_request(prompt="𝄞" * idea, lyrics="𝄞" * lyrics), known) == []
    broken = violations(a_request(prompt="é" * (idea + 1), lyrics="é" * (lyrics + 1)), known)
    assert [(one.field, one.rule, one.limit) for one in broken] == [
        ("prompt", "too-long", idea),
        ("lyrics", "too-long", lyrics),
    ]


def test_a_profile_that_there_is_not_is_the_owners_to_mend() -> None:
    with pytest.raises(ConfigurationError):
        asked(says({}), limits="guessed")


@pytest.mark.parametrize(("length", "rules"), [(9, ["too-short"]), (10, [])])
def test_lyrics_have_a_least_length(length: int, rules: list[str]) -> None:
    assert [one.rule for one in violations(a_request(lyrics="x" * length), CAPABILITIES)] == rules


def test_lyrics_alone_are_no_cover_here() -> None:
    (broken,) = violations(a_request(prompt=None, lyrics=LYRICS), CAPABILITIES)
    assert (broken.field, broken.rule) == ("prompt", "required")


@pytest.mark.parametrize(
    ("prompt", "lyrics", "warnings"), [(300, 1000, 0), (301, 1000, 1), (300, 1001, 1), (2000, 3000, 2)]
)
def test_texts_that_may_fail_further_up_are_warned_of(prompt: int, lyrics: int, warnings: int) -> None:
    found = assess(a_request(prompt="x" * prompt, lyrics="x" * lyrics), CAPABILITIES)
    assert (found.able, len(found.warnings)) == (True, warnings)


def test_texts_that_are_too_long_together_are_cut_and_said_to_be() -> None:
    request = a_request(prompt="p" * 1500, style="s" * 700, title="Kettle")
    vendor, http = asked(says({}))
    vendor.submit(an_order(request, "aimlapi"))
    assert len((http.calls[0][3] or {})["prompt"]) == 2000
    assert violations(request, CAPABILITIES) == []
    assert clipped(request, CAPABILITIES) == ("style", "title")


def test_what_it_cannot_express_is_left_out_and_said_to_be() -> None:
    request = a_request(instrumental=True, vocal_gender="female", pitch=2, output=Output("mp3"))
    assert dropped(request, CAPABILITIES) == ("vocal_gender", "pitch", "instrumental")


@pytest.mark.parametrize("output", [Output("flac"), Output(sample_rate=48_000), Output(bitrate=320_000)])
def test_an_encoding_that_is_not_on_offer_is_refused(output: Output) -> None:
    (broken,) = violations(a_request(output=output), CAPABILITIES)
    assert isinstance(broken, Violation)
    assert broken.rule == "not-one-of"
