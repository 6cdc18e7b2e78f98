"""Our adapters buy from the fakes, which were written from the vendors' pages without a look at the adapters."""

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown
from reprise.domain.job import ErrorClass as E
from reprise.domain.job import Stage
from reprise.domain.request import Output
from reprise.ports import CallbackMessage, Order, Provider, Voice, VoiceCatalog
from reprise.providers import build
from reprise.providers.client import VendorSettings
from reprise.providers.http_client import HttpxVendor

from tests.factories import NOW, a_request
from tests.simulators.aimlapi_buyer import buying
from tests.simulators.conftest import TLS
from tests.simulators.kit import KEY, Buyer, song, wait_for
from tests.simulators.musicgpt_buyer import API
from tests.simulators.musicgpt_buyer import buying as musicgpt_buying

NAMES = ["aimusicapi", "sunoapi"]
each = pytest.mark.parametrize("shop", NAMES, indirect=True)
sunoapi_shop = pytest.mark.parametrize("shop", ["sunoapi"], indirect=True)
aimusicapi_shop = pytest.mark.parametrize("shop", ["aimusicapi"], indirect=True)
aimlapi_shop = pytest.mark.parametrize("shop", ["aimlapi"], indirect=True)
musicgpt_shop = pytest.mark.parametrize("shop", ["musicgpt"], indirect=True)
called_back_or_not = pytest.mark.parametrize("shop", [*NAMES, "aimlapi"], indirect=True)
JOB = "1f0c1d2e3b4a59687786950413223140"
VOICED = {"voice": "velvet-alto", "prompt": None}
SONG = {"lyrics": "[Verse] wet glass", "style": "jazz trio", "title": "Tram Nine", "prompt": None}


@dataclass
class Shop:
    """A fake vendor with our adapter before it and a receiver of callbacks behind it."""

    name: str
    fake: Buyer
    adapter: Provider

    def submit(self, **wishes: Any) -> Accepted | Refused | Unknown:
        taker = self.fake.taker
        request = a_request(providers=(self.name,), **wishes)
        links = taker.url("/song.wav?sig=secret"), taker.url("/cb/t0k3n")
        return self.adapter.submit(Order(1, request, *links, model=request.model, job_id=JOB))

    def buy(self, **wishes: Any) -> str:
        fact = self.submit(**wishes)
        assert isinstance(fact, Accepted), fact
        return fact.task_id

    def heard(self, count: int) -> list[Progress | Broke | None]:
        """What the callbacks meant, once there are so many."""
        wait_for(lambda: len(self.fake.taker.got) >= count)
        bodies = [json.dumps(body).encode() for body, _ in self.fake.taker.got]
        return [self.adapter.hear(CallbackMessage(1, body), NOW) for body in bodies]

    def poll(self, task: str) -> Progress | Broke | Pending:
        return self.adapter.poll(task, 1)

    def ended(self, task: str) -> Progress | Broke:
        """Polled until it is complete or broken."""
        fact: Progress | Broke | Pending = Pending(1, "not asked yet")
        for _ in range(250):
            fact = self.poll(task)
            if isinstance(fact, Broke) or (isinstance(fact, Progress) and fact.stage is Stage.COMPLETE):
                return fact
            time.sleep(0.03)
        raise AssertionError(f"no end: {fact}")

    def settled(self) -> None:
        """All that the one task will ever say was said."""
        wait_for(lambda: self.fake.ledger()["rows"][0]["outcome"] == "complete")


@pytest.fixture
def aimlapi() -> Iterator[Buyer]:
    with buying() as one:
        yield Buyer(one.sim, one.taker, one.http)


@pytest.fixture
def musicgpt() -> Iterator[Buyer]:
    with musicgpt_buying() as one:
        one.taker.files["/song.wav"] = (200, song(1.0), "audio/wav")
        yield Buyer(one.sim, one.taker, one.http)


@pytest.fixture
def shop(request: pytest.FixtureRequest) -> Iterator[Shop]:
    fake: Buyer = request.getfixturevalue(request.param)
    base = fake.sim.url + {"aimusicapi": "/api", "musicgpt": API}.get(request.param, "")
    with httpx.Client(timeout=1, trust_env=False, verify=TLS) as client:
        adapter = build(request.param, VendorSettings(KEY, base), HttpxVendor(client))
        yield Shop(request.param, fake, adapter)


def links(fact: object) -> list[str]:
    assert isinstance(fact, Progress), fact
    return [url for take in fact.takes for url in take.urls[:1]]


def kind(fact: object) -> E:
    assert isinstance(fact, Broke | Refused), fact
    return fact.error.kind


def stages(facts: list[Progress | Broke | None]) -> list[Stage]:
    assert all(isinstance(fact, Progress) for fact in facts), facts
    return [fact.stage for fact in facts if isinstance(fact, Progress)]


