"""The client's lists name what the API's own do; its errors are a tree with something to do for each."""

import inspect
import json
import re
import typing

import pytest
from reprise.client import errors
from reprise.client.wish import Wish
from reprise.domain.endpoint import EVENT_TYPES
from reprise.http.openapi import FILE
from reprise.http.problems import TABLE

from tests.client.world import World

DOCUMENT = json.loads(FILE.read_text())


def shape() -> dict[str, typing.Any]:
    body = DOCUMENT["paths"]["/v1/covers"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    return dict(DOCUMENT["components"]["schemas"][body["$ref"].rpartition("/")[2]] if "$ref" in body else body)


def test_a_wish_is_the_body_of_a_cover_but_for_its_song() -> None:
    assert {*typing.get_type_hints(Wish), "source"} == set(shape()["properties"])


def test_the_tree_in_the_docstring_is_the_tree_of_the_classes() -> None:
    drawn: dict[str, str | None] = {}
    path: list[str] = []
    for line in str(errors.__doc__).splitlines():
        if found := re.match(r"^((?:[│ ] {3})*(?:[├└]── )?)(\w+Error)\b", line):
            depth = len(found[1]) // 4
            path = [*path[:depth], found[2]]
            drawn[found[2]] = path[-2] if depth else None
    classes = {name: one for name, one in vars(errors).items() if inspect.isclass(one) and issubclass(one, Exception)}
    real = {name: one.__mro__[1].__name__ if one is not errors.ApiError else None for name, one in classes.items()}
    assert drawn == real


@pytest.mark.parametrize(("status", "slug"), [(status, slug) for status, slug, _ in TABLE.values()])
def test_each_problem_of_the_api_is_an_error_with_something_to_do(status: int, slug: str) -> None:
    error = errors.of_problem({"type": f"urn:reprise:problem:{slug}", "title": "x", "status": status})
    assert (error.status, error.type) == (status, slug)
    if slug not in ("forged-callback", "method-not-allowed"):  # of doors that the client does not knock at
        assert error.mend != errors.ProblemError.usual_mend


def test_what_the_api_says_about_a_field_is_in_the_error(world: World) -> None:
    with pytest.raises(errors.InvalidError) as raised:
        world.client().covers.create("https://songs.example/a.mp3", prompt="dub", pitch=40, deadline=1)
    assert {one["field"] for one in raised.value.errors} == {"pitch", "deadline"}
    assert "pitch: " in str(raised.value)


def test_a_key_that_opens_nothing_is_told_what_to_do(world: World) -> None:
    with pytest.raises(errors.UnauthenticatedError) as raised:
        world.client("rk_nobody").providers()
    assert "reprise keys create" in raised.value.mend


def test_an_endpoint_may_hear_each_type_of_event(world: World) -> None:
    made = world.client().webhooks.create("https://example.net/hook", list(EVENT_TYPES))
    assert made["events"] == list(EVENT_TYPES)
