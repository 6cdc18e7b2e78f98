"""Outbound: one file a vendor, named like it. A provider is a table or two, two translators and a thin client.

`suno.py` is what kie.ai and sunoapi.org share, `aimusicapi_clips.py` the translator of aimusicapi.org's answers.
`studio.py` speaks to a service of our own.
"""

from collections.abc import Mapping
from importlib import import_module
from typing import Any

from reprise.domain.capabilities import Capabilities
from reprise.errors import NotFoundError
from reprise.ports import Provider
from reprise.providers.client import VendorHttp, VendorSettings

REGISTRY: Mapping[str, str] = {
    "kie": "Kie",
    "sunoapi": "SunoApi",
    "aimusicapi": "AiMusicApi",
    "aimlapi": "AimlApi",
    "musicgpt": "MusicGpt",
    "studio": "Studio",
}
"""The class in the module of the same name. A module is loaded with its first use: a callback is about one of them."""

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
    made: Provider = getattr(_module(name), REGISTRY[name])(settings, http)
    return made


def capabilities() -> dict[str, Capabilities]:
    """What each provider can do, before an owner sets anything."""
    return {name: _module(name).CAPABILITIES for name in REGISTRY}


def _module(name: str) -> Any:
    return import_module(f"reprise.providers.{name}")