# Bought and delivered


@each
@pytest.mark.parametrize(
    "wishes",
    [
        {"prompt": "rainy tram ride"},
        {"prompt": "rainy tram ride", "instrumental": True, "style_weight": 0.29},
        SONG,
        {**SONG, "lyrics": None, "instrumental": True},
        {
            **SONG,
            "negative_style": "banjo",
            "vocal_gender": "female",
            "style_weight": 0.29,
            "weirdness": 0.0,
            "audio_weight": 1.0,
        },
    ],
    ids=["idea", "idea without a voice", "song", "song without a voice", "song with everything"],
)
def test_a_song_is_bought_called_back_and_polled(shop: Shop, wishes: dict[str, Any]) -> None:
    task = shop.buy(**wishes)
    facts = shop.heard(3)
    assert stages(facts) == [Stage.TEXT, Stage.FIRST, Stage.COMPLETE]
    assert [len(links(fact)) for fact in facts] == [0, 1, 2]
    polled = shop.ended(task)
    assert links(polled) == links(facts[2])
    assert isinstance(polled, Progress)
    assert bool(polled.lyrics) == (not wishes.get("instrumental"))
    assert all(take.seconds and take.id and take.title and take.image_url for take in polled.takes)
    for fact in facts:
        assert isinstance(fact, Progress)
        assert fact.task_id == (task if shop.name == "sunoapi" else None)
    for link in links(polled):
        answer = shop.fake.http.get(link)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "audio/mpeg")
    assert len(shop.fake.ledger()["rows"]) == 1


@each
def test_every_model_and_every_longest_text_is_sold(shop: Shop) -> None:
    shop.fake.switch(rate_limit="off", credits=1000)
    for name, most in shop.adapter.capabilities.models.items():
        texts = {"lyrics": "é" * most.lyrics, "style": "é" * most.style, "title": "é" * most.title, "prompt": None}
        shop.buy(model=name, **texts)
    idea = shop.adapter.capabilities.idea
    assert idea
    shop.buy(prompt="é" * idea.most)


@each
def test_a_task_is_not_known_at_once(shop: Shop) -> None:
    shop.fake.switch(**{"record_info_null_for" if shop.name == "sunoapi" else "not_found_for": 0.3})
    task = shop.buy()
    assert isinstance(shop.poll(task), Pending)
    assert len(links(shop.ended(task))) == 2


# Refused


@called_back_or_not
def test_an_empty_account_is_no_credit_and_buys_nothing(shop: Shop) -> None:
    shop.fake.switch(credits=0)
    assert kind(shop.submit()) is E.NO_CREDIT
    assert shop.fake.ledger()["rows"] == []


@called_back_or_not
def test_too_many_submits_are_rate_limited(shop: Shop) -> None:
    shop.fake.switch(rate_limit="1/60s")
    shop.buy()
    assert kind(shop.submit()) is E.RATE_LIMITED
    assert len(shop.fake.ledger()["rows"]) == 1


@called_back_or_not
def test_a_wrong_key_is_our_own_trouble(shop: Shop) -> None:
    adapter = build(shop.name, VendorSettings("another", shop.fake.sim.url), HttpxVendor(shop.fake.http))
    shop.adapter = adapter
    assert kind(shop.submit()) is E.AUTH
    assert isinstance(shop.poll("x"), Pending)


@sunoapi_shop
@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("400", E.FIX_REQUEST),
        ("401", E.AUTH),
        ("404", E.FIX_REQUEST),
        ("405", E.RATE_LIMITED),
        ("413", E.FIX_REQUEST),
        ("429", E.NO_CREDIT),
        ("430", E.RATE_LIMITED),
        ("455", E.RETRY_LATER),
        ("bare_429", E.RATE_LIMITED),
    ],
)
def test_each_of_sunoapis_codes_at_submit(shop: Shop, code: str, meant: E, *, mirrored: bool) -> None:
    shop.fake.switch(submit=code, http_mirrors_code=mirrored)
    assert kind(shop.submit()) is meant


@aimusicapi_shop
@pytest.mark.parametrize(
    "how", [{}, {"200_with_code": True}, {"msg_key": "msg"}, {"msg_key": "message"}], ids=["mirrored", "200", "a", "b"]
)
@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("400", E.FIX_REQUEST),
        ("401", E.AUTH),
        ("402", E.NO_CREDIT),
        ("403", E.AUTH),
        ("404", E.FIX_REQUEST),
        ("429", E.RATE_LIMITED),
    ],
)
def test_each_of_aimusicapis_codes_at_submit(shop: Shop, code: str, meant: E, how: dict[str, Any]) -> None:
    shop.fake.switch(submit=code, **how)
    fact = shop.submit()
    assert kind(fact) is meant
    assert isinstance(fact, Refused)
    assert not fact.error.message.startswith("HTTP")


