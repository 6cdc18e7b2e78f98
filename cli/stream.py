"""The table's stream, read once more from a place that Lambda gave up."""

import base64
import json
from datetime import datetime
from typing import Any

MOST_EMPTY = 20
"""Pages without a record before we stop looking for the rest of a batch."""


def records_between(client: Any, stream: str, shard: str, first: str, last: str) -> list[dict[str, Any]]:
    """What has news for the outbox from `first` to `last`, as the event source would have shown them to `dispatch`.

    Raises LookupError unless both ends were seen: what cannot be read must not count as passed on.
    """
    place = client.get_shard_iterator(
        StreamArn=stream, ShardId=shard, ShardIteratorType="AT_SEQUENCE_NUMBER", SequenceNumber=first
    )["ShardIterator"]
    found: list[dict[str, Any]] = []
    empty = 0
    while place and empty < MOST_EMPTY and not (found and _number(found[-1]) >= int(last)):
        page = client.get_records(ShardIterator=place)
        found += page["Records"]
        empty = 0 if page["Records"] else empty + 1
        place = page.get("NextShardIterator")
    seen = {_number(one) for one in found}
    if not {int(first), int(last)} <= seen:
        raise LookupError(f"of its place in the stream {len(found)} records can be read, and not both of its ends")
    return [one for one in found if _number(one) <= int(last) and _is_outbox(one)]


def encoded(event: Any) -> bytes:
    """As Lambda would have it: times are Unix seconds, bytes Base64."""
    return json.dumps(event, default=_plain).encode()


def _is_outbox(record: dict[str, Any]) -> bool:
    """The filter of the event source in template.yaml."""
    return record["eventName"] in ("INSERT", "MODIFY") and "outbox" in record["dynamodb"].get("NewImage", {})


def _number(record: dict[str, Any]) -> int:
    return int(record["dynamodb"]["SequenceNumber"])


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.timestamp()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} in a stream record")
