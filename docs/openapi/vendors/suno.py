"""kie.ai and sunoapi.org: one dialect, two shops."""

from typing import Any

from reprise.dialects import kie, sunoapi
from reprise.dialects.suno import Profile
from reprise.http.api import JSON
from reprise.http.shapes.vendors import suno as shapes

from docs.openapi.operation import Answer
from docs.openapi.schemas import reference
from docs.openapi.vendors.description import ROUTING, Call, Description, named_schema
from docs.openapi.vendors.wishes import COMMON, Schema, limits_by_model, optional, text, wanted, weight

BASE = "/api/v1/generate"
WORDS = "HTTP is 200 throughout: `code` in the body says how it went."
TASK_ID = {
    "name": "taskId",
    "in": "query",
    "required": True,
    "description": "What the submit answered.",
    "schema": {"type": "string", "pattern": "^[0-9a-f]{32}$"},
}


def _schemas(profile: Profile) -> dict[str, Schema]:
    return {
        **COMMON,
        "Simple": wanted(
            {
                **_always(profile),
                "customMode": {"const": False},
                "instrumental": {"type": "boolean"},
                "prompt": text("An idea.", profile.capabilities.idea.most if profile.capabilities.idea else 0),
            },
            ("uploadUrl", "customMode", "instrumental", "model", "callBackUrl", "prompt"),
            description="From an idea. Style, title and the rest of custom mode may be there and are passed over.",
        ),
        "Sung": _custom(profile, sung=True),
        "Instrumental": _custom(profile, sung=False),
    }


def _always(profile: Profile) -> dict[str, Schema]:
    models = sorted(profile.capabilities.models)
    return {
        "uploadUrl": named_schema("SongLink"),
        "model": {"enum": models, "description": "The owner of the gateway may have named more."},
        "callBackUrl": text("Called back at each stage if it is https at a public address; any word will do.", 4000),
    }


def _custom(profile: Profile, sung: bool) -> Schema:
    own: dict[str, Schema] = {
        **_always(profile),
        "customMode": {"const": True},
        "instrumental": {"const": not sung},
        "style": text(),
        "title": text(),
        "negativeTags": optional(text("What to avoid.")),
        "vocalGender": optional({"enum": ["m", "f"]}),
        "styleWeight": weight("How closely the style is kept to."),
        "weirdnessConstraint": weight("How far it may stray."),
        "audioWeight": weight("How closely the song is kept to."),
    }
    lyrics = {"prompt": text("The lyrics, sung word for word.")} if sung else {}
    limited = {"style": "style", "title": "title", **({"lyrics": "prompt"} if sung else {})}
    required = ("uploadUrl", "customMode", "instrumental", "model", "callBackUrl", "style", "title", *lyrics)
    words = "In words of your own" + (", sung." if sung else ", without a voice: `prompt` is passed over.")
    by_model = limits_by_model(profile.capabilities.models, limited)
    return wanted({**own, **lyrics}, required, anyOf=by_model, description=words)


def _refused(codes: set[int], words: str) -> Schema:
    code = {"enum": sorted(codes), "description": words}
    return {"allOf": [reference(shapes.Refused)], "properties": {"code": code}}


def _either(good: type, codes: set[int], words: str = "The vendor's.") -> dict[str, Any]:
    return {"oneOf": [reference(good), _refused(codes, words)]}


def _codes(profile: Profile) -> tuple[set[int], str]:
    """Of a submit, and what they mean."""
    usual = {401, 500, profile.invalid, profile.long_prompt, profile.large, profile.busy}
    meant = "; ".join(f"`{code}` {reason}" for reason, code in profile.submit_codes.items())
    return usual | set(profile.submit_codes.values()) | set(profile.own_codes), f"Where nothing was bought: {meant}."


def _described(profile: Profile, title: str) -> Description:
    always = {401, 404, 500, profile.invalid, profile.busy}
    codes, words = _codes(profile)
    wish = {"oneOf": [named_schema(name) for name in ("Simple", "Sung", "Instrumental")]}
    submit = Call(
        "POST",
        f"{BASE}/upload-cover",
        "upload_cover",
        "Make a cover",
        {200: Answer(_either(shapes.Accepted, codes, words), "The task, or why not.")},
        parameters=ROUTING,
        media={JSON: wish},
        example="submit",
        callbacks={"callBackUrl": shapes.Callback},
    )
    status = Call(
        "GET",
        f"{BASE}/record-info",
        "record_info",
        "Read how a task is doing",
        {200: Answer(_either(shapes.Told, always | {422}), "The record, or why not.")},
        "422 `recordInfo is null`: no such task.",
        (TASK_ID,),
    )
    credit = Call(
        "GET",
        profile.balance_path,
        "credit",
        "Read the credit",
        {200: Answer(_either(shapes.Credit, always), "The credit, or why not.")},
    )
    told = (shapes.Accepted, shapes.Told, shapes.Credit, shapes.Callback, shapes.Refused)
    return Description(profile.name, title, WORDS, ("",), (submit, status, credit), _schemas(profile), told)


KIE = _described(kie.PROFILE, "kie.ai")
SUNOAPI = _described(sunoapi.PROFILE, "sunoapi.org")
