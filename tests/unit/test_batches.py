"""What fails of a batch comes back alone; of a stream, what is behind it is left for when it comes again."""

from collections.abc import Mapping
from typing import Any

from reprise.batches import each


def test_of_a_queue_each_message_is_worked_and_those_that_failed_come_back() -> None:
    worked: list[str] = []

    def work(record: Mapping[str, Any]) -> None:
        worked.append(record["messageId"])
        if record["messageId"] == "2":
            raise ConnectionError("no")

    event = {"Records": [{"messageId": one, "body": "{}"} for one in "123"]}
    assert each(event, work) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert worked == ["1", "2", "3"]


def test_of_a_stream_nothing_behind_a_failure_is_told_before_its_time() -> None:
    worked: list[str] = []

    def work(record: Mapping[str, Any]) -> None:
        worked.append(record["dynamodb"]["SequenceNumber"])
        if worked[-1] == "2":
            raise ConnectionError("no")

    event = {"Records": [{"dynamodb": {"SequenceNumber": one, "Keys": {"pk": {"S": "JOB#1"}}}} for one in "123"]}
    assert each(event, work) == {"batchItemFailures": [{"itemIdentifier": "2"}]}
    assert worked == ["1", "2"]
