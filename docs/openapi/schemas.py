"""Types as JSON Schema (2020-12, OpenAPI 3.1's own)."""

from collections.abc import Iterable
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

PLACE = "#/components/schemas/{model}"


class Plain(GenerateJsonSchema):
    """Without titles, which repeat names, and without defaults of null, which say nothing."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        found = super().default_schema(schema)
        return {name: value for name, value in found.items() if (name, value) != ("default", None)}


def schemas(types: Iterable[Any]) -> dict[str, Any]:
    """Each type and all that it names, by name."""
    unique = list(dict.fromkeys(types))
    adapters: list[Any] = [(one.__name__, "validation", TypeAdapter(one)) for one in unique]
    _, found = TypeAdapter.json_schemas(adapters, ref_template=PLACE, schema_generator=Plain)
    every: dict[str, Any] = found["$defs"]
    missing = {one.__name__ for one in unique} - set(every)
    if missing:
        raise ValueError(f"two types of one name: {missing}")
    return {name: _untitled(every[name]) for name in sorted(every)}


def reference(shape: Any) -> dict[str, Any]:
    """To a type of ours; a tuple is one of several."""
    if isinstance(shape, tuple):
        return {"oneOf": [reference(one) for one in shape]}
    return {"$ref": PLACE.format(model=shape.__name__)} if named(shape) else dict(shape)


def named(shape: Any) -> bool:
    """A type of ours; else it is a schema already, or nothing."""
    return isinstance(shape, type)


def _untitled(schema: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in schema.items() if name != "title"}
