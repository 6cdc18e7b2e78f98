"""Outbound: one file a vendor, named like it. A provider is a table or two, two translators and a thin client.

`suno.py` is what kie.ai and sunoapi.org share, `aimusicapi_clips.py` the translator of aimusicapi.org's answers.
`studio.py` speaks to a service of our own.
"""

from collections.abc import Callable, Mapping

from reprise.domain.capabilities import Capabilities
from reprise.errors import NotFoundError
from reprise.ports import Provider
from reprise.providers import aimlapi, aimusicapi, kie, musicgpt, studio, sunoapi
from reprise.providers.client import VendorHttp, VendorSettings

REGISTRY: Mapping[str, Callable[[VendorSettings, VendorHttp | None], Provider]] = {
    "kie": kie.Kie,
    "sunoapi": sunoapi.SunoApi,
    "aimusicapi": aimusicapi.AiMusicApi,
    "aimlapi": aimlapi.AimlApi,
    "musicgpt": musicgpt.MusicGpt,
    "studio": studio.Studio,
}

CAPABILITIES: Mapping[str, Capabilities] = {
    "kie": kie.CAPABILITIES,
    "sunoapi": sunoapi.CAPABILITIES,
    "aimusicapi": aimusicapi.CAPABILITIES,
    "aimlapi": aimlapi.CAPABILITIES,
    "musicgpt": musicgpt.CAPABILITIES,
    "studio": studio.CAPABILITIES,
}

WITHOUT_A_HOST = ("studio",)
"""Those whose only address is the one that the owner names."""


def missing(name: str, settings: VendorSettings) -> str | None:
    """The parameter for want of which a provider is switched off."""
    if not settings.api_key:
        return "api-key"
    return "base-url" if name in WITHOUT_A_HOST and not settings.base_url else None


def build(name: str, settings: VendorSettings, http: VendorHttp | None) -> Provider:
    """Raises NotFoundError for a provider that we do not know."""
    if name not in REGISTRY:
        raise NotFoundError(f"no provider is named {name!r}; ours are {', '.join(REGISTRY)}")
    return REGISTRY[name](settings, http)