@aimusicapi_shop
def test_the_edge_lets_us_in(shop: Shop) -> None:
    shop.fake.switch(edge_403_without_UA=True)
    assert isinstance(shop.submit(), Accepted)


@each
@pytest.mark.parametrize("how", ["hang", "reset_after_accept", "500_after_accept", "html_502", "500"])
def test_a_submit_that_may_have_been_bought_is_unknown(shop: Shop, how: str) -> None:
    shop.fake.switch(submit=how)
    assert isinstance(shop.submit(), Unknown)
    assert len(shop.fake.ledger()["rows"]) == (how not in ("html_502", "500"))


# Failed


@sunoapi_shop
@pytest.mark.parametrize(
    ("code", "meant"),
    [
        (400, E.CONTENT_REFUSED),
        (413, E.CONTENT_REFUSED),
        (451, E.SOURCE_UNFETCHABLE),
        (500, E.RETRY_LATER),
    ],
)
def test_sunoapis_failure_is_the_same_in_callback_and_status(shop: Shop, code: int, meant: E) -> None:
    shop.fake.switch(error_code=str(code))
    task = shop.buy()
    *_, heard = shop.heard(2)
    polled = shop.ended(task)
    assert (kind(heard), kind(polled)) == (meant, meant)
    assert "sig=secret" not in str(polled)
    assert isinstance(heard, Broke)
    assert heard.task_id == task


@aimusicapi_shop
@pytest.mark.parametrize("where", ["array", "object", "none"])
@pytest.mark.parametrize(("word", "meant"), [("FAILED", E.CONTENT_REFUSED), ("ERROR", E.RETRY_LATER)])
def test_aimusicapis_failure_is_the_same_in_callback_and_status(shop: Shop, word: str, meant: E, where: str) -> None:
    shop.fake.switch(type=word, callback_on_failure=where)
    task = shop.buy()
    assert kind(shop.ended(task)) is meant
    if where != "none":
        assert kind(shop.heard(2)[-1]) is meant


@aimusicapi_shop
def test_a_failure_without_a_word_is_told_by_the_type(shop: Shop) -> None:
    shop.fake.switch(type="FAILED", fail_where="none", response_data="null")
    assert kind(shop.ended(shop.buy())) is E.RETRY_LATER


@each
def test_a_source_that_cannot_be_fetched_is_said_so(shop: Shop) -> None:
    del shop.fake.taker.files["/song.wav"]
    task = shop.buy()
    assert kind(shop.heard(1)[-1]) is E.SOURCE_UNFETCHABLE
    assert kind(shop.ended(task)) is E.SOURCE_UNFETCHABLE


@each
def test_a_failure_that_stays_pending_is_a_failure(shop: Shop) -> None:
    shop.fake.switch(pending_with_error=True if shop.name == "aimusicapi" else "413 fetch")
    meant = E.CONTENT_REFUSED if shop.name == "aimusicapi" else E.SOURCE_UNFETCHABLE
    assert kind(shop.ended(shop.buy())) is meant


# Other shapes of the same


@each
@pytest.mark.parametrize("switches", [{"extra_fields": True}, {"late_stage": "text"}, {"skip_text": True}], ids=str)
def test_a_song_is_delivered_whatever_comes_beside_it(shop: Shop, switches: dict[str, Any]) -> None:
    shop.fake.switch(**switches)
    task = shop.buy()
    assert Stage.COMPLETE in stages(shop.heard(3 - ("skip_text" in switches)))
    assert len(links(shop.ended(task))) == 2


@sunoapi_shop
@pytest.mark.parametrize(
    "switches",
    [
        {"text_rows": "with_url"},
        {"code_as_string": True, "upper_case_type": True},
        {"task_id_location": "taskId"},
        {"task_id_location": "data.taskId"},
        {"createTime": "epoch_ms", "first_duration": "null"},
        {"submit_id_location": "taskId"},
        {"submit_id_location": "data.task_id"},
        {"http_mirrors_code": True},
    ],
    ids=str,
)
def test_sunoapis_variants_mean_the_same(shop: Shop, switches: dict[str, Any]) -> None:
    shop.fake.switch(**switches)
    task = shop.buy()
    facts = shop.heard(3)
    assert stages(facts) == [Stage.TEXT, Stage.FIRST, Stage.COMPLETE]
    assert {fact.task_id for fact in facts if fact} == {task}
    assert links(shop.ended(task)) == links(facts[2])


@sunoapi_shop
def test_callbacks_that_nobody_takes_leave_a_complete_record(shop: Shop) -> None:
    shop.fake.switch(drop_callbacks=True)
    task = shop.buy()
    wait_for(lambda: shop.fake.status(task)["data"]["status"] == "CALLBACK_EXCEPTION")
    assert len(links(shop.poll(task))) == 2


