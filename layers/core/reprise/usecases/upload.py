"""A song dropped into the inbox bucket becomes a job: its wishes are the object's metadata over a preset's."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from reprise.domain.audio import NO_SONG, audio_type
from reprise.domain.create import create, enqueue
from reprise.domain.job import Leg
from reprise.domain.presets import PRESETS
from reprise.domain.request import CoverRequest, Source
from reprise.domain.violation import Violation
from reprise.errors import InvalidError, MalformedError
from reprise.ports import Claim, Clock, Found, Inbox, JobStore
from reprise.usecases.plan import Plan

FOLDER = "inbox/"
EVENT_LIFE = timedelta(days=31)
"""A song leaves the inbox after thirty days: until then its event may be played again, from the dead letters too."""

MOST_KEY = 1024
"""Bytes of an object's key; an S3 limit."""

ParseWishes = Callable[[Mapping[str, object], Mapping[str, str], Source], CoverRequest]


class Dropped(StrEnum):
    QUEUED = "queued"
    REPEATED = "repeated"
    REFUSED = "refused"
    IGNORED = "ignored"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a song, and the job where there is one."""

    became: Dropped
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class TakeIn:
    jobs: JobStore
    inbox: Inbox
    plan: Plan
    parse: ParseWishes
    clock: Clock
    new_id: Callable[[], str]
    new_key: Callable[[], str]
    tenant: str

    def __call__(self, key: str, event_id: str) -> TakenIn:
        """`event_id` is the same in every delivery of one S3 event, and in no other event."""
        if not key.startswith(FOLDER) or key.endswith("/"):
            return TakenIn(Dropped.IGNORED)
        found = self.inbox.look(key)
        if found is None:
            return TakenIn(Dropped.IGNORED)  # taken away again before we came
        try:
            request = self._request(key, found)
            legs = self._legs(request, found)
        except (InvalidError, MalformedError) as error:
            self.inbox.write(_note_of(key), _refusal(key, error))
            return TakenIn(Dropped.REFUSED)
        now = self.clock.now()
        job = create(self.new_id(), self.tenant, request, legs, now, audio_key=self.new_key())
        claim = Claim(self.tenant, f"s3:{key}:{event_id}", fingerprint=event_id, life=EVENT_LIFE)
        held = self.jobs.create(enqueue(job, now), claim)
        self.inbox.remove(_note_of(key))  # of an earlier drop: it would still say that there is no cover
        return TakenIn(Dropped.REPEATED, held.job_id) if held else TakenIn(Dropped.QUEUED, job.id)

    def _request(self, key: str, found: Found) -> CoverRequest:
        """Raises InvalidError, MalformedError."""
        if audio_type(found.head) is None:
            raise InvalidError(Violation("source", "not-audio", f"{NO_SONG}: {found.size} bytes", length=found.size))
        return self.parse(self._preset(key), _wishes(found.metadata), Source(key=key))

    def _legs(self, request: CoverRequest, found: Found) -> tuple[Leg, ...]:
        """Raises InvalidError. Where nobody takes a song without a wish, it says how to wish: each provider has a rule
        of its own for that."""
        try:
            return self.plan(request, found)
        except InvalidError:
            if request.prompt or request.style or request.lyrics or request.voice:
                raise
            folders = ", ".join(f"{FOLDER}{name}/" for name in PRESETS)
            ways = f"drop it with x-amz-meta-style, or into a preset's folder: {folders}"
            words = f"say what the song should become: {ways}"
            raise InvalidError(Violation("style", "required", words)) from None

    def _preset(self, key: str) -> Mapping[str, object]:
        """The owner's `presets/<name>.json` in the same bucket, else one of ours."""
        name = key.removeprefix(FOLDER).rpartition("/")[0]
        if not name:
            return {}
        place = f"presets/{name}.json"
        own = self.inbox.read(place) if len(place.encode()) <= MOST_KEY else None
        if own is not None:
            return _parsed(name, own)
        ours = next((preset for preset in PRESETS if _plain(preset) == _plain(name)), None)
        if ours:
            return PRESETS[ours]
        known = ", ".join(PRESETS)
        raise InvalidError(Violation("preset", "unknown", f"no preset is named {name!r}; ours are {known}"))


def _note_of(key: str) -> str:
    """Where the refusal of a song is noted: under its own name, or where that has no room for more, its hash."""
    place = f"refused/{key.removeprefix(FOLDER)}.json"
    return place if len(place.encode()) <= MOST_KEY else f"refused/{hashlib.sha256(key.encode()).hexdigest()}.json"


def _plain(name: str) -> str:
    """`Lo-Fi Jazz` is `lofi-jazz`."""
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _wishes(metadata: Mapping[str, str]) -> dict[str, str]:
    """`x-amz-meta-negative-style` arrives as `negative-style`."""
    return {name.lower().replace("-", "_"): value for name, value in metadata.items()}


def _parsed(name: str, body: bytes) -> Mapping[str, object]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedError(f"presets/{name}.json is not JSON") from error
    if not isinstance(value, dict):
        raise MalformedError(f"presets/{name}.json is not a JSON object")
    return value


def _refusal(key: str, error: Exception) -> str:
    return json.dumps({"song": key, "refused": str(error)}, indent=2, ensure_ascii=False) + "\n"
