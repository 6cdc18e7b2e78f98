"""sunoapi.org's clients. Facts and their sources: the vendor's page for `POST /api/v1/generate/upload-cover`
(docs.sunoapi.org, "Upload And Cover Audio") and its callback page ("Audio Covering Callbacks").

kie.ai's dialect with codes of its own: here 429 is an empty account and 430 is the throttle.
"""

from reprise.dialects.suno import Profile
from reprise.dialects.suno_record import Words
from reprise.domain.job import ErrorClass
from reprise.providers.sunoapi import LIMITS

E = ErrorClass

WORDS = Words(
    codes={
        E.FIX_REQUEST: (400,),
        E.CONTENT_REFUSED: (400, 413),
        E.SOURCE_UNFETCHABLE: (451,),
    },
    otherwise=500,
    failed="Audio covering failed",
    no_rows=None,
)

PROFILE = Profile(
    name="sunoapi",
    balance_path="/api/v1/generate/credit",
    capabilities=LIMITS["seed"],
    tasks=WORDS,
    invalid=400,
    long_prompt=413,
    large=413,
    busy=430,
    submit_codes={
        E.FIX_REQUEST: 400,
        E.CONTENT_REFUSED: 400,
        E.SOURCE_UNFETCHABLE: 400,  # 451 is told of tasks, but is not in the table of submits
        E.NO_CREDIT: 429,
        E.RATE_LIMITED: 430,
        E.RETRY_LATER: 455,
    },
)
