"""kie.ai's clients. Facts and their sources: the vendor's page for `POST /api/v1/generate/upload-cover` (docs.kie.ai,
"Upload And Cover Audio") and its callback page ("Audio Covering Callbacks").
"""

from reprise.dialects.suno import Profile, Suno
from reprise.dialects.suno_record import Words
from reprise.domain.job import ErrorClass
from reprise.providers.kie import LIMITS, SUBMIT_ERRORS, TASK_ERRORS

E = ErrorClass

WORDS = Words(
    shop="kie",
    own=TASK_ERRORS,
    codes={
        E.FIX_REQUEST: (422,),
        E.CONTENT_REFUSED: (400, 413),
        E.SOURCE_UNFETCHABLE: (451,),
        E.RATE_LIMITED: (408,),  # "upstream rate limit or timeout"
        "deadline": (408,),
    },
    otherwise=501,
    failed="Audio generation failed.",
    no_rows=[],
)
"""413 is told for a fetch that failed too; 451 cannot be taken for content."""

PROFILE = Profile(
    name="kie",
    balance_path="/api/v1/chat/credit",
    capabilities=LIMITS["seed"],
    tasks=WORDS,
    invalid=422,
    long_prompt=422,
    large=422,
    busy=429,
    own_codes=SUBMIT_ERRORS,
    submit_codes={
        E.FIX_REQUEST: 422,
        E.CONTENT_REFUSED: 422,
        E.SOURCE_UNFETCHABLE: 451,
        E.NO_CREDIT: 402,
        E.RATE_LIMITED: 429,
        E.RETRY_LATER: 455,
    },
)

DIALECT = Suno(PROFILE)
