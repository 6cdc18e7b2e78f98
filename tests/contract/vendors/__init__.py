"""The vendors' words, as samples: one file a vendor, one entry here, and `test_providers.py` runs over all."""

from collections.abc import Mapping

from tests.contract.vendors import aimlapi, aimusicapi, kie, musicgpt, studio, sunoapi
from tests.contract.vendors.samples import Samples

VENDORS: Mapping[str, Samples] = {
    "kie": kie.SAMPLES,
    "sunoapi": sunoapi.SAMPLES,
    "aimusicapi": aimusicapi.SAMPLES,
    "aimlapi": aimlapi.SAMPLES,
    "musicgpt": musicgpt.SAMPLES,
    "studio": studio.SAMPLES,
}