@sunoapi_shop
def test_success_without_links_is_not_complete(shop: Shop) -> None:
    task = shop.buy()
    assert len(links(shop.ended(task))) == 2
    shop.fake.switch(success_without_urls=True)
    fact = shop.poll(task)
    assert isinstance(fact, Progress)
    assert fact.stage is Stage.TEXT


@aimusicapi_shop
@pytest.mark.parametrize(
    "switches",
    [
        {"callback_shape": "data_array"},
        {"callback_shape": "data_object"},
        {"callback_shape": "status_object"},
        {"clip_task_id": True},
        {"createTime": "epoch_ms"},
        {"duration": "string"},
        {"duration": "m:ss"},
        {"duration_empty": True},
        {"pending_rows": True},
        {"running_rows": False},
        {"status_shape": "legacy"},
        {"success_word": "COMPLETED"},
        {"id_keys": "workId"},
        {"id_keys": "task_id"},
        {"id_keys": "id"},
    ],
    ids=str,
)
def test_aimusicapis_variants_mean_the_same(shop: Shop, switches: dict[str, Any]) -> None:
    shop.fake.switch(**switches)
    task = shop.buy()
    facts = shop.heard(3)
    assert stages(facts) == [Stage.TEXT, Stage.FIRST, Stage.COMPLETE]
    assert {fact.task_id for fact in facts if fact} <= {task, None}
    polled = shop.ended(task)
    assert links(polled) == links(facts[2])
    assert isinstance(polled, Progress)
    assert [bool(take.seconds) for take in polled.takes] == ["duration_empty" not in switches] * 2


@aimusicapi_shop
def test_one_final_callback_is_enough(shop: Shop) -> None:
    shop.fake.switch(stages="final_only")
    shop.buy()
    assert len(links(shop.heard(1)[0])) == 2


@aimusicapi_shop
def test_success_too_early_is_not_complete(shop: Shop) -> None:
    shop.fake.switch(success_while_text=True)
    task = shop.buy()
    end = time.monotonic() + 8
    stage = Stage.NONE
    while stage is not Stage.COMPLETE:
        assert time.monotonic() < end
        fact = shop.poll(task)
        if isinstance(fact, Progress):
            stage = fact.stage
            assert len(links(fact)) == {Stage.TEXT: 0, Stage.FIRST: 1, Stage.COMPLETE: 2}[stage]


@aimusicapi_shop
def test_a_clip_that_never_ends_keeps_the_task_at_first(shop: Shop) -> None:
    shop.fake.switch(one_clip_stuck=True)
    task = shop.buy()
    shop.settled()
    heard, polled = shop.heard(3)[-1], shop.poll(task)
    for fact in (heard, polled):
        assert len(links(fact)) == 1
        assert isinstance(fact, Progress)
        assert fact.stage is Stage.FIRST


@aimusicapi_shop
def test_streams_are_never_taken(shop: Shop) -> None:
    shop.fake.switch(media="stream")
    task = shop.buy()
    shop.settled()
    for fact in (*shop.heard(3), shop.poll(task)):
        assert links(fact) == []
        assert isinstance(fact, Progress)
        assert fact.stage is not Stage.COMPLETE
    shop.fake.switch(media=None)
    assert len(links(shop.poll(task))) == 2


@each
@pytest.mark.parametrize("how", ["reset", "html_502", "500", "429", "404", "hang"])
def test_a_status_that_is_not_answered_tells_nothing(shop: Shop, how: str) -> None:
    task = shop.buy()
    shop.fake.switch(**{"status" if shop.name == "aimusicapi" else "record_info": how})
    assert isinstance(shop.poll(task), Pending)


@each
def test_a_word_that_nobody_knows_is_waited_out(shop: Shop) -> None:
    task = shop.buy()
    shop.ended(task)
    shop.fake.switch(**{"unknown_type_word" if shop.name == "aimusicapi" else "unknown_status_word": "MASTERING"})
    assert isinstance(shop.poll(task), Pending)


# AI/ML API, which is polled alone

TEXTS = {"prompt": "rainy tram ride", "style": "jazz trio", "title": "Tram Nine", "lyrics": "[Verse]: wet glass"}


def failure(shop: Shop, **switches: Any) -> E:
    shop.fake.switch(**switches)
    fact = shop.ended(shop.buy())
    assert "sig=secret" not in str(fact)
    return kind(fact)


