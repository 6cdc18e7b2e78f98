"""Parts of paths, query strings and headers."""

from typing import Any

from reprise.dialects.queries import DEFAULT_LIMIT, DRY_RUN, LONGEST_ASKED, MONTH_FORM, MOST_LIMIT
from reprise.domain.job import State
from reprise.usecases.read import LONGEST_WAIT


def _parameter(name: str, place: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    need = {"required": True} if place == "path" else {}
    return {"name": name, "in": place, **need, "description": words, "schema": schema}


HEX = {"type": "string", "pattern": "^[0-9a-f]{32}$"}
NUMBER = {"type": "integer", "minimum": 1, "maximum": 999}

COVER_ID = _parameter("id", "path", HEX, "The cover's.")
WEBHOOK_ID = _parameter("id", "path", HEX, "The webhook's.")
TRACK = _parameter("number", "path", NUMBER, "The track's, from 1.")
DELIVERY = _parameter("delivery", "path", {"type": "string", "pattern": "^[0-9]+-([0-9a-f]{32}|job)$"}, "Its id.")
AUDIO_KEY = _parameter("key", "path", {"type": "string", "pattern": "^[A-Za-z0-9_-]+$"}, "The cover's random part.")
AUDIO_FILE = _parameter(
    "file", "path", {"type": "string", "pattern": r"^[1-9][0-9]{0,2}\.[a-z0-9]+$"}, "The track's number and suffix."
)
IDEMPOTENCY_KEY = _parameter(
    "Idempotency-Key",
    "header",
    {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"},
    "The same key and body give the same cover, for seven days: one paid submit, never two.",
)
IF_NONE_MATCH = _parameter(
    "If-None-Match",
    "header",
    {"type": "string"},
    "The ETag of the version that you have; anything else is passed over.",
)
DRY = _parameter(
    "dry_run",
    "query",
    {"type": "string", "enum": list(DRY_RUN)},
    "`true`, `1` or no value at all: nothing is stored, nobody is paid.",
)
WAIT = _parameter(
    "wait",
    "query",
    {"type": "integer", "minimum": 0, "maximum": LONGEST_ASKED, "default": 0},
    f"Seconds to wait for a change; more than {LONGEST_WAIT} is {LONGEST_WAIT}.",
)
LIMIT = _parameter(
    "limit", "query", {"type": "integer", "minimum": 1, "maximum": MOST_LIMIT, "default": DEFAULT_LIMIT}, "A page's."
)
MONTH = _parameter(
    "month",
    "query",
    {"type": "string", "pattern": f"^{MONTH_FORM}$"},
    "In which they were made (UTC); without it, this one.",
)
STATES = {"type": "string", "enum": list(State)}
STATE = _parameter("state", "query", STATES, "Only covers in this state.")
STATUS = {**_parameter("status", "query", STATES, "The same as `state`: give either."), "deprecated": True}
CURSOR = _parameter("cursor", "query", {"type": "string"}, "`next_cursor` of the page before, unchanged.")
