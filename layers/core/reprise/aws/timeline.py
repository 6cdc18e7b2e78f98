"""The timeline in the table: what a change says is one element of its job's `timeline`, written with the change itself.

A list is paid for with each write of its item, so each PAGE lines move to an item of their own, `EVENTS#<sequence>`.
Releases 0.1 and 0.2 wrote every line as an item, `EVENT#<sequence>`, and the stream may still bring some.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reprise.aws.packed import pack, unpack
from reprise.codec import decode, encode
from reprise.domain.job import Change, Entry
from reprise.errors import UnreadableLineError

Item = dict[str, Any]

PAGE = 32
"""Lines. An ordinary cover has fourteen; one that is polled for hours has hundreds."""

FROM, TO = "EVENT#", "JOB"
"""Sort keys: old lines, pages and the job lie in this order, which is that of the timeline."""

SAID_BY_THE_ITEM = ("job_id", "tenant")


def told(entries: Sequence[Entry]) -> Item:
    """A list of one change."""
    lines = [{name: value for name, value in encode(one).items() if name not in SAID_BY_THE_ITEM} for one in entries]
    return {"L": [pack(lines)]}


def outbox_of(entries: Sequence[Entry]) -> Item:
    """The mark by which the event source knows a change that has something to pass on."""
    kinds = dict.fromkeys(entry.outbox.value for entry in entries if entry.outbox)
    return {"outbox": {"S": " ".join(kinds)}} if kinds else {}


def turns_page(change: Change) -> bool:
    after = change.job.entries
    return after // PAGE != (after - len(change.entries)) // PAGE


def page_item(job: Mapping[str, Any]) -> Item:
    """What a stored job has of its timeline, for itself."""
    sequence = unpack(job["timeline"]["L"][0])[0]["sequence"]
    key = {"pk": job["pk"], "sk": {"S": f"EVENTS#{sequence:06d}"}}
    return {**key, "tenant": job["tenant"], "timeline": job["timeline"]}


def lines_in(item: Mapping[str, Any]) -> Iterator[Entry]:
    """Of any item between FROM and TO."""
    for one in _old(item) if item["sk"]["S"].startswith(FROM) else _all(item):
        yield _entry(one, item)


def committed(image: Mapping[str, Any]) -> list[Entry | UnreadableLineError]:
    """What the change that led to an image of the stream has for the outbox, in order; for a line that cannot be read,
    why not."""
    try:
        lines = _news(image) if "timeline" in image else _old(image)
        return [_read(one, image) for one in lines]
    except Exception as error:
        return [_unreadable(error)]


def alone(record: Mapping[str, Any]) -> Item:
    """A record of the stream with nothing in it but what `committed` reads: the job itself is not for a queue."""
    told = record["dynamodb"]
    image = told.get("NewImage", {})
    if "timeline" not in image:
        return dict(record)
    kept = {name: image[name] for name in ("pk", "sk", "tenant", "outbox") if name in image}
    kept["timeline"] = {"L": image["timeline"].get("L", [])[-1:]}
    return {**record, "dynamodb": {**told, "NewImage": kept}}


def _news(image: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    found = [one for one in unpack(image["timeline"]["L"][-1]) if "outbox" in one]
    if not found:
        raise LookupError("it is marked as news and has none")
    return found


def _all(item: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for change in item.get("timeline", {"L": []})["L"]:
        yield from unpack(change)


def _old(item: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [json.loads(item["body"]["S"])]


def _read(line: Mapping[str, Any], image: Mapping[str, Any]) -> Entry | UnreadableLineError:
    try:
        return _entry(line, image)
    except Exception as error:
        return _unreadable(error)


def _entry(line: Mapping[str, Any], item: Mapping[str, Any]) -> Entry:
    if "job_id" not in line:
        line = {"job_id": item["pk"]["S"].removeprefix("JOB#"), "tenant": item["tenant"]["S"], **line}
    return decode(Entry, line)


def _unreadable(error: Exception) -> UnreadableLineError:
    return UnreadableLineError(f"{type(error).__name__}: {error}")
