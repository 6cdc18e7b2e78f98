"""Places in a tenant's list (the index `by_tenant`), as callers hold them. They are without the tenant: a cursor is no
way into another's jobs."""

import base64
import binascii
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from reprise.domain.violation import Violation
from reprise.errors import InvalidError

LONGEST_KEY = 68
"""Characters, `JOB#` included; far above any key of ours, far below what the table would refuse with an error of its
own."""


def cursor_of(last: Mapping[str, Any]) -> str:
    """Of the key at which DynamoDB stopped."""
    place = [last["pk"]["S"], last["created_at"]["S"]]
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode()


def start_key(tenant: str, cursor: str, when: str = "") -> dict[str, Any]:
    """Where DynamoDB goes on. Raises InvalidError for what is no cursor of ours, or whose time does not begin with
    `when`: a key outside of what is asked for it refuses with an error of its own."""
    try:
        pk, created_at = json.loads(base64.b64decode(cursor, altchars=b"-_", validate=True))
        datetime.fromisoformat(created_at)
        ours = pk.startswith("JOB#") and pk.removeprefix("JOB#").isalnum() and len(pk) <= LONGEST_KEY
        ours = ours and created_at.startswith(when)
    except (ValueError, TypeError, AttributeError, RecursionError, binascii.Error):
        ours = False
    if not ours:
        raise InvalidError(Violation("cursor", "unknown", "take it from `next_cursor` of the page before, unchanged"))
    return {"pk": {"S": pk}, "sk": {"S": "JOB"}, "tenant": {"S": tenant}, "created_at": {"S": created_at}}
