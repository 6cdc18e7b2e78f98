"""The OpenAPI 3.1 document of each dialect: a vendor's API as the gateway speaks it.

Limits, models and codes are those of the data that the dialects themselves work with, answers the types that they are
held to (`reprise/http/shapes/vendors`). Requests are read field by field, so their schemas stand here, in a module a
vendor; a test makes requests of them, good and bad, and the readers must agree.
"""

from collections.abc import Mapping
from typing import Any

from docs.openapi.vendors.aimlapi import AIMLAPI
from docs.openapi.vendors.aimusicapi import AIMUSICAPI
from docs.openapi.vendors.description import Description, described
from docs.openapi.vendors.musicgpt import MUSICGPT
from docs.openapi.vendors.suno import KIE, SUNOAPI

VENDORS: Mapping[str, Description] = {one.name: one for one in (KIE, SUNOAPI, AIMUSICAPI, AIMLAPI, MUSICGPT)}


def document(name: str, version: str) -> dict[str, Any]:
    return described(VENDORS[name], version)
