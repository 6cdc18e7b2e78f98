"""Outbound: one file a vendor, named like it. A provider is a table or two, two translators and a thin client.

`suno.py` is what kie.ai and sunoapi.org share, `aimusicapi_clips.py` the translator of aimusicapi.org's answers.
"""

from collections.abc import Callable, Mapping

from reprise.domain.capabilities import Capabilities
from reprise.errors import NotFoundError
from reprise.ports import Provider
from reprise.providers import aimlapi, aimusicapi, kie, musicgpt, sunoapi
from reprise.providers.client import VendorHttp, VendorSettings

REGISTRY: Mapping[str, Callable[[VendorSettings, VendorHttp | None], Provider]] = {
    "kie": kie.Kie,
    "sunoapi": sunoapi.SunoApi,
    "aimusicapi": aimusicapi.AiMusicApi,
    "aimlapi": aimlapi.AimlApi,
    "musicgpt": musicgpt.MusicGpt,
}

CAPABILITIES: Mapping[str, Capabilities] = {
    "kie": kie.CAPABILITIES,
    "sunoapi": sunoapi.CAPABILITIES,
    "aimusicapi": aimusicapi.CAPABILITIES,
    "aimlapi": aimlapi.CAPABILITIES,
    "musicgpt": musicgpt.CAPABILITIES,
}


def build(name: str, settings: VendorSettings, http: VendorHttp | None) -> Provider:
    """Raises NotFoundError for a provider that we do not know."""
    if name not in REGISTRY:
        raise NotFoundError(f"no provider is named {name!r}; ours are {', '.join(REGISTRY)}")
    return REGISTRY[name](settings, http)
