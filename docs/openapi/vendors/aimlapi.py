"""AI/ML API's `minimax/music-cover`."""

from reprise.dialects.aimlapi import CAPABILITIES, PATH, REFUSED, SONG
from reprise.dialects.codes import ERRORS
from reprise.domain.capabilities import Length
from reprise.http.api import JSON
from reprise.http.shapes.vendors import aimlapi as shapes

from docs.openapi.operation import Answer
from docs.openapi.vendors.description import ROUTING, Call, Description, named_schema, refusals
from docs.openapi.vendors.wishes import COMMON, Schema, optional, text, wanted

WORDS = "Nobody is called back: poll until `status` is neither `queued` nor `generating`."
GET_REFUSALS = refusals(shapes.Refused, 400, 401, 403, 404, 429, 500)
REFUSALS = refusals(shapes.Refused, *{*REFUSED.values(), *(code for _, code in ERRORS)} - {402})
"""An empty purse is 403 here."""

BASE64 = {
    "type": "string",
    "pattern": "^(data:[a-z]{1,9}/[a-z0-9]{1,9};base64,)?([A-Za-z0-9+/]{4})+$",
    "description": "The song itself, plain or as a `data:` URI.",
}


def _within(length: Length | None, words: str) -> Schema:
    return text(words, length.most, length.least) if length else text(words)


def _one_of(values: frozenset[int]) -> Schema:
    written = "|".join(str(one) for one in sorted(values))
    return optional({"anyOf": [{"enum": sorted(values)}, {"type": "string", "pattern": f"^({written})$"}]})


OUTPUT = {
    "description": "Numbers may be written as texts.",
    "anyOf": [
        {
            "type": "object",
            "properties": {
                "format": optional({"enum": sorted(CAPABILITIES.output.formats)}),
                "sample_rate": _one_of(CAPABILITIES.output.sample_rates),
                "bitrate": _one_of(CAPABILITIES.output.bitrates),
            },
        },
        {"type": "null"},
        {"const": ""},
    ],
}
WISH = wanted(
    {
        "model": {"enum": sorted(CAPABILITIES.models), "description": "The owner of the gateway may have named more."},
        "prompt": _within(CAPABILITIES.idea, "What it shall sound like."),
        "lyrics": optional(_within(CAPABILITIES.lyrics, "Sung word for word; else the song's own are heard out.")),
        "audio_setting": OUTPUT,
        SONG: {"anyOf": [named_schema("SongLink"), BASE64]},
    },
    ("model", "prompt", SONG),
)
GENERATION = {
    "name": "generation_id",
    "in": "query",
    "required": True,
    "description": "`id` of the submit's answer.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{21}$"},
}
SUBMIT = Call(
    "POST",
    PATH,
    "generate",
    "Make a cover",
    {200: Answer(shapes.Waiting, "The generation.")} | REFUSALS,
    parameters=ROUTING,
    media={JSON: named_schema("Wish")},
    example="submit",
)
STATUS = Call(
    "GET",
    PATH,
    "generation",
    "Read how a generation is doing",
    {200: Answer((shapes.Waiting, shapes.Completed, shapes.Failed), "The generation.")} | GET_REFUSALS,
    "A generation that is known is never answered with an error.",
    (GENERATION,),
)
BILLING = Call(
    "GET", "/v2/billing", "billing", "Read the balance", {200: Answer(shapes.Billing, "The balance.")} | GET_REFUSALS
)

AIMLAPI = Description(
    "aimlapi",
    "AI/ML API",
    WORDS,
    ("",),
    (SUBMIT, STATUS, BILLING),
    {**COMMON, "Wish": WISH},
    (shapes.Waiting, shapes.Completed, shapes.Failed, shapes.Billing, shapes.Refused),
)
