"""Our own API's words: the canonical request as JSON. `http/shapes/bodies.py` describes what is read here."""

from collections.abc import Mapping
from math import isclose
from typing import Any, Literal, get_args

from reprise.dialects.body import AUTO, storable
from reprise.dialects.fields import upload_key
from reprise.dialects.reading import Place, Table, fields, nested, nullable
from reprise.dialects.values import limited, matching, number, one_of, optional, text, trimmed, truth, whole
from reprise.domain.endpoint import EVENT_TYPES
from reprise.domain.request import CoverRequest, Output, Source, Webhook, WhenUnknown
from reprise.net.urls import url_fault
from reprise.settings import Network

MOST_METADATA = 20
LONGEST_TEXT = 5000
LONGEST_LABEL = 256
LONGEST_VALUE = 500
"""Characters of a metadata value: a job with the longest texts must fit into one item of 400 KB, and grow there."""

MOST_PROVIDERS = 10
MOST_USD = 1000

WEIGHT = (0, 1)
PITCH = (-12, 12)
"""Semitones."""

DEADLINE = (60, 86_400)
"""Seconds."""

SAMPLE_RATE = (8000, 192_000)
"""Hz."""

BITRATE = (32_000, 512_000)
"""Bit/s."""

UPLOAD = r"^[0-9a-f]{32}$"

Gender = Literal["male", "female"]
Format = Literal["mp3", "wav", "flac", "pcm"]


def _weight(value: Any, place: Place) -> Any:
    """0.1 + 0.2 of a client's arithmetic is meant as 0.3."""
    found = limited(number(value, place), value, place, *map(float, WEIGHT))
    if found is not None and not isclose(found, round(found, 2), rel_tol=1e-9):
        return place.fault(value, "step", "must be a multiple of 0.01")
    return None if found is None else round(found, 2)


def _price(value: Any, place: Place) -> Any:
    found = number(value, place)
    if found is not None and found <= 0:
        return place.fault(value, "too-small", "must be above 0", 0.0)
    return limited(found, value, place, 0.0, float(MOST_USD))


def _providers(value: Any, place: Place) -> Any:
    """`auto`, a name, or names in order; metadata of a dropped song is text, and its names stand between commas."""
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        return place.fault(value, "type", "must be `auto`, a provider's name or a list of names")
    found = tuple(name.strip() for name in names)
    if not found or not all(found) or len(found) > MOST_PROVIDERS:
        return place.fault(value, "malformed", f"must name 1 to {MOST_PROVIDERS} providers")
    return () if found == (AUTO,) else found


_label, _value = trimmed(LONGEST_LABEL), trimmed(LONGEST_VALUE)


def _metadata(value: Any, place: Place) -> Any:
    """Names that differ in the space around them are one."""
    if not isinstance(value, dict):
        return place.fault(value, "type", "must be an object")
    noted = len(place.faults)
    found = {}
    for name, one in value.items():
        inner = place.within(name)
        label = _label(name, inner.within("[key]"))
        found[label] = _value(one, inner)
    if len(found) > MOST_METADATA and len(place.faults) == noted:
        return place.fault(value, "too-many", f"at most {MOST_METADATA} entries", MOST_METADATA)
    return found


def _public(value: Any, place: Place) -> Any:
    fault = url_fault(value, place.networks) if isinstance(value, str) else None
    return place.fault(value, "refused", fault) if fault else text(value, place)


def _event(value: Any, place: Place) -> Any:
    if isinstance(value, str) and value not in EVENT_TYPES:
        return place.fault(value, "not-one-of", f"must be one of {', '.join(EVENT_TYPES)}")
    return text(value, place)


def _events(value: Any, place: Place) -> Any:
    """Each once."""
    if not isinstance(value, list):
        return place.fault(value, "type", "must be a list")
    if len(value) > len(EVENT_TYPES):
        return place.fault(value, "too-many", f"at most {len(EVENT_TYPES)} entries", len(EVENT_TYPES))
    return tuple(dict.fromkeys(_event(one, place.within(str(index))) for index, one in enumerate(value)))


