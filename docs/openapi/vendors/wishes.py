"""Schemas of what `reprise.dialects.fields.Fields` reads: what is absent, texts, links, and values written as texts."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from reprise.dialects.fields import LONGEST_TEXT, LONGEST_URL
from reprise.domain.capabilities import Model

Schema = dict[str, Any]

BLANK = r"\s\x1c-\x1f"
"""All that `str.strip` takes away."""

NOTHING: Schema = {
    "description": "As if the field were not there.",
    "anyOf": [{"type": "null"}, {"type": "string", "pattern": rf"^[{BLANK}]*$"}],
}
LINK: Schema = {
    "type": "string",
    "maxLength": LONGEST_URL,
    "pattern": r"^([Hh][Tt][Tt][Pp][Ss]?://[A-Za-z0-9.-]+(/[!-~]*)?|upload:[0-9a-f]{32})$",
    "description": "A public link to the song, or `upload:` and the id that `POST /v1/uploads` gave.",
}
COMMON: Mapping[str, Schema] = {"Nothing": NOTHING, "SongLink": LINK}


def wanted(properties: Mapping[str, Schema], required: Iterable[str], **more: Any) -> Schema:
    return {"type": "object", "properties": dict(properties), "required": list(required), **more}


def optional(schema: Schema) -> Schema:
    described = {"description": schema["description"]} if "description" in schema else {}
    plain = {name: value for name, value in schema.items() if name != "description"}
    return {**described, "anyOf": [plain, {"$ref": "#/components/schemas/Nothing"}]}


def text(words: str = "", most: int = LONGEST_TEXT, least: int = 1) -> Schema:
    told = {"description": words} if words else {}
    return {**told, "type": "string", "minLength": least, "maxLength": most, "pattern": f"[^{BLANK}]"}


def weight(words: str, written: bool = False) -> Schema:
    """A hundredth from 0 to 1. `written`: as a text, too."""
    plain: Schema = {"type": "number", "minimum": 0, "maximum": 1, "multipleOf": 0.01}
    as_text = {"type": "string", "pattern": rf"^[{BLANK}]*(0(\.[0-9]{{1,2}})?|1(\.00?)?)[{BLANK}]*$"}
    return optional({"description": words, **({"anyOf": [plain, as_text]} if written else plain)})


def truth(value: bool) -> Schema:
    """As clients of lenient vendors write it."""
    letters = "".join(f"[{one.upper()}{one}]" for one in ("true" if value else "false"))
    return {"anyOf": [{"const": value}, {"type": "string", "pattern": f"^[{BLANK}]*{letters}[{BLANK}]*$"}]}


def limits_by_model(models: Mapping[str, Model], fields: Mapping[str, str], others: str | None = None) -> list[Schema]:
    """A schema for each group of models with the same limits. `fields` are the client's names of a model's own;
    `others` is the model whose limits are those of a model that is not in the list, where such a one is taken."""

    def of(name: str) -> tuple[int, int, int]:
        return models[name].lyrics, models[name].style, models[name].title

    groups = [(most, list(names)) for most, names in groupby(sorted(models, key=of), key=of)]
    found = []
    for most, names in groups:
        rest = [name for other, known in groups if other != most for name in known]
        open_ended = others is not None and most == of(others)
        choice: Schema = {"not": {"enum": rest}} if open_ended else {"enum": sorted(names)}
        longest = dict(zip(("lyrics", "style", "title"), most, strict=True))
        bounds = {client: {"maxLength": longest[own]} for own, client in fields.items()}
        found.append({"properties": {"model": choice, **bounds}})
    return found
