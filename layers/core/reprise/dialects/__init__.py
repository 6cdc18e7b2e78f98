"""Inbound: one file a vocabulary. Each translates its own words into the canonical request.

`suno.py` is what kie.ai and sunoapi.org share, `suno_record.py` its translator of jobs.
"""

from collections.abc import Mapping
from importlib import import_module

from reprise.dialects.dialect import Dialect
from reprise.later import later


def _of(vendor: str) -> Dialect:
    """`DIALECT` of the vendor's module, which is loaded with its first use: a call is in one vocabulary."""
    return later(lambda: import_module(f"reprise.dialects.{vendor}").DIALECT)  # type: ignore[no-any-return]


VENDORS = ("kie", "sunoapi", "aimusicapi", "aimlapi", "musicgpt")

DIALECTS: Mapping[str, Dialect] = {vendor: _of(vendor) for vendor in VENDORS}
"""By the first part of the path: `https://<api>/kie` is kie.ai's base URL."""
