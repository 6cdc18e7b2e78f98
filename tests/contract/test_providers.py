"""Every provider, one suite: what its vendor says in `vendors/` must be understood, anything else survived."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.domain.assess import violations
from reprise.domain.facts import Accepted, Broke, Pending, Progress, Refused, Unknown, Via
from reprise.domain.job import ErrorClass, Stage
from reprise.errors import ForgedCallbackError, MalformedError
from reprise.ports import CallbackMessage, Provider
from reprise.providers import REGISTRY, build, capabilities
from reprise.providers.client import Answer, NoAnswerError, NotSentError, VendorSettings

from tests.contract.vendors import VENDORS
from tests.contract.vendors.samples import CALLBACK, RUNNING, SOURCE, TASK, ScriptedHttp, an_order, meaning, says
from tests.factories import NOW, a_request
from tests.golden import EVENTS, golden

CAPABILITIES = capabilities()

KEY = "the-owner's-key-0123456789"
NAMES = sorted(VENDORS)
HEARD = [name for name in NAMES if VENDORS[name].callbacks]
MODELS = [(name, model) for name in NAMES if CAPABILITIES[name].modes for model in CAPABILITIES[name].models]
IDEAS = [(name, idea.most) for name in NAMES if (idea := CAPABILITIES[name].idea)]

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(st.characters(), max_size=8)
    | st.sampled_from(["", "https://media.example/a.mp3", "SUCCESS", "complete", 200, "200", 10**40, "\ud800"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


def a_provider(name: str, http: ScriptedHttp | None = None, **settings: Any) -> Provider:
    return build(name, VendorSettings(KEY, **settings), http)


def answering(name: str, answer: Answer | Exception) -> Provider:
    return a_provider(name, ScriptedHttp(answer))


def hear(name: str, body: Any) -> Progress | Broke | None:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return a_provider(name).hear(CallbackMessage(3, raw), NOW)


def cases(field: str) -> list[Any]:
    return [pytest.param(name, key, id=f"{name}: {key}") for name in NAMES for key in getattr(VENDORS[name], field)]


def test_every_provider_has_samples_and_every_sample_a_provider() -> None:
    assert set(VENDORS) == set(REGISTRY) == set(CAPABILITIES)


@pytest.mark.parametrize("name", NAMES)
def test_capabilities_are_told_under_the_providers_own_name(name: str) -> None:
    capabilities = a_provider(name).capabilities
    assert capabilities == CAPABILITIES[name]
    assert capabilities.provider == name
    assert capabilities.default_model in (capabilities.models or [None])


# Submit


@pytest.mark.parametrize(("name", "sample"), cases("accepted"))
def test_an_accepted_submit_gives_the_task_id(name: str, sample: str) -> None:
    provider = answering(name, VENDORS[name].accepted[sample])
    fact = provider.submit(an_order(a_request(), name, attempt=3))
    assert isinstance(fact, Accepted)
    assert (fact.attempt, fact.task_id) == (3, TASK)
    assert fact.eta is None or fact.eta > 0


@pytest.mark.parametrize(("name", "sample"), cases("refused"))
def test_a_refused_submit_has_the_class_of_its_code(name: str, sample: str) -> None:
    answer, kind = VENDORS[name].refused[sample]
    fact = answering(name, answer).submit(an_order(a_request(), name, attempt=3))
    assert isinstance(fact, Refused)
    assert (fact.attempt, fact.error.kind) == (3, kind)
    assert fact.error.message


@pytest.mark.parametrize(("name", "sample"), cases("unknown"))
def test_a_submit_that_may_have_been_charged_is_unknown_and_never_refused(name: str, sample: str) -> None:
    fact = answering(name, VENDORS[name].unknown[sample]).submit(an_order(a_request(), name, attempt=3))
    assert isinstance(fact, Unknown)
    assert fact.attempt == 3


@pytest.mark.parametrize("name", NAMES)
def test_no_answer_after_sending_is_unknown(name: str) -> None:
    fact = answering(name, NoAnswerError("no answer: ReadTimeout")).submit(an_order(a_request(), name))
    assert fact == Unknown(1, "no answer: ReadTimeout")


@pytest.mark.parametrize("name", NAMES)
def test_no_connection_is_refused_and_may_be_tried_again(name: str) -> None:
    fact = answering(name, NotSentError("no connection: ConnectError")).submit(an_order(a_request(), name))
    assert isinstance(fact, Refused)
    assert fact.error.kind is ErrorClass.RETRY_LATER


@pytest.mark.parametrize("name", NAMES)
def test_a_provider_without_http_sends_nothing_and_says_so(name: str) -> None:
    assert isinstance(a_provider(name).submit(an_order(a_request(), name)), Refused)
    assert isinstance(a_provider(name).poll(TASK, 1), Pending)


@pytest.mark.parametrize("name", NAMES)
def test_the_key_goes_into_the_header_and_nowhere_else(name: str) -> None:
    http = ScriptedHttp(says({}))
    provider = a_provider(name, http, base_url="https://vendor.example/")
    provider.submit(an_order(a_request(), name))
    provider.poll(TASK, 1)
    assert len(http.calls) == 2
    for _, url, headers, body, params in http.calls:
        assert url.startswith("https://vendor.example/")
        assert not url.startswith("https://vendor.example//")
        assert KEY in "".join(headers.values())
        assert KEY not in json.dumps([url, body, params])


@pytest.mark.parametrize(("name", "sample"), cases("requests"))
def test_a_request_is_said_in_the_vendors_words_and_no_word_more(name: str, sample: str) -> None:
    request, expected = VENDORS[name].requests[sample]
    http, samples = ScriptedHttp(says({})), VENDORS[name]
    a_provider(name, http).submit(an_order(request, name))
    links = {samples.source_field: SOURCE}
    if samples.callback_field:
        links[samples.callback_field] = CALLBACK.format(provider=name)
    assert http.calls[0][3] == {**expected, **links}
    assert violations(request, CAPABILITIES[name]) == []


@given(st.sampled_from(NAMES), st.sampled_from(["submit", "poll"]), VALUES, st.sampled_from([200, 201, 302, 404, 500]))
def test_an_answer_of_any_shape_is_some_fact(name: str, call: str, body: Any, status: int) -> None:
    provider = answering(name, says(body, status))
    if call == "submit":
        assert isinstance(provider.submit(an_order(a_request(), name)), Accepted | Refused | Unknown)
    else:
        assert_sound(provider.poll(TASK, 1))


# Poll


@pytest.mark.parametrize(("name", "sample"), cases("polls"))
def test_a_poll_is_understood(name: str, sample: str) -> None:
    answer, expected = VENDORS[name].polls[sample]
    fact = answering(name, answer).poll(TASK, 3)
    assert (meaning(fact), fact.attempt) == (expected, 3)
    if not isinstance(fact, Pending):
        assert (fact.via, fact.task_id) == (Via.POLL, TASK)
    assert isinstance(fact, Pending) == (expected == RUNNING)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("error", [NoAnswerError("no answer"), NotSentError("no connection")])
def test_a_poll_without_an_answer_tells_nothing(name: str, error: Exception) -> None:
    assert isinstance(answering(name, error).poll(TASK, 1), Pending)


# Callback


@pytest.mark.parametrize(("name", "sample"), cases("callbacks"))
def test_a_callback_is_understood(name: str, sample: str) -> None:
    body, expected = VENDORS[name].callbacks[sample]
    fact = hear(name, body)
    assert meaning(fact) == expected
    if fact is not None:
        assert (fact.attempt, fact.via) == (3, Via.CALLBACK)
        assert fact.task_id in (TASK, None)


def test_what_the_studio_made_of_the_wish_is_said_by_callbacks_and_polls() -> None:
    report = {"understood": ["style: Lo-fi", 7, None, "mood: soft"], "ignored": ["zither", "<b>"]}
    body = {"task_id": TASK, "status": "running", "stage": "text", "report": report}
    for fact in (hear("studio", {"type": "text", **body}), answering("studio", says(body)).poll(TASK, 3)):
        assert isinstance(fact, Progress)
        assert fact.understood == "style: Lo-fi; mood: soft; not understood: zither, <b>"


@pytest.mark.parametrize("report", [None, [], {}, {"understood": "lo-fi", "ignored": {"a": 1}}, {"understood": []}])
def test_a_studio_that_does_not_say_what_it_understood_says_nothing(report: Any) -> None:
    fact = hear("studio", {"type": "text", "task_id": TASK, "report": report})
    assert isinstance(fact, Progress)
    assert fact.understood is None


@pytest.mark.parametrize("name", [name for name in NAMES if name not in HEARD])
@pytest.mark.parametrize("body", [b"", b"x", b"[]", b"{}", b'{"status":"completed"}', b"\xff\xfe{"])
def test_a_vendor_that_never_calls_back_is_never_heard(name: str, body: bytes) -> None:
    assert hear(name, body) is None


@pytest.mark.parametrize("name", HEARD)
def test_the_golden_callbacks_are_what_they_are_called(name: str) -> None:
    """A vendor whose failures are final elsewhere has no `echo_callback`: its callback fails no job."""
    if not (EVENTS / "callback" / name).is_dir():
        pytest.skip("it has no golden callbacks yet")
    for stage in CAPABILITIES[name].stages:
        fact = hear(name, golden(f"callback/{name}/{stage}")["body"].encode())
        assert isinstance(fact, Progress)
        assert fact.stage is stage
    failed = hear(name, golden(f"callback/{name}/error")["body"].encode())
    assert isinstance(failed, Broke if VENDORS[name].echo_callback else Progress)
    assert isinstance(failed, Broke) or failed.stage is Stage.NONE


@pytest.mark.parametrize(("name", "sample"), cases("callbacks"))
def test_fields_that_nobody_knows_change_nothing(name: str, sample: str) -> None:
    body, expected = VENDORS[name].callbacks[sample]
    assert meaning(hear(name, with_more_fields(body))) == expected


@pytest.mark.parametrize("name", HEARD)
@pytest.mark.parametrize(
    "body",
    [b"", b"x", b"[]", b"null", b"1", b'"x"', b"{", b"\xff\xfe{", b"[" * 100_000, b'{"a":' * 100_000, b"1" * 5000],
)
def test_a_body_that_is_no_json_object_is_malformed(name: str, body: bytes) -> None:
    with pytest.raises(MalformedError):
        hear(name, body)


@given(st.sampled_from(NAMES), st.dictionaries(st.text(max_size=8), VALUES, max_size=4) | VALUES)
def test_a_callback_of_any_shape_is_a_fact_or_a_refusal(name: str, body: Any) -> None:
    try:
        assert_sound(hear(name, body))
    except (MalformedError, ForgedCallbackError):
        assert not isinstance(body, dict)


@given(st.sampled_from(NAMES), st.binary(max_size=40))
def test_a_callback_of_any_bytes_is_a_fact_or_a_refusal(name: str, body: bytes) -> None:
    try:
        assert_sound(hear(name, body))
    except (MalformedError, ForgedCallbackError):
        return


@given(st.sampled_from(HEARD), st.data())
def test_a_callback_with_a_wrong_type_anywhere_never_invents_completion(name: str, data: st.DataObject) -> None:
    body = data.draw(st.sampled_from([body for body, _ in VENDORS[name].callbacks.values()]))
    changed = spoiled(body, data)
    if isinstance(changed, dict):
        assert_sound(hear(name, changed))


@given(st.sampled_from(NAMES), st.data())
def test_a_poll_with_a_wrong_type_anywhere_never_invents_completion(name: str, data: st.DataObject) -> None:
    answers = [answer for answer, _ in VENDORS[name].polls.values() if answer.json]
    answer = data.draw(st.sampled_from(answers))
    assert_sound(answering(name, says(spoiled(answer.json, data), answer.status)).poll(TASK, 1))


@given(st.sampled_from([name for name in HEARD if VENDORS[name].signed]), st.data(), st.text(max_size=40))
def test_a_signed_callback_of_any_shape_with_any_signature_is_refused(
    name: str, data: st.DataObject, signature: str
) -> None:
    body = data.draw(st.sampled_from([body for body, _ in VENDORS[name].callbacks.values()]))
    headers = {"x-webhook-timestamp": str(int(NOW.timestamp())), "x-webhook-signature": signature}
    message = CallbackMessage(1, json.dumps(spoiled(body, data)).encode(), headers)
    with pytest.raises((ForgedCallbackError, MalformedError)):
        a_provider(name, hmac_key="k").hear(message, NOW)


@pytest.mark.parametrize("name", [name for name in HEARD if not VENDORS[name].signed])
def test_a_vendor_that_signs_nothing_is_heard_whatever_key_is_set(name: str) -> None:
    """To ask for a signature that never comes would refuse every genuine callback; our URL's token is the lock."""
    for body, expected in VENDORS[name].callbacks.values():
        fact = a_provider(name, hmac_key="k").hear(CallbackMessage(3, json.dumps(body).encode()), NOW)
        assert meaning(fact) == expected


