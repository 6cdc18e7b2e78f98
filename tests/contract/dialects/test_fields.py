"""Reading a client's JSON field by field: what is right comes back, what is wrong is named, and nothing raises."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.dialects.fields import Fields
from reprise.errors import InvalidError

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=30)
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner))


def readings(fields: Fields) -> list[Any]:
    return [
        fields.text("x", 20, 2),
        fields.choice("x", ("a", "b")),
        fields.boolean("x"),
        fields.number("x", 0, 1, 0.01),
        fields.whole("x", -12, 12),
        fields.url("x"),
        fields.source("x", "owner"),
    ]


@pytest.mark.parametrize("lenient", [True, False])
@given(value=ANYTHING)
def test_every_reader_takes_anything_and_either_answers_or_names_a_fault(lenient: bool, value: Any) -> None:
    fields = Fields({"x": value}, lenient)
    answered = sum(one is not None for one in readings(fields))
    assert answered + len(fields.faults) == (7 if fields.given("x") else 0)
    assert {one.field for one in fields.faults} <= {"x"}


@pytest.mark.parametrize("values", [{}, {"x": None}, {"x": ""}, {"x": " \n"}], ids=str)
def test_absent_is_no_fault_unless_it_is_required(values: dict[str, Any]) -> None:
    fields = Fields(values)
    assert readings(fields) == [None] * 7
    fields.check()
    assert not fields.require("x", "Please enter x")
    with pytest.raises(InvalidError, match="Please enter x"):
        fields.check()


TEXTS_FOR_VALUES = [
    ("boolean", "True", True),
    ("boolean", "false", False),
    ("whole", "-3", -3),
    ("number", "0.29", 0.29),
]


@pytest.mark.parametrize(("reader", "written", "meant"), TEXTS_FOR_VALUES)
def test_values_written_as_texts_are_for_the_lenient(reader: str, written: str, meant: Any) -> None:
    for lenient in (True, False):
        fields = Fields({"x": written}, lenient)
        bounds = {"boolean": (), "whole": (-12, 12), "number": (0, 1, 0.01)}[reader]
        found = getattr(fields, reader)("x", *bounds)
        assert (found, [one.rule for one in fields.faults]) == ((meant, []) if lenient else (None, ["type"]))


def test_lengths_count_code_points_and_tell_the_limit() -> None:
    fields = Fields({"long": "🎷" * 6, "short": "🎷"})
    assert (fields.text("long", 6), fields.text("short", 6, 1)) == ("🎷" * 6, "🎷")
    assert (fields.text("long", 5), fields.text("short", 6, 2)) == (None, None)
    assert [(one.rule, one.length, one.limit) for one in fields.faults] == [("too-long", 6, 5), ("too-short", 1, 2)]


def test_a_text_is_read_as_it_was_written() -> None:
    assert Fields({"x": "\n[Verse] la \n"}).text("x") == "\n[Verse] la \n"


def test_a_source_that_is_neither_link_nor_upload_is_told_both_forms() -> None:
    fields = Fields({"uploadUrl": "upload:nope"})
    assert fields.source("uploadUrl", "owner") is None
    words = "uploadUrl must be an absolute http(s) URL, or upload:<id> with the id that POST /v1/uploads gave"
    assert [one.message for one in fields.faults] == [words]
