"""JSON Schema for readers: a table of fields, and a type in few words."""

import json
from collections.abc import Iterator, Mapping
from html import escape
from typing import Any

from docs.site.frame import line, words

Schema = Mapping[str, Any]
FORMATS = {"date-time": "time", "uri": "link", "uuid": "UUID", "binary": "file"}
NAMES = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list"}


def anchor(name: str) -> str:
    return f"schema-{name}"


def fields(schema: Schema) -> str:
    """A schema with properties as a table; any other as its type."""
    alike = schema.get("properties")
    told = words(schema["description"]) if "description" in schema else ""
    if not alike:
        return f"{told}<p>{type_of({**schema, 'description': ''})}</p>"
    required = set(schema.get("required", ()))
    rows = "".join(_row(name, one, name in required) for name, one in alike.items())
    return f"{told}<table><tbody>{rows}</tbody></table>{_variants(schema)}"


def _row(name: str, schema: Schema, required: bool) -> str:
    need = "" if required else ' <span class="quiet">may be missing</span>'
    told = f"<p>{line(schema['description'])}</p>" if schema.get("description") else ""
    return f'<tr><th scope="row"><code>{escape(name)}</code>{need}</th><td>{type_of(schema)}{told}</td></tr>'


def _variants(schema: Schema) -> str:
    """Of what holds for some values alone: bounds by model, or one field or the other."""
    every = schema.get("anyOf") or schema.get("oneOf") or []
    lines = [f"<li>{told}</li>" for one in every if (told := _variant(one))]
    return f'<p class="quiet">One of:</p><ul>{"".join(lines)}</ul>' if lines else ""


def _variant(one: Schema) -> str:
    needs = [f"<code>{escape(name)}</code> is there" for name in one.get("required", ())]
    bounds = [f"<code>{escape(name)}</code>: {type_of(schema)}" for name, schema in one.get("properties", {}).items()]
    return "; ".join(needs + bounds)


def type_of(schema: Schema) -> str:
    """In few words, as HTML."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return "nothing" if name == "Nothing" else f'<a href="#{anchor(name)}">{escape(name)}</a>'
    if "enum" in schema:
        return "one of " + ", ".join(_value(one) for one in schema["enum"])
    if "const" in schema:
        return _value(schema["const"])
    if "not" in schema:
        return f"none of {type_of(schema['not']).removeprefix('one of ')}"
    if "allOf" in schema:
        return f"{type_of(schema['allOf'][0])} with {_variant(schema)}"
    several = schema.get("anyOf") or schema.get("oneOf")
    if several and "properties" not in schema:
        return " or ".join(dict.fromkeys(type_of(one) for one in several))
    return ", ".join(_parts(schema)) or "anything"


def _parts(schema: Schema) -> Iterator[str]:
    kind = schema.get("type", "")
    kinds = [kind] if isinstance(kind, str) else kind
    named = " or ".join(FORMATS.get(schema.get("format", ""), NAMES.get(one, one)) for one in kinds if one)
    if "items" in schema:
        named = f"list of {type_of(schema['items'])}"
    if isinstance(schema.get("additionalProperties"), dict):
        named = f"object of {type_of(schema['additionalProperties'])}"
    if named:
        yield named
    yield from _bounds(schema)


def _bounds(schema: Schema) -> Iterator[str]:
    least, most = schema.get("minimum"), schema.get("maximum")
    if least is not None or most is not None:
        yield f"{_number(least)}..{_number(most)}"
    if "exclusiveMinimum" in schema:
        yield f"above {_number(schema['exclusiveMinimum'])}"
    if "multipleOf" in schema:
        yield f"steps of {schema['multipleOf']}"
    if schema.get("minLength", 0) > 1:
        yield f"from {schema['minLength']} characters"
    if "maxLength" in schema:
        yield f"up to {schema['maxLength']} characters"
    if "maxItems" in schema:
        yield f"up to {schema['maxItems']}"
    if schema.get("default") is not None:
        yield f"default {_value(schema['default'])}"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if abs(value) < 1e6 else f"{value:,.0f}"


def _value(value: Any) -> str:
    return f"<code>{escape(json.dumps(value, ensure_ascii=False))}</code>"
