"""kie.ai upload-cover. Facts and their sources: the vendor's page for `POST /api/v1/generate/upload-cover`
(docs.kie.ai, "Upload And Cover Audio") and its callback page ("Audio Covering Callbacks").
"""

from collections.abc import Mapping
from dataclasses import replace

from reprise.domain.capabilities import Capabilities, Length, Model, SourceLimits
from reprise.domain.job import ErrorClass, Rhythm, Stage
from reprise.providers.suno import FAILED_WORDS, STAGES, Profile, Suno

CAPABILITIES = Capabilities(
    provider="kie",
    fields=frozenset(),
    custom_fields=frozenset({"negative_style", "vocal_gender", "style_weight", "weirdness", "audio_weight"}),
    models={
        "V3_5": Model(3000, 200, 80, output_seconds=240),
        "V4": Model(3000, 200, 80, output_seconds=240),
        "V4_5": Model(5000, 1000, 100, output_seconds=480),
        "V4_5PLUS": Model(5000, 1000, 100, output_seconds=480),
        "V4_5ALL": Model(5000, 1000, 80, output_seconds=480),
        "V5": Model(5000, 1000, 100),
        "V5_5": Model(5000, 1000, 100),
    },
    default_model="V4_5",
    idea=Length(400),
    source=SourceLimits(most_seconds=480, warn_seconds=120),
    tracks=2,
    credits=12,
    usd=0.06,
    stages=(Stage.TEXT, Stage.FIRST, Stage.COMPLETE),
    rhythm=Rhythm(first=60, every=30),
)
"""Seen to be done after 57-74 s: by the first poll the callbacks have mostly come."""

LIMITS: Mapping[str, Capabilities] = {"seed": CAPABILITIES, "docs": replace(CAPABILITIES, idea=Length(500))}

E = ErrorClass
SUBMIT_ERRORS: Mapping[int, ErrorClass] = {
    401: E.AUTH,
    402: E.NO_CREDIT,
    404: E.FIX_REQUEST,
    409: E.FIX_REQUEST,
    422: E.FIX_REQUEST,
    429: E.RATE_LIMITED,
    433: E.RATE_LIMITED,
    451: E.SOURCE_UNFETCHABLE,
    455: E.RETRY_LATER,
    408: E.AMBIGUOUS,
    500: E.AMBIGUOUS,
    501: E.AMBIGUOUS,  # "generation failed": nobody says that it was not charged
    505: E.FIX_REQUEST,
}

TASK_ERRORS: Mapping[int, ErrorClass] = {
    400: E.CONTENT_REFUSED,
    408: E.RETRY_LATER,
    413: E.CONTENT_REFUSED,
    451: E.SOURCE_UNFETCHABLE,
    500: E.RETRY_LATER,
    501: E.RETRY_LATER,
    531: E.RETRY_LATER,
}

PROFILE = Profile(
    base_url="https://api.kie.ai",
    balance_path="/api/v1/chat/credit",
    limits=LIMITS,
    submit_errors=SUBMIT_ERRORS,
    task_errors=TASK_ERRORS,
    task_words=((413, ("fetch",), E.SOURCE_UNFETCHABLE),),
    bare_errors={},
    stages={**STAGES, "task_completed": Stage.COMPLETE},
    failed_words=FAILED_WORDS,
    signed=True,
)


class Kie(Suno):
    profile = PROFILE