@aimlapi_shop
@pytest.mark.parametrize(
    ("wishes", "content"),
    [
        ({}, "audio/mpeg"),
        ({"prompt": "dub"}, "audio/mpeg"),
        ({"prompt": None, "style": "jazz trio"}, "audio/mpeg"),
        (TEXTS, "audio/mpeg"),
        ({**TEXTS, "model": "minimax/music-cover", "output": Output("wav", 16_000, 32_000)}, "audio/wav"),
    ],
    ids=["idea", "short idea", "style", "all texts", "everything"],
)
def test_a_song_is_bought_and_polled(shop: Shop, wishes: dict[str, Any], content: str) -> None:
    task = shop.buy(**wishes)
    fact = shop.ended(task)
    (link,) = links(fact)
    assert isinstance(fact, Progress)
    assert [take.id for take in fact.takes] == [task]
    assert "%2F" in link
    answer = shop.fake.http.get(link)
    assert (answer.status_code, answer.headers["content-type"]) == (200, content)
    (row,) = shop.fake.ledger()["rows"]
    assert row["request"]["has_client_id"]
    assert shop.fake.taker.got == []


@aimlapi_shop
def test_the_longest_texts_are_sold_and_may_fail_further_up(shop: Shop) -> None:
    idea, lyrics = shop.adapter.capabilities.idea, shop.adapter.capabilities.lyrics
    assert idea
    assert lyrics
    assert idea.soft
    assert lyrics.soft
    shop.buy(prompt="é" * idea.most, lyrics="é" * lyrics.most)
    shop.fake.switch(upstream_prompt_300=True)
    assert kind(shop.ended(shop.buy(prompt="é" * (idea.soft + 1)))) is E.FIX_REQUEST
    assert links(shop.ended(shop.buy(prompt="é" * idea.soft, lyrics="é" * lyrics.soft)))


@aimlapi_shop
@pytest.mark.parametrize("envelope", [{}, {"envelope": "title"}, {"statusCode": "string"}], ids=str)
@pytest.mark.parametrize(
    ("problem", "meant"),
    [
        ("400", E.FIX_REQUEST),
        ("401", E.AUTH),
        ("403_credits", E.NO_CREDIT),
        ("403_verify", E.AUTH),
        ("404", E.FIX_REQUEST),
        ("413", E.FIX_REQUEST),
        ("429_burst", E.RATE_LIMITED),
        ("500_maintenance", E.RETRY_LATER),
        ("500_wrapping_400", E.FIX_REQUEST),
        ("503", E.RETRY_LATER),
    ],
)
def test_each_of_aimlapis_codes_at_submit(shop: Shop, problem: str, meant: E, envelope: dict[str, Any]) -> None:
    shop.fake.switch(http=problem, **envelope)
    assert kind(shop.submit()) is meant


@aimlapi_shop
@pytest.mark.parametrize("status", ["502", "503", "504"])
def test_what_stands_in_front_of_aimlapi_cannot_say_that_nothing_was_bought(shop: Shop, status: str) -> None:
    shop.fake.switch(http=status, edge_page=True)
    assert isinstance(shop.submit(), Unknown)


@aimlapi_shop
@pytest.mark.parametrize("how", ["hang", "reset_after_accept", "500_after_accept", "html_502", "500", "502", "504"])
def test_a_polled_submit_that_may_have_been_bought_is_unknown(shop: Shop, how: str) -> None:
    shop.fake.switch(**{"http" if how.isdigit() else "submit": how})
    assert isinstance(shop.submit(), Unknown)
    assert len(shop.fake.ledger()["rows"]) == (how in ("hang", "reset_after_accept", "500_after_accept"))


@aimlapi_shop
@pytest.mark.parametrize("shape", ["object", "string", "detail_list"])
@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("1000", E.RETRY_LATER),
        ("1001", E.RETRY_LATER),
        ("1002", E.RATE_LIMITED),
        ("1004", E.RETRY_LATER),
        ("1008", E.RETRY_LATER),
        ("1026", E.CONTENT_REFUSED),
        ("1027", E.CONTENT_REFUSED),
        ("1042", E.RETRY_LATER),
        ("2013", E.FIX_REQUEST),
        ("2049", E.RETRY_LATER),
    ],
)
def test_each_of_minimaxs_codes_in_a_failure(shop: Shop, code: str, meant: E, shape: str) -> None:
    assert failure(shop, minimax_code=code, error_shape=shape) is meant


@aimlapi_shop
@pytest.mark.parametrize("word", ["error", "failed", "cancelled", "timeout", "expired"])
def test_each_word_for_failed_ends_it(shop: Shop, word: str) -> None:
    assert failure(shop, fail=True, fail_word=word) is E.RETRY_LATER


@aimlapi_shop
def test_a_failure_that_stays_generating_is_a_failure(shop: Shop) -> None:
    assert failure(shop, fail=True, pending_with_error=True) is E.RETRY_LATER


