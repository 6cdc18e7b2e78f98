"""Bodies are read by tables and described by models: both take the same ones, make the same of them, and tell the same
of all others."""

from collections.abc import Callable, Mapping
from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reprise.dialects import native, uploads
from reprise.domain.request import Source
from reprise.errors import InvalidError, MalformedError
from reprise.http.shapes.bodies import CoverBody, UploadBody, WebhookBody, Wishes

from tests import described
from tests.bodies import anything, bodies, texts, written

SONG = Source(key="inbox/a.mp3")

MANY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])

networks = st.sampled_from([(), (ip_network("127.0.0.0/8"),)])


def outcome(read: Callable[..., Any], *told: Any) -> str:
    """In words, where 1 is not 1.0 and neither is true."""
    try:
        return repr(read(*told))
    except InvalidError as error:
        return "\n".join(map(repr, error.violations))


@MANY
@given(bodies(CoverBody), networks)
def test_a_cover_is_read_as_it_is_described(body: Mapping[str, Any], allowed: Any) -> None:
    told = body, "owner", allowed
    assert outcome(native.parse_cover, *told) == outcome(described.cover, *told)


@MANY
@given(bodies(WebhookBody), networks)
def test_a_webhook_is_read_as_it_is_described(body: Mapping[str, Any], allowed: Any) -> None:
    assert outcome(native.parse_webhook, body, allowed) == outcome(described.webhook, body, allowed)


@MANY
@given(bodies(UploadBody))
def test_an_upload_is_read_as_it_is_described(body: Mapping[str, Any]) -> None:
    told = body, "owner", "0" * 32
    assert outcome(uploads.parse_upload, *told) == outcome(described.upload, *told)


@MANY
@given(bodies(Wishes), st.dictionaries(st.sampled_from([*native.WISHES, "order", "x"]), texts | written, max_size=3))
def test_wishes_of_a_dropped_song_are_read_as_they_are_described(
    preset: Mapping[str, Any], metadata: Mapping[str, str]
) -> None:
    told = preset, metadata, SONG
    assert outcome(native.parse_wishes, *told) == outcome(described.wishes, *told)


@settings(MANY, max_examples=1500)
@given(st.sampled_from(list(native.WISHES)), anything | written)
def test_each_wish_is_read_as_it_is_described(field: str, value: Any) -> None:
    body = {"source": {"url": "https://songs.example/a.mp3"}, field: value}
    assert outcome(native.parse_cover, body, "owner", ()) == outcome(described.cover, body, "owner", ())
    preset = {field: value}
    assert outcome(native.parse_wishes, preset, {}, SONG) == outcome(described.wishes, preset, {}, SONG)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("pitch", "9" * 4300),
        ("pitch", "9" * 4301),
        ("pitch", True),
        ("pitch", 1.5),
        ("pitch", float("inf")),
        ("pitch", float("nan")),
        ("max_usd", True),
        ("max_usd", "1_0"),
        ("max_usd", " 1_0"),
        ("max_usd", "9" * 5000),
        ("max_usd", "9" * 100_000 + "x"),
        ("weirdness", float("nan")),
        ("weirdness", 10**309),
        ("strict", "Yes"),
        ("strict", " yes"),
        ("strict", 1.0),
        ("strict", 2),
        ("strict", 2**64),
        ("strict", 0.5),
        ("strict", float("nan")),
        ("metadata", {**{str(number): "x" for number in range(20)}, " 1": "z"}),
        ("metadata", {str(number): "x" for number in range(21)}),
        ("metadata", {**{str(number): "x" for number in range(20)}, "y": 1}),
    ],
    ids=lambda value: str(value)[:12],
)
def test_what_is_rarely_drawn(field: str, value: object) -> None:
    preset = {field: value}
    assert outcome(native.parse_wishes, preset, {}, SONG) == outcome(described.wishes, preset, {}, SONG)


@pytest.mark.parametrize(
    ("preset", "metadata"),
    [({"prompt": "\ud800"}, {}), ({"\udfff": 1}, {}), ({"metadata": {"\ud800": "x"}}, {}), ({}, {"order": "\ud800"})],
)
def test_half_a_character_is_no_wish(preset: Mapping[str, Any], metadata: Mapping[str, str]) -> None:
    """The bodies of the other doors come through `parse_body`, which refuses it too."""
    with pytest.raises(MalformedError):
        native.parse_wishes(preset, metadata, SONG)