def _source(found: Mapping[str, Any], place: Place) -> Any:
    """As it was given: whose upload it is, who reads the body knows."""
    given = [name for name in ("url", "upload") if found.get(name) is not None]
    if len(given) == 1:
        return found
    return place.fault(None, "too-many" if given else "required", "give either url or upload")


WEBHOOK: Table = {"url": _public, "events": _events}

SOURCE: Table = {
    "url": nullable(_public),
    "upload": nullable(matching(UPLOAD)),
    "name": optional(LONGEST_LABEL),
}

OUTPUT: Table = {
    "format": nullable(one_of(get_args(Format))),
    "sample_rate": nullable(whole(*SAMPLE_RATE)),
    "bitrate": nullable(whole(*BITRATE)),
}

WISHES: Table = {
    "provider": _providers,
    "model": optional(LONGEST_LABEL),
    "prompt": optional(LONGEST_TEXT),
    "lyrics": optional(LONGEST_TEXT),
    "style": optional(LONGEST_TEXT),
    "title": optional(LONGEST_TEXT),
    "instrumental": truth,
    "negative_style": optional(LONGEST_TEXT),
    "vocal_gender": nullable(one_of(get_args(Gender))),
    "style_weight": nullable(_weight),
    "weirdness": nullable(_weight),
    "audio_weight": nullable(_weight),
    "voice": optional(LONGEST_LABEL),
    "pitch": nullable(whole(*PITCH)),
    "output": nullable(nested(OUTPUT, lambda found, _: Output(**found))),
    "max_usd": nullable(_price),
    "deadline": whole(*DEADLINE),
    "strict": truth,
    "when_unknown": one_of(WhenUnknown),
    "metadata": _metadata,
}
"""All that can be wished for, but the song itself. What is not there is as `CoverRequest` has it."""

COVER: Table = {
    **WISHES,
    "source": nested(SOURCE, _source),
    "webhook": nullable(nested(WEBHOOK, lambda found, _: Webhook(**found), required=("url",))),
}


def parse_cover(body: Mapping[str, Any], tenant: str, networks: tuple[Network, ...]) -> CoverRequest:
    """Raises InvalidError with every broken rule."""
    place = Place(networks=networks)
    found = fields(body, place, COVER, required=("source",))
    place.check()
    source = found.pop("source")
    upload = source.pop("upload", None)
    return _request(found, Source(**source, key=upload_key(tenant, upload) if upload else None))


def parse_webhook(body: Mapping[str, Any], networks: tuple[Network, ...]) -> Webhook:
    """Raises InvalidError with every broken rule."""
    place = Place(networks=networks)
    found = fields(body, place, WEBHOOK, required=("url",))
    place.check()
    return Webhook(**found)


def parse_wishes(preset: Mapping[str, object], metadata: Mapping[str, str], source: Source) -> CoverRequest:
    """Wishes of a dropped song. All values may be text. A preset is a request of its own, strict about names;
    of the object's metadata, which any tool adds to, names that we do not know are kept as metadata.

    Raises InvalidError with every broken rule, MalformedError for what cannot be stored."""
    storable({**preset, **metadata}, "a wish")
    known = {name: value for name, value in metadata.items() if name in WISHES and name != "metadata"}
    rest = {name: value for name, value in metadata.items() if name not in WISHES}
    own = _wishes(preset).get("metadata", {})
    return _request(_wishes({**preset, **known, "metadata": {**own, **rest}}), source)


def _wishes(values: Mapping[str, object]) -> dict[str, Any]:
    place = Place(lenient=True)
    found = fields(values, place, WISHES)
    place.check()
    return found


def _request(found: dict[str, Any], source: Source) -> CoverRequest:
    return CoverRequest(source=source, providers=found.pop("provider", ()), **found)
