"""MusicGPT's Cover."""

from typing import Any

from reprise.dialects.forms import MULTIPART, URLENCODED
from reprise.dialects.musicgpt import ERRORS, LONGEST_VOICE, MOST_PITCH, MOST_VOICES, PREFIXES
from reprise.dialects.musicgpt_conversion import REFUSED
from reprise.http.api import JSON
from reprise.http.shapes.vendors import musicgpt as shapes

from docs.openapi.operation import Answer
from docs.openapi.vendors.description import ROUTING, Call, Description, named_schema, refusals
from docs.openapi.vendors.wishes import BLANK, COMMON, Schema, optional, text, wanted

WORDS = "The prefix may be `/api/public/v1`, `/v1` or nothing, and `Cover` may be written `cover`."
KEY = {
    "type": "apiKey",
    "in": "header",
    "name": "Authorization",
    "description": "A Reprise API key, with or without `Bearer`: `reprise keys create` makes one.",
}
GET_REFUSALS = refusals(shapes.Refused, 400, 401, 403, 404, 429, 500)
REFUSALS = refusals(shapes.Refused, *{*REFUSED.values(), *(code for _, code in ERRORS), 422, 500})

WRITTEN = {"type": "string", "pattern": rf"^[{BLANK}]*-?([0-9]|1[0-2])[{BLANK}]*$"}
PITCH: Schema = {
    "description": "Semitones.",
    "anyOf": [{"type": "integer", "minimum": -MOST_PITCH, "maximum": MOST_PITCH}, WRITTEN],
}
HOOK = {"description": "Called back once, at the end, if it is https at a public address."}


LINK = named_schema("SongLink")
FILE = {"type": "string", "format": "binary", "description": "The song itself; it counts where both are there."}
VOICE = text("One of `getAllVoices`.", LONGEST_VOICE)
WRITTEN_HOOK = {**HOOK, "type": "string"}
WISH = {"audio_url": LINK, "voice_id": VOICE, "pitch": optional(PITCH), "webhook_url": HOOK}
FORM = {"audio_url": LINK, "voice_id": VOICE, "pitch": PITCH, "webhook_url": WRITTEN_HOOK}
ONE_SONG = [{"required": ["audio_url"]}, {"required": ["audio_file"]}]
FORMS: dict[str, Schema] = {
    "Wish": wanted(WISH, ("audio_url", "voice_id")),
    "Form": wanted(FORM, ("audio_url", "voice_id")),
    "FormWithFile": wanted({**FORM, "audio_file": FILE}, ("voice_id",), anyOf=ONE_SONG),
}


def _asked(name: str, words: str, schema: Schema, required: bool = False) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": required, "description": words, "schema": schema}


UUID = {"type": "string", "format": "uuid"}
WHOLE = {"type": "integer", "maximum": 99_999_999}
PAGE = (
    _asked("limit", f"To a page; more than {MOST_VOICES} is {MOST_VOICES}.", {**WHOLE, "minimum": 1, "default": 20}),
    _asked("page", "From 0.", {**WHOLE, "minimum": 0, "default": 0}),
)
SUBMIT = Call(
    "POST",
    "/Cover",
    "cover",
    "Make a cover",
    {200: Answer(shapes.Accepted, "The task.")} | REFUSALS,
    "Puts another voice on the song.",
    ROUTING,
    {MULTIPART: named_schema("FormWithFile"), URLENCODED: named_schema("Form"), JSON: named_schema("Wish")},
    "submit-json",
    {"webhook_url": (shapes.Done, shapes.Lost)},
)
STATUS = Call(
    "GET",
    "/byId",
    "by_id",
    "Read how a conversion is doing",
    {200: Answer(shapes.Told, "The conversion.")} | GET_REFUSALS,
    "By `task_id` or by `conversion_id`, not by both.",
    (
        _asked("conversionType", "Covers alone were ever begun here.", {"enum": ["COVER"]}, required=True),
        _asked("task_id", "", UUID),
        _asked("conversion_id", "", UUID),
    ),
)
VOICES = {200: Answer(shapes.Voices, "A page of voices.")} | GET_REFUSALS
ALL = Call("GET", "/getAllVoices", "all_voices", "List voices", VOICES, parameters=PAGE)
SEARCH = Call(
    "GET",
    "/searchVoices",
    "search_voices",
    "Look for voices",
    VOICES,
    parameters=(_asked("query", "Part of a name.", {"type": "string", "maxLength": LONGEST_VOICE}), *PAGE),
)

MUSICGPT = Description(
    "musicgpt",
    "MusicGPT",
    WORDS,
    tuple(sorted(PREFIXES, key=len, reverse=True)),
    (SUBMIT, STATUS, ALL, SEARCH),
    {**COMMON, **FORMS},
    (shapes.Accepted, shapes.Told, shapes.Voices, shapes.Done, shapes.Lost, shapes.Refused),
    KEY,
)