# Secrets


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["could not fetch {}", '{{"url":"{}"}}', "<{}>", "{} {}"])
def test_links_of_ours_in_a_vendors_words_are_redacted(name: str, form: str) -> None:
    callback = CALLBACK.format(provider=name)
    samples = VENDORS[name]
    for ours, secret in ((SOURCE, "5ec4e7"), (callback, callback.rpartition("/")[2])):
        words = form.format(ours, ours)
        facts: list[object] = [
            answering(name, samples.echo_refusal(words)).submit(an_order(a_request(), name)),
            answering(name, samples.echo_failure(words)).poll(TASK, 1),
        ]
        facts += [hear(name, samples.echo_callback(words))] if samples.echo_callback else []
        for fact in facts:
            assert isinstance(fact, Refused | Broke)
            assert secret not in str(fact)
            assert "[redacted]" in fact.error.message


@pytest.mark.parametrize("name", NAMES)
def test_a_vendors_long_words_are_cut(name: str) -> None:
    fact = answering(name, VENDORS[name].echo_refusal("x" * 100_000)).submit(an_order(a_request(), name))
    assert isinstance(fact, Refused)
    assert len(fact.error.message) <= 1000


# Limits


@pytest.mark.parametrize(("name", "model"), MODELS)
def test_texts_are_limited_in_code_points(name: str, model: str) -> None:
    limits = CAPABILITIES[name].models[model]
    longest: dict[str, int] = {"lyrics": limits.lyrics, "style": limits.style, "title": limits.title}
    texts: dict[str, Any] = {"model": model, "prompt": None}
    texts |= {field: "𝄞" * most for field, most in longest.items()}
    assert violations(a_request(**texts), CAPABILITIES[name]) == []
    for field, most in longest.items():
        (broken,) = violations(a_request(**{**texts, field: "é" * (most + 1)}), CAPABILITIES[name])
        assert (broken.field, broken.rule, broken.length, broken.limit) == (field, "too-long", most + 1, most)