@aimlapi_shop
@pytest.mark.parametrize("shape", ["object", "string", "detail_list"])
def test_a_source_that_aimlapi_cannot_fetch_is_said_so(shop: Shop, shape: str) -> None:
    del shop.fake.taker.files["/song.wav"]
    assert failure(shop, error_shape=shape) is E.SOURCE_UNFETCHABLE


@aimlapi_shop
@pytest.mark.parametrize("seconds", [0.5, 361.0])
def test_a_source_of_the_wrong_length_is_the_callers_to_mend(shop: Shop, seconds: float) -> None:
    shop.fake.taker.files["/song.wav"] = (200, song(seconds), "audio/wav")
    assert failure(shop) is E.FIX_REQUEST


@aimlapi_shop
@pytest.mark.parametrize(
    "switches",
    [
        *({"word": word} for word in ("complete", "done", "succeeded", "success", "ready", "finished")),
        {"pending_polls": 3, "pending_word": "waiting"},
        {"pending_polls": 3, "pending_word": "active"},
        {"not_found_for": 0.3},
        {"submit_http": 201},
        {"id_shape": "uuid_model"},
        {"meta": "credits_only"},
        {"meta": "full"},
        {"nulls": True},
        {"file_details": True},
        {"extra_fields": True},
        {"path_encoding": "/"},
    ],
    ids=str,
)
def test_aimlapis_variants_mean_the_same(shop: Shop, switches: dict[str, Any]) -> None:
    shop.fake.switch(**switches)
    task = shop.buy()
    if "pending_polls" in switches or "not_found_for" in switches:
        assert isinstance(shop.poll(task), Pending)
    (link,) = links(shop.ended(task))
    assert shop.fake.http.get(link).status_code == 200


@aimlapi_shop
@pytest.mark.parametrize("word", ["queued", "generating"])
def test_a_song_that_never_ends_is_waited_for(shop: Shop, word: str) -> None:
    shop.fake.switch(stuck=word)
    assert isinstance(shop.poll(shop.buy()), Pending)


@aimlapi_shop
def test_done_without_a_file_is_asked_again(shop: Shop) -> None:
    task = shop.buy()
    shop.ended(task)
    shop.fake.switch(completed_without_url=True, times=2)
    assert [isinstance(shop.poll(task), Pending) for _ in range(3)] == [True, True, False]


@aimlapi_shop
@pytest.mark.parametrize(
    "how",
    [
        "hang",
        "reset",
        "html_502",
        "400",
        "401",
        "403_credits",
        "404",
        "429_burst",
        "500_maintenance",
        "502",
        "503",
        "504",
    ],
)
def test_a_status_that_aimlapi_does_not_answer_tells_nothing(shop: Shop, how: str) -> None:
    task = shop.buy()
    shop.ended(task)
    shop.fake.switch(status=how)
    assert isinstance(shop.poll(task), Pending)


@aimlapi_shop
def test_a_word_of_aimlapis_that_nobody_knows_is_waited_out(shop: Shop) -> None:
    task = shop.buy()
    shop.ended(task)
    shop.fake.switch(unknown_status_word="MASTERING")
    assert isinstance(shop.poll(task), Pending)


@aimlapi_shop
def test_a_cover_costs_what_we_say_it_does(shop: Shop) -> None:
    before = shop.adapter.balance()
    shop.buy()
    after = shop.adapter.balance()
    assert before == 100.0
    assert after == pytest.approx(before - shop.adapter.capabilities.usd)
    assert shop.fake.ledger()["totals"]["credits_spent"] == shop.adapter.capabilities.credits
    shop.fake.switch(maintenance=True)
    assert shop.adapter.balance() is None


# MusicGPT, which sings it in another voice


@musicgpt_shop
@pytest.mark.parametrize("pitch", [None, 0, -12, 12])
def test_a_voice_is_bought_called_back_and_polled(shop: Shop, pitch: int | None) -> None:
    fact = shop.submit(**VOICED, pitch=pitch)
    assert isinstance(fact, Accepted)
    assert fact.eta == 1
    (heard,) = shop.heard(1)
    polled = shop.ended(fact.task_id)
    assert isinstance(heard, Progress)
    assert isinstance(polled, Progress)
    assert (heard.stage, heard.task_id, polled.task_id) == (Stage.COMPLETE, fact.task_id, fact.task_id)
    (told,), (asked,) = heard.takes, polled.takes
    assert (told.id, asked.id) == (fact.task_id, fact.task_id)
    assert told.seconds
    assert (len(told.urls), told.urls[0]) == (2, asked.urls[0])
    types = [shop.fake.http.get(link).headers["content-type"] for link in told.urls]
    assert types == ["audio/mpeg", "audio/wav"]
    (row,) = shop.fake.ledger()["rows"]
    kept = {"voice_id": "velvet-alto", "pitch": pitch or 0, "encoding": "urlencoded", "bearer": False}
    assert {name: row["request"][name] for name in kept} == kept


