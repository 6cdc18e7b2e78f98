"""Inbound: one file a vocabulary. Each translates its own words into the canonical request.

`suno.py` is what kie.ai and sunoapi.org share, `suno_record.py` its translator of jobs.
"""

from collections.abc import Mapping

from reprise.dialects import kie, sunoapi
from reprise.dialects.aimlapi import AimlApiDialect
from reprise.dialects.aimusicapi import AiMusicApiDialect
from reprise.dialects.dialect import Dialect
from reprise.dialects.musicgpt import MusicgptDialect
from reprise.dialects.suno import Suno

DIALECTS: Mapping[str, Dialect] = {
    "kie": Suno(kie.PROFILE),
    "sunoapi": Suno(sunoapi.PROFILE),
    "aimusicapi": AiMusicApiDialect(),
    "aimlapi": AimlApiDialect(),
    "musicgpt": MusicgptDialect(),
}
"""By the first part of the path: `https://<api>/kie` is kie.ai's base URL."""
