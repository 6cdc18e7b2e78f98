"""Changes, and lines of old releases, that were not passed on: through `dispatch` once more."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from cli.invoke import StaysError, invoke, parsed
from cli.letters import Letter
from cli.stream import encoded, records_between
from cli.target import Target

MOST_RECORDS = 100
MOST_BYTES = 4_000_000
"""Of one invocation; Lambda takes 6 MB."""

JOB = "JOB"
"""The sort key of a job, which holds its changes."""

FORGOTTEN = ("TrimmedDataAccessException", "ResourceNotFoundException", "ExpiredIteratorException")


class Lines:
    """Through `dispatch`. Events are told twice where they had been told already; their `id` says which."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._played: dict[str, Letter] = {}

    def play(self, letter: Letter) -> None:
        told = parsed(letter)
        if "unreadable" in told:
            self._played[line_of(told)] = letter
            pass_on(self._target, [_record(self._target, told)])
        elif "DDBStreamBatchInfo" in told:
            for batch in batches(_read_again(self._target, told["DDBStreamBatchInfo"])):
                pass_on(self._target, batch)
        else:
            raise StaysError("it is neither a line nor a place in the stream")

    def came_back(self, letter: Letter) -> str:
        """`dispatch` sets aside what it cannot read, and counts that as done."""
        try:
            told = parsed(letter)
        except StaysError:
            return ""
        first = self._played.get(line_of(told)) if "unreadable" in told else None
        if first is None or letter.id == first.id or letter.sent < first.first_seen:
            return ""
        return f"dispatch still cannot read it, and set it aside again: {told['unreadable']}"


def line_of(told: Mapping[str, Any]) -> str:
    """Which line an unreadable letter is about."""
    return json.dumps([told.get("keys"), told.get("sequence_number")], sort_keys=True)


def _record(target: Target, told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The stream record that was set aside. A line of release 0.2 or before that was too long for a message is made of
    the table's; a change is not: the job may have changed since, and none is known to be that long."""
    if told.get("record"):
        return dict(told["record"])
    keys = told.get("keys")
    if not keys:
        raise StaysError("it does not say which line it is about")
    if keys["sk"]["S"] == JOB:
        raise StaysError("its change was too long for a letter; the timeline still tells it")
    found = target.client("dynamodb").get_item(TableName=target.id("Table"), Key=keys, ConsistentRead=True)
    if "Item" not in found:
        raise StaysError("the table does not have the line any more: its cover was deleted")
    image = {"Keys": keys, "NewImage": found["Item"], "SequenceNumber": told.get("sequence_number") or "0"}
    return {"eventName": "INSERT", "eventSource": "aws:dynamodb", "dynamodb": image}


def _read_again(target: Target, place: Mapping[str, Any]) -> list[dict[str, Any]]:
    try:
        return records_between(
            target.client("dynamodbstreams"),
            place["streamArn"],
            place["shardId"],
            place["startSequenceNumber"],
            place["endSequenceNumber"],
        )
    except KeyError as error:
        raise StaysError(f"it does not say the {error} of its place in the stream") from error
    except LookupError as error:
        raise StaysError(str(error)) from error
    except ClientError as error:
        if error.response["Error"]["Code"] in FORGOTTEN:
            raise StaysError("the stream has forgotten the place (it keeps 24 hours); timelines still tell") from error
        raise


def pass_on(target: Target, records: Sequence[Mapping[str, Any]]) -> None:
    answer = invoke(target, "DispatchFunction", {"Records": list(records)})
    failed = answer.get("batchItemFailures") if isinstance(answer, dict) else None
    if failed is None:
        raise StaysError(f"dispatch did not say how it went, but {json.dumps(answer)[:200]}")
    if failed:
        raise StaysError(f"dispatch failed at {len(failed)} of {len(records)} changes; its log says why")


def batches(records: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """As many at once as one invocation takes."""
    batch: list[dict[str, Any]] = []
    size = 0
    for record in records:
        length = len(encoded(record))
        if batch and (len(batch) == MOST_RECORDS or size + length > MOST_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(record)
        size += length
    if batch:
        yield batch
