"""The table's stream as `dispatch` is shown it: behind the filter that the template draws, in Lambda's own JSON."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
from reprise.aws import clients

from cli.stream import encoded
from tests.template import functions

Record = dict[str, Any]


def shown(table: str, job_id: str | None = None) -> list[Record]:
    """All records since the table was made, or those of one job."""
    streams = boto3.client("dynamodbstreams")
    arn = clients.dynamodb().describe_table(TableName=table)["Table"]["LatestStreamArn"]
    (shard,) = streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
    place = streams.get_shard_iterator(StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON")
    found = streams.get_records(ShardIterator=place["ShardIterator"])["Records"]
    records: list[Record] = json.loads(encoded(found))
    mine = [one for one in records if job_id is None or one["dynamodb"]["Keys"]["pk"] == {"S": f"JOB#{job_id}"}]
    return [one for one in mine if admits(pattern(), one)]


def pattern() -> Mapping[str, Any]:
    (source,) = (one["Properties"] for one in functions()["dispatch"]["Events"].values() if one["Type"] == "DynamoDB")
    (one,) = source["FilterCriteria"]["Filters"]
    return dict(json.loads(one["Pattern"]))


def admits(wanted: Any, told: Any) -> bool:
    """Of Lambda's rules for event filters those that ours uses: names, lists of values, `exists`."""
    if isinstance(wanted, dict):
        return all(admits(one, told.get(name) if isinstance(told, dict) else None) for name, one in wanted.items())
    return told is not None if wanted == [{"exists": True}] else told in wanted