@pytest.mark.parametrize(("name", "most"), IDEAS)
def test_an_idea_is_limited_in_code_points(name: str, most: int) -> None:
    assert violations(a_request(prompt="𝄞" * most), CAPABILITIES[name]) == []
    (broken,) = violations(a_request(prompt="𝄞" * (most + 1)), CAPABILITIES[name])
    assert (broken.field, broken.length, broken.limit) == ("prompt", most + 1, most)


def assert_sound(fact: Progress | Pending | Broke | None) -> None:
    """COMPLETE has a link; links are http(s); all of it can be stored."""
    if isinstance(fact, Progress):
        links = [url for take in fact.takes for url in take.urls]
        assert links or fact.stage is not Stage.COMPLETE
        assert all(url.startswith(("https://", "http://")) for url in links)
    str(fact).encode()
    for text in texts_of(fact):
        text.encode()


def texts_of(fact: Progress | Pending | Broke | None) -> list[str]:
    match fact:
        case Progress():
            takes = [text for take in fact.takes for text in (take.id, take.title, take.image_url, *take.urls)]
            return [text for text in (fact.task_id, fact.lyrics, fact.understood, *takes) if text]
        case Pending():
            return [fact.message]
        case Broke():
            return [text for text in (fact.task_id, fact.error.code, fact.error.message) if text]
        case None:
            return []


def with_more_fields(value: Any) -> Any:
    """The same, with a field of a strange name in every object."""
    if isinstance(value, Mapping):
        return {**{name: with_more_fields(one) for name, one in value.items()}, "x-new": [None, {"a": 1}]}
    return [with_more_fields(one) for one in value] if isinstance(value, list) else value


def spoiled(value: Any, data: st.DataObject) -> Any:
    """The same, with one part of it replaced by anything, or gone."""
    if not isinstance(value, dict | list) or not value or data.draw(st.integers(0, 4)) == 0:
        return data.draw(VALUES)
    places: list[Any] = list(value) if isinstance(value, dict) else list(range(len(value)))
    place = data.draw(st.sampled_from(places))
    changed: Any = dict(value) if isinstance(value, dict) else list(value)
    if data.draw(st.integers(0, 4)) == 0:
        del changed[place]
    else:
        changed[place] = spoiled(value[place], data)
    return changed