@musicgpt_shop
def test_the_voices_on_offer_are_told_page_by_page_and_can_be_bought(shop: Shop) -> None:
    vendor = shop.adapter
    assert isinstance(vendor, VoiceCatalog)
    pages = [vendor.voices(None, 10, page) for page in range(4)]
    assert [page and (len(page.voices), page.total) for page in pages] == [(10, 25), (10, 25), (5, 25), (0, 25)]
    found = vendor.voices("velvet alto", 20, 0)
    assert found
    assert [voice.name for voice in found.voices] == ["Velvet Alto"] * found.total
    for voice in found.voices:
        assert isinstance(voice, Voice)
        assert shop.buy(voice=voice.id, prompt=None)


@musicgpt_shop
@pytest.mark.parametrize("key", ["error", "message", "detail"])
@pytest.mark.parametrize(
    ("code", "meant"),
    [
        ("400", E.SOURCE_UNFETCHABLE),
        ("401", E.AUTH),
        ("402", E.NO_CREDIT),
        ("403", E.AUTH),
        ("404", E.FIX_REQUEST),
        ("422", E.FIX_REQUEST),
        ("429", E.RATE_LIMITED),
    ],
)
def test_each_of_musicgpts_codes_at_submit(shop: Shop, code: str, meant: E, key: str) -> None:
    shop.fake.switch(submit=code, error_key=key)
    fact = shop.submit(**VOICED)
    assert kind(fact) is meant
    assert isinstance(fact, Refused)
    assert not fact.error.message.startswith("HTTP")
    assert shop.fake.ledger()["rows"] == []


@musicgpt_shop
@pytest.mark.parametrize(
    "how",
    ["hang", "reset_after_accept", "500_after_accept", "html_502", "refused_200", "409", "500", "502", "503", "504"],
)
def test_a_voice_that_may_have_been_bought_is_unknown(shop: Shop, how: str) -> None:
    shop.fake.switch(submit=how)
    assert isinstance(shop.submit(**VOICED), Unknown)
    assert len(shop.fake.ledger()["rows"]) == (how in ("hang", "reset_after_accept", "500_after_accept"))


@musicgpt_shop
def test_what_musicgpt_cannot_sell_is_refused_with_its_reason(shop: Shop) -> None:
    shop.fake.switch(plan="free", stuck="IN_PROGRESS")
    shop.buy(**VOICED)
    assert kind(shop.submit(**VOICED)) is E.RATE_LIMITED
    shop.fake.switch(parallel_limit=5, credits=0, error_details=True)
    assert kind(shop.submit(**VOICED)) is E.NO_CREDIT
    assert kind(shop.submit(prompt=None)) is E.FIX_REQUEST
    assert kind(shop.submit(**VOICED, pitch=13)) is E.FIX_REQUEST
    assert len(shop.fake.ledger()["rows"]) == 1


@musicgpt_shop
@pytest.mark.parametrize("auth_code", ["401", "403"])
def test_a_wrong_key_at_musicgpt_is_our_own_trouble(shop: Shop, auth_code: str) -> None:
    shop.fake.switch(auth_code=auth_code)
    base = shop.fake.sim.url + API
    shop.adapter = build("musicgpt", VendorSettings("another", base), HttpxVendor(shop.fake.http))
    assert kind(shop.submit(**VOICED)) is E.AUTH
    assert isinstance(shop.poll("x"), Pending)
    assert isinstance(shop.adapter, VoiceCatalog)
    assert shop.adapter.voices(None, 20, 0) is None


@musicgpt_shop
def test_a_key_behind_a_scheme_word_would_be_a_wrong_one(shop: Shop) -> None:
    shop.fake.switch(reject_bearer=True)
    assert isinstance(shop.submit(**VOICED), Accepted)


@musicgpt_shop
@pytest.mark.parametrize("how", ["submit_400", "task_error"])
def test_a_source_that_musicgpt_cannot_fetch_is_said_so(shop: Shop, how: str) -> None:
    shop.fake.switch(source_fail=how)
    del shop.fake.taker.files["/song.wav"]
    fact = shop.submit(**VOICED)
    assert kind(shop.ended(fact.task_id) if isinstance(fact, Accepted) else fact) is E.SOURCE_UNFETCHABLE
    assert isinstance(fact, Accepted) == (how == "task_error")


