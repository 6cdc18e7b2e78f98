"""What was kept is what was made, and was there before anybody was told so."""

from collections import defaultdict
from collections.abc import Iterator

from tests.e2e.storm.evidence import Case, Evidence, Finding

TRUNCATED = 1.0
"""S3 tells times in whole seconds."""


def kept(evidence: Evidence) -> Iterator[Finding]:
    """Each kept track lies in the bucket, whole, with the bytes that a vendor made for this very job."""
    tasks: dict[str, set[str]] = defaultdict(set)
    for row in evidence.purchases:
        tasks[row.job or ""].add(row.task)
    for case in evidence.cases:
        if case.deleted and any(not name.endswith((".json", ".txt")) for name in case.left):
            yield Finding("audio", f"was deleted, and {case.left} is still there", case.id, case.order)
        lineage = _lineage(case, {one.id: one for one in evidence.cases})
        own = {
            digest: size
            for job in lineage
            for task in tasks[job]
            for digest, size in evidence.made.get(task, {}).items()
        }
        yield from (Finding("audio", words, case.id, case.order) for words in _tracks(case, own))


def _lineage(case: Case, known: dict[str, Case]) -> list[str]:
    """A retry takes over what was bought for the job that it stands for."""
    found, at = [case.id], case
    while (old := at.cover["retry_of"]) and old in known and old not in found:
        found.append(old)
        at = known[old]
    return found + ([old] if old and old not in found else [])


def _tracks(case: Case, own: dict[str, int]) -> Iterator[str]:
    tracks = [track for track in case.cover["tracks"] if track["status"] == "kept"]
    if case.cover["state"] == "succeeded" and not tracks:
        yield "succeeded with nothing kept"
    if case.cover["state"] == "succeeded" and "cover.json" not in case.objects:
        yield "succeeded without its cover.json"
    for track in tracks:
        yield from _track(case, track["number"], track["sha256"], track["bytes"], own)
    if len({track["sha256"] for track in tracks}) != len(tracks):
        yield "two of its tracks are the same take"
    named = {track["sha256"] for track in case.cover["tracks"]}
    for name, one in case.audio.items():
        if one.sha256 not in named and case.cover["state"] == "succeeded":
            yield f"{name} lies in the bucket, and is no track of it"


def _track(case: Case, number: int, digest: str, size: int, own: dict[str, int]) -> Iterator[str]:
    lines = [
        line["data"] for line in case.timeline if line["type"] == "track.kept" and line["data"]["number"] == number
    ]
    stored = next((one for name, one in case.audio.items() if f"-{digest[:12]}-" in name), None)
    if stored is None:
        yield f"track {number} is not in the bucket"
    elif (stored.sha256, stored.size) != (digest, size):
        yield f"track {number} is not the {size} bytes that were kept"
    if not lines or (lines[-1]["sha256"], lines[-1]["size"]) != (digest, size):
        yield f"the timeline tells of other bytes of track {number}"
    if case.played.get(number) != digest:
        yield f"the link of track {number} gives something else"
    if own.get(digest) != size:
        yield f"track {number} is nothing that a vendor made for this job"


def told_too_early(evidence: Evidence) -> Iterator[Finding]:
    """Whoever hears `cover.succeeded` finds the audio: when the event came, and by the bucket's own times."""
    cases = {case.id: case for case in evidence.cases}
    for heard in evidence.heard:
        case = cases.get(heard.body["job"])
        if heard.body["type"] != "cover.succeeded" or case is None or heard.found is None:
            continue
        if case.deleted:
            continue  # it may have been gone when the event came
        digests = {track["number"]: track["sha256"] or "" for track in case.cover["tracks"]}
        numbers = heard.body["data"]["tracks"]
        missing = [n for n in numbers if not any(f"-{digests.get(n, '?')[:12]}-" in name for name in heard.found)]
        absent = missing or ("its cover.json" if "cover.json" not in heard.found else None)
        if absent:
            yield Finding("too early", f"cover.succeeded came, and {absent} was not there", case.id)
        late = [name for name, one in case.audio.items() if one.modified > heard.at + TRUNCATED]
        if late:
            yield Finding("too early", f"{late} was stored after cover.succeeded had come", case.id)
