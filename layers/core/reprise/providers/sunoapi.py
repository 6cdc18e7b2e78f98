"""sunoapi.org upload-cover. Facts and their sources: the vendor's page for `POST /api/v1/generate/upload-cover`
(docs.sunoapi.org, "Upload And Cover Audio") and its callback page ("Audio Covering Callbacks").

kie.ai's wire with codes of its own: here 429 is an empty account and 430 (or 405) is the throttle.
"""

from collections.abc import Mapping

from reprise.domain.capabilities import Capabilities, Length, Model, SourceLimits
from reprise.domain.job import ErrorClass, Rhythm, Stage
from reprise.providers.suno import FAILED_WORDS, STAGES, Profile, Suno

CAPABILITIES = Capabilities(
    provider="sunoapi",
    fields=frozenset(),
    custom_fields=frozenset({"negative_style", "vocal_gender", "style_weight", "weirdness", "audio_weight"}),
    models={
        "V3_5": Model(3000, 200, 80, credits=10),
        "V4": Model(3000, 200, 80, credits=10),
        "V4_5": Model(5000, 1000, 100),
        "V4_5PLUS": Model(5000, 1000, 100),
        "V4_5ALL": Model(5000, 1000, 80, source_seconds=60),
        "V5": Model(5000, 1000, 100),
        "V5_5": Model(5000, 1000, 100),
    },
    default_model="V4_5",
    idea=Length(500),
    source=SourceLimits(most_seconds=480, warn_seconds=120),
    tracks=2,
    credits=12,
    usd=0.06,
    stages=(Stage.TEXT, Stage.FIRST, Stage.COMPLETE),
    rhythm=Rhythm(first=140, every=30),
)
"""The price in USD is kie.ai's, which sells the same: this shop's is not published."""

LIMITS: Mapping[str, Capabilities] = {"seed": CAPABILITIES, "docs": CAPABILITIES}

E = ErrorClass
SUBMIT_ERRORS: Mapping[int, ErrorClass] = {
    400: E.FIX_REQUEST,
    401: E.AUTH,
    404: E.FIX_REQUEST,
    405: E.RATE_LIMITED,  # the vendor's table means it; it is not "method not allowed"
    413: E.FIX_REQUEST,  # a text is too long
    429: E.NO_CREDIT,
    430: E.RATE_LIMITED,
    451: E.SOURCE_UNFETCHABLE,  # not in the table of submits, but told in callbacks
    455: E.RETRY_LATER,
    500: E.AMBIGUOUS,
}

TASK_ERRORS: Mapping[int, ErrorClass] = {
    400: E.FIX_REQUEST,
    413: E.CONTENT_REFUSED,
    451: E.SOURCE_UNFETCHABLE,
    500: E.RETRY_LATER,
}

CONTENT_WORDS = ("violat", "polic", "guideline", "copyright", "existing work", "sensitive", "artist", "moderat")

PROFILE = Profile(
    base_url="https://api.sunoapi.org",
    balance_path="/api/v1/generate/credit",
    limits=LIMITS,
    submit_errors=SUBMIT_ERRORS,
    task_errors=TASK_ERRORS,
    task_words=(
        (400, CONTENT_WORDS, E.CONTENT_REFUSED),
        (413, ("fetch", "download"), E.SOURCE_UNFETCHABLE),
    ),
    bare_errors={429: E.RATE_LIMITED},  # an edge proxy's own 429 knows nothing of credits
    stages=STAGES,
    failed_words=FAILED_WORDS,
    signed=False,
)


class SunoApi(Suno):
    profile = PROFILE
