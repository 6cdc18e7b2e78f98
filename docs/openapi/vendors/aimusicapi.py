"""aimusicapi.org."""

from reprise.dialects.aimusicapi import CAPABILITIES, LONGEST_MODEL, REFUSED
from reprise.dialects.codes import ERRORS
from reprise.http.api import JSON
from reprise.http.shapes.vendors import aimusicapi as shapes

from docs.openapi.operation import Answer
from docs.openapi.schemas import reference
from docs.openapi.vendors.description import ROUTING, Call, Description, named_schema, refusals
from docs.openapi.vendors.wishes import COMMON, Schema, limits_by_model, optional, text, truth, wanted, weight

WORDS = "The HTTP status repeats the body's `code`. Booleans and numbers may be written as texts."
GET_REFUSALS = refusals(shapes.Invalid, 400) | refusals(shapes.Refused, 401, 403, 404, 429, 500)
REFUSALS = GET_REFUSALS | refusals(shapes.Refused, *{*REFUSED.values(), *(code for _, code in ERRORS)} - {400})

ANY = {
    "upload_url": named_schema("SongLink"),
    "model": text("An unknown one gets the default: " + str(CAPABILITIES.default_model), LONGEST_MODEL),
    "style_weight": weight("How closely the style is kept to.", written=True),
    "weirdness_constraint": weight("How far it may stray.", written=True),
    "audio_weight": weight("How closely the song is kept to.", written=True),
    "callback_url": {"description": "Called back at each stage if it is https at a public address."},
}
"""`callback_url` is never a fault: clients that poll send any word."""


def _wish(custom: bool, sung: bool) -> Schema:
    own: dict[str, Schema] = {
        **ANY,
        "custom_mode": truth(custom) if custom else optional(truth(custom)),
        "make_instrumental": optional(truth(False)) if sung else truth(True),
    }
    required = ["upload_url", "model", *(() if sung else ("make_instrumental",)), *(("custom_mode",) if custom else ())]
    if not custom:
        most = CAPABILITIES.idea.most if CAPABILITIES.idea else 0
        own["prompt"] = text("An idea.", most) if sung else optional(text("An idea.", most))
        return wanted(own, [*required, *(("prompt",) if sung else ())], description="From an idea.")
    own |= {"style": text(), "title": text(), "gender": optional({"enum": ["male", "female"]})}
    own |= {"tags": optional(text("What to avoid; `negative_tags` is the same."))}
    lyrics = {"prompt": text("The lyrics, sung word for word.")} if sung else {}
    limited = {"style": "style", "title": "title", **({"lyrics": "prompt"} if sung else {})}
    by_model = limits_by_model(CAPABILITIES.models, limited, CAPABILITIES.default_model)
    words = "In words of your own" + (", sung." if sung else ", without a voice.")
    return wanted({**own, **lyrics}, [*required, "style", "title", *lyrics], anyOf=by_model, description=words)


WISHES = {
    "Simple": _wish(custom=False, sung=True),
    "SimpleInstrumental": _wish(custom=False, sung=False),
    "Sung": _wish(custom=True, sung=True),
    "Instrumental": _wish(custom=True, sung=False),
}
TASK_ID = {
    "name": "task_id",
    "in": "query",
    "required": True,
    "description": "What the submit answered.",
    "schema": {"type": "string", "pattern": "^upcov[0-9A-Za-z]{22}$"},
}
CLIPS = {
    "type": "array",
    "description": "A bare list of clips that names no task: put your own id into the URL.",
    "items": reference((shapes.Clip, shapes.Failed)),
}
SUBMIT = Call(
    "POST",
    "/v2/upload-cover/generate",
    "generate",
    "Make a cover",
    {200: Answer(shapes.Accepted, "The task.")} | REFUSALS,
    parameters=ROUTING,
    media={JSON: {"oneOf": [named_schema(name) for name in WISHES]}},
    example="submit",
    callbacks={"callback_url": CLIPS},
)
STATUS = Call(
    "GET",
    "/v2/upload-cover/status",
    "status",
    "Read how a task is doing",
    {200: Answer(shapes.Told, "The clips.")} | GET_REFUSALS,
    parameters=(TASK_ID,),
)
CREDITS = Call(
    "GET",
    "/v2/credits",
    "credits",
    "Read the credit",
    {200: Answer(shapes.Balance, "The credit.")} | GET_REFUSALS,
)

AIMUSICAPI = Description(
    "aimusicapi",
    "aimusicapi.org",
    WORDS,
    ("/api", ""),
    (SUBMIT, STATUS, CREDITS),
    {**COMMON, **WISHES},
    (shapes.Accepted, shapes.Told, shapes.Balance, shapes.Invalid, shapes.Refused),
)
