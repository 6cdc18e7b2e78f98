"""sunoapi.org's clients. Facts and their sources: the vendor's page for `POST /api/v1/generate/upload-cover`
(docs.sunoapi.org, "Upload And Cover Audio") and its callback page ("Audio Covering Callbacks").

kie.ai's dialect with codes of its own: here 429 is an empty account and 430 is the throttle.
"""

from reprise.dialects.suno import Profile, Suno
from reprise.dialects.suno_record import Words
from reprise.domain.job import ErrorClass
from reprise.providers.sunoapi import LIMITS, SUBMIT_ERRORS, TASK_ERRORS

E = ErrorClass

WORDS = Words(
    shop="sunoapi",
    own=TASK_ERRORS,
    codes={
        E.FIX_REQUEST: (400,),
        E.CONTENT_REFUSED: (400,),
        E.SOURCE_UNFETCHABLE: (451,),
    },
    otherwise=500,
    failed="Audio covering failed",
    no_rows=None,
    existing_work=413,  # seen in records; the table of callbacks lacks it
)

UNLISTED = 451
"""Told of tasks, but not in the table of submits."""

PROFILE = Profile(
    name="sunoapi",
    balance_path="/api/v1/generate/credit",
    capabilities=LIMITS["seed"],
    tasks=WORDS,
    invalid=400,
    long_prompt=413,
    large=413,
    busy=430,
    own_codes={code: kind for code, kind in SUBMIT_ERRORS.items() if code != UNLISTED},
    submit_codes={
        E.FIX_REQUEST: 400,
        E.CONTENT_REFUSED: 400,
        E.SOURCE_UNFETCHABLE: 400,
        E.NO_CREDIT: 429,
        E.RATE_LIMITED: 430,
        E.RETRY_LATER: 455,
    },
)

DIALECT = Suno(PROFILE)
