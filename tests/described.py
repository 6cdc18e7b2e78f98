"""What the models of `http/shapes/bodies.py` would make of a body, in our own words."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from reprise.dialects.fields import upload_key
from reprise.dialects.uploads import TYPES, Upload
from reprise.domain.request import CoverRequest, Output, Source, Webhook, WhenUnknown
from reprise.domain.violation import Violation
from reprise.errors import InvalidError
from reprise.http.shapes.bodies import CoverBody, UploadBody, WebhookBody, Wishes
from reprise.settings import Network

Body = Mapping[str, Any]


def cover(body: Body, tenant: str, networks: tuple[Network, ...]) -> CoverRequest:
    told = _validated(CoverBody, body, networks)
    upload, url = told.source.upload, told.source.url
    source = Source(key=upload_key(tenant, upload)) if upload is not None else Source(url=url)
    hook = _webhook(told.webhook) if told.webhook else None
    return replace(_request(told, replace(source, name=told.source.name or None)), webhook=hook)


def webhook(body: Body, networks: tuple[Network, ...]) -> Webhook:
    return _webhook(_validated(WebhookBody, body, networks))


def upload(body: Body, tenant: str, new_id: str) -> Upload:
    told = _validated(UploadBody, body, ())
    suffix = re.search(r"\.([^.]*)\Z", told.filename or "")
    kind = told.content_type or (TYPES.get(suffix[1].lower()) if suffix else None)
    if kind is None:
        words = "give the song's type, such as audio/mpeg, or a filename that tells it"
        raise InvalidError(Violation("content_type", "required", words))
    return Upload(new_id, upload_key(tenant, new_id), kind)


def wishes(preset: Body, metadata: Mapping[str, str], source: Source) -> CoverRequest:
    known = {name: value for name, value in metadata.items() if name in Wishes.model_fields and name != "metadata"}
    rest = {name: value for name, value in metadata.items() if name not in Wishes.model_fields}
    own = _validated(Wishes, preset, (), strict=False).metadata
    return _request(_validated(Wishes, {**preset, **known, "metadata": {**own, **rest}}, (), strict=False), source)


M = TypeVar("M", bound=BaseModel)


def _validated(model: type[M], body: Body, networks: tuple[Network, ...], strict: bool = True) -> M:
    try:
        return model.model_validate(body, strict=strict, context=networks)
    except ValidationError as error:
        raise InvalidError(*map(_violation, error.errors())) from error


def _webhook(told: WebhookBody) -> Webhook:
    return Webhook(told.url, tuple(dict.fromkeys(told.events)))


def _request(told: Wishes, source: Source) -> CoverRequest:
    values = told.model_dump(exclude={"source", "provider", "output", "when_unknown", "webhook"})
    texts = {name: value or None for name, value in values.items() if isinstance(value, str)}
    output = Output(**told.output.model_dump()) if told.output else None
    asked = {"source": source, "providers": told.provider, "output": output}
    return CoverRequest(**values | texts | asked, when_unknown=WhenUnknown(told.when_unknown))


LIMITS = ("max_length", "le", "ge", "gt")
RULES = {
    "string_too_long": ("too-long", "at most {max_length} characters"),
    "too_long": ("too-many", "at most {max_length} entries"),
    "less_than_equal": ("too-large", "at most {le}"),
    "greater_than_equal": ("too-small", "at least {ge}"),
    "greater_than": ("too-small", "must be above {gt:g}"),
    "extra_forbidden": ("unknown", "there is no such field"),
    "missing": ("required", "this field is required"),
    "model_type": ("type", "must be an object"),
    "dict_type": ("type", "must be an object"),
    "string_type": ("type", "must be a text"),
    "bool_type": ("type", "must be true or false"),
    "bool_parsing": ("type", "must be true or false"),
    "int_type": ("type", "must be a whole number"),
    "int_parsing": ("type", "must be a whole number"),
    "int_parsing_size": ("type", "must be a whole number"),
    "int_from_float": ("type", "must be a whole number"),
    "float_type": ("type", "must be a number"),
    "float_parsing": ("type", "must be a number"),
    "finite_number": ("type", "must be a finite number"),
    "list_type": ("type", "must be a list"),
    "literal_error": ("not-one-of", "must be {expected}"),
    "string_pattern_mismatch": ("malformed", "is not of the right form"),
}
"""pydantic's error type -> our rule and words, filled from the error's context. All others are of our own making."""


def _violation(one: ErrorDetails) -> Violation:
    field = ".".join(str(part) for part in one["loc"]) or "body"
    context, value = one.get("ctx", {}), one.get("input")
    rule, words = RULES.get(one["type"], (one["type"], None))
    message = words.format(**context) if words else one["msg"]
    limit = next((context[name] for name in LIMITS if name in context), None)
    counted = isinstance(value, str) or (limit is not None and isinstance(value, list | dict))
    return Violation(field, rule, message, length=len(value) if counted else None, limit=limit)
