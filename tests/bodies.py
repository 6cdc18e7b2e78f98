"""Bodies of our own API: right ones, made of what describes them, and all that may come instead."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hypothesis import strategies as st
from pydantic import BaseModel
from reprise.dialects import native, uploads

Schema = Mapping[str, Any]

URLS = [
    "https://songs.example/a.mp3",
    "http://127.0.0.1/a",
    "http://songs.example/",
    "https://localhost",
    "HTTPS://a.b/",
]
LIMITS = [0, 1, *native.PITCH, *native.DEADLINE, *native.SAMPLE_RATE, *native.BITRATE, native.MOST_USD]
LENGTHS = [native.LONGEST_TEXT, native.LONGEST_LABEL, native.LONGEST_VALUE, uploads.LONGEST_NAME]
HUGE = [2**53 + 1, 2**63, 2**64, 10**308, 10**309, 10**400, -(2**64), -(10**400)]

numbers = (
    st.sampled_from(
        [sign * (limit + off) for limit in LIMITS for off in (-1, 0, 1, 0.5, 0.01, 0.005) for sign in (1, -1)]
    )
    | st.sampled_from([*HUGE, 0.1 + 0.2, 0.3000001, 5e-324])
    | st.integers()
    | st.floats(allow_nan=False)
)
texts = (
    st.text(max_size=8)
    | st.sampled_from(["", " ", "\n", " x ", "auto", "kie, aimlapi", "mp3", "female", "fail", "cover.first", *URLS])
    | st.sampled_from([f"{right}{end}" for right in ("0" * 32, "audio/mpeg", "a.mp3") for end in ("", "\n")])
    | st.sampled_from(["x" * (length + off) for length in LENGTHS for off in (0, 1)])
    | st.sampled_from([f" {'x' * (length - 1)} " for length in LENGTHS])
)
scalars = st.none() | st.booleans() | numbers | texts
anything = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
SLIP = re.compile(r"\s*[+-]?0[0_]*(__|-)")
"""pydantic takes `0-5` for -5 and `0__5` for 5; we take neither."""

TRUTHS = ["1", "t", "y", "on", "yes", "true", "True", "YES", "0", "f", "n", "no", "off", "false", "False", "OFF"]
NUMBERS = ["5", "+5", "05", "5.", "5.0", " 5.5", " 0.5\n", ".5", "1_0", " 1_0", "1__0", "nan", "-Infinity", "1e400"]

typed = st.text("0123456789+-_.eEinfaINFAy \t\u2003\u0663", max_size=7).filter(lambda text: not SLIP.match(text))
written = typed | st.sampled_from(TRUTHS) | st.sampled_from(NUMBERS) | numbers.map(str) | numbers.map("{}.00".format)
"""Numbers and booleans as texts, and what looks like some."""


def valid(model: type[BaseModel]) -> st.SearchStrategy[dict[str, Any]]:
    schema = model.model_json_schema()
    return _object(schema, schema.get("$defs", {}))


def _valid(schema: Schema, named: Schema) -> st.SearchStrategy[Any]:
    if "$ref" in schema:
        return _valid(named[schema["$ref"].rpartition("/")[2]], named)
    if "anyOf" in schema and "type" not in schema:
        return st.one_of([_valid(one, named) for one in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return KINDS[schema["type"]](schema, named)


def _text(schema: Schema, _: Schema) -> st.SearchStrategy[str]:
    if schema.get("format") == "uri":
        return st.sampled_from(URLS)
    if "pattern" in schema:
        return st.from_regex(schema["pattern"].replace("$", r"\Z"))  # as JSON Schema has it
    return st.text(max_size=5) | st.just("x" * schema["maxLength"])


def _number(schema: Schema, _: Schema) -> st.SearchStrategy[float]:
    if "multipleOf" in schema:
        return st.integers(0, 100).map(lambda hundredths: hundredths / 100)
    return st.floats(schema["exclusiveMinimum"], schema["maximum"], exclude_min=True)


def _object(schema: Schema, named: Schema) -> st.SearchStrategy[dict[str, Any]]:
    if "properties" not in schema:
        names = st.text(max_size=3) | st.just("x" * native.LONGEST_LABEL)
        return st.dictionaries(names, _valid(schema["additionalProperties"], named), max_size=3)
    ways = st.sampled_from(schema.get("oneOf") or schema.get("anyOf") or [{}])
    some = st.sets(st.sampled_from(list(schema["properties"])), max_size=4)
    return st.tuples(ways, some).flatmap(lambda drawn: _fields(schema, named, *drawn))


def _fields(schema: Schema, named: Schema, way: Schema, names: set[str]) -> st.SearchStrategy[dict[str, Any]]:
    """Few at a time; `way` is one of those in which the object can be whole."""
    needed = {*schema.get("required", ()), *way.get("required", ())}
    left_out = {name for name, one in way.get("properties", {}).items() if one["type"] == "null"}
    known = {name: one for name, one in schema["properties"].items() if name in (names | needed) - left_out}
    return st.fixed_dictionaries({name: _valid(one, named) for name, one in known.items()})


KINDS: Mapping[str, Callable[[Schema, Schema], st.SearchStrategy[Any]]] = {
    "null": lambda *_: st.none(),
    "boolean": lambda *_: st.booleans(),
    "integer": lambda schema, _: st.integers(schema["minimum"], schema["maximum"]),
    "number": _number,
    "string": _text,
    "array": lambda schema, named: st.lists(_valid(schema["items"], named), max_size=schema["maxItems"]),
    "object": _object,
}


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every value within: the object or list that holds it, and under which key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from places(value[key])


@st.composite
def bodies(draw: st.DrawFn, model: type[BaseModel]) -> dict[str, Any]:
    """A valid one, with up to three things done to it."""
    body = draw(valid(model))
    ways = [replace, replace, write, point, grow, leave_out, add, add_without_a_name]
    for change in draw(st.lists(st.sampled_from(ways), max_size=3)):
        holder, key = draw(st.sampled_from(list(places(body)) or [({"": 0}, "")]))
        change(holder, key, draw(anything))
    return body


def replace(holder: Any, key: Any, other: Any) -> None:
    holder[key] = other


def write(holder: Any, key: Any, other: Any) -> None:
    """A number or a boolean as text."""
    holder[key] = str(holder[key])


def point(holder: Any, key: Any, other: Any) -> None:
    """A whole number with a point."""
    value = holder[key]
    holder[key] = float(value) if isinstance(value, int) and abs(value) < 2**1000 else other


def grow(holder: Any, key: Any, other: Any) -> None:
    """Past any limit."""
    match holder[key]:
        case str() as text:
            holder[key] = text + "x" * max(LENGTHS)
        case int() | float() as number:
            holder[key] = number * 1000 + 500
        case list() as several:
            several.extend([other] * 8)
        case dict() as entries:
            entries |= {str(number): other for number in range(native.MOST_METADATA + 1)}


def leave_out(holder: Any, key: Any, other: Any) -> None:
    del holder[key]


def add(holder: Any, key: Any, other: Any) -> None:
    if isinstance(holder, dict):
        holder[f"{key} too"] = other


def add_without_a_name(holder: Any, key: Any, other: Any) -> None:
    if isinstance(holder, dict):
        holder[""] = other