@musicgpt_shop
@pytest.mark.parametrize("byid", ["flat", "numbered"])
@pytest.mark.parametrize("webhook", ["success_false", "status_failed"])
@pytest.mark.parametrize(
    ("words", "word", "meant"),
    [
        ("voice model unavailable", "FAILED", E.RETRY_LATER),
        ("content not permitted", "ERROR", E.CONTENT_REFUSED),
        ("could not download it", "ERROR", E.SOURCE_UNFETCHABLE),
    ],
)
def test_musicgpts_failure_is_heard_of_and_final_once_asked(
    shop: Shop, words: str, word: str, meant: E, webhook: str, byid: str
) -> None:
    shop.fake.switch(fail=words, fail_word=word, webhook_failure=webhook, byid=byid)
    task = shop.buy(**VOICED)
    (heard,) = shop.heard(1)
    assert isinstance(heard, Progress)
    assert (heard.stage, heard.task_id) == (Stage.NONE, task)
    polled = shop.ended(task)
    assert kind(polled) is meant
    assert isinstance(polled, Broke)
    assert (polled.error.code, polled.error.message) == (word, words)


@musicgpt_shop
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_failure_that_was_none_loses_no_cover(shop: Shop, when: str) -> None:
    shop.fake.switch(false_failure=when)
    task = shop.buy(**VOICED)
    assert set(stages(shop.heard(2))) == {Stage.NONE, Stage.COMPLETE}
    assert len(links(shop.ended(task))) == 1


@musicgpt_shop
@pytest.mark.parametrize(
    "switches",
    [
        {"submit_reply": "short"},
        {"submit_reply": "duplicate_status_key"},
        {"omit_message": True},
        {"eta": "1"},
        {"webhook": "new"},
        {"webhook": "new", "wav": "yes"},
        {"webhook": "generic"},
        {"webhook": "generic", "status_words": "lowercase"},
        {"conversion_type": "COVER"},
        {"cost": "number"},
        {"wav": "no"},
        {"wav": "empty"},
        {"wav": "only"},
        {"wav": "only", "byid": "numbered", "webhook": "new"},
        {"byid": "numbered"},
        {"byid": "numbered", "wav": "yes"},
        {"status_words": "pending_processing"},
        {"extra_fields": True},
        {"webhook_before_reply": True},
    ],
    ids=str,
)
def test_musicgpts_variants_mean_the_same(shop: Shop, switches: dict[str, Any]) -> None:
    shop.fake.switch(**switches)
    task = shop.buy(**VOICED)
    (heard,) = shop.heard(1)
    polled = shop.ended(task)
    assert links(heard) == links(polled)
    assert isinstance(heard, Progress)
    assert isinstance(polled, Progress)
    assert (heard.task_id, heard.takes[0].id, polled.takes[0].id) == (task, task, task)


@musicgpt_shop
def test_an_eta_that_is_no_number_is_none(shop: Shop) -> None:
    shop.fake.switch(eta="soon")
    fact = shop.submit(**VOICED)
    assert isinstance(fact, Accepted)
    assert fact.eta is None


@musicgpt_shop
def test_a_webhook_without_a_link_or_a_task_is_made_up_for_by_the_status(shop: Shop) -> None:
    shop.fake.switch(webhook_without_link=True)
    task = shop.buy(**VOICED)
    assert stages(shop.heard(1)) == [Stage.NONE]
    assert len(links(shop.ended(task))) == 1
    shop.fake.switch(webhook_task_id="missing")
    shop.buy(**VOICED)
    assert shop.heard(2)[1] is None


@musicgpt_shop
def test_a_voice_that_is_never_done_is_waited_for(shop: Shop) -> None:
    for stuck in ("IN_QUEUE", "IN_PROGRESS"):
        shop.fake.switch(stuck=stuck)
        task = shop.buy(**VOICED)
        assert isinstance(shop.poll(task), Pending)


@musicgpt_shop
@pytest.mark.parametrize("how", ["404", "400"])
def test_a_cover_is_not_known_at_once(shop: Shop, how: str) -> None:
    shop.fake.switch(not_found_for=0.3, not_found_as=how)
    task = shop.buy(**VOICED)
    assert isinstance(shop.poll(task), Pending)
    assert len(links(shop.ended(task))) == 1


@musicgpt_shop
def test_completed_without_a_link_and_words_that_nobody_knows_are_waited_out(shop: Shop) -> None:
    task = shop.buy(**VOICED)
    shop.ended(task)
    for switch in ({"completed_without_link": True}, {"unknown_status_word": "MASTERING"}):
        shop.fake.switch(**switch)
        assert isinstance(shop.poll(task), Pending)
        shop.fake.switch(**dict.fromkeys(switch))
    assert len(links(shop.poll(task))) == 1


@musicgpt_shop
@pytest.mark.parametrize("how", ["hang", "reset", "html_502", "400", "401", "404", "409", "429", "500", "503", "504"])
def test_a_status_that_musicgpt_does_not_answer_tells_nothing(shop: Shop, how: str) -> None:
    task = shop.buy(**VOICED)
    shop.fake.switch(status=how)
    assert isinstance(shop.poll(task), Pending)
