"""Each event onto the bus: its type as the detail type, all of it as the detail.

An error is raised, so that SNS tries again.
"""

import json
import os

import boto3

events = boto3.client("events")


def handler(notification, context):
    entries = [entry(record["Sns"]["Message"]) for record in notification["Records"]]
    answer = events.put_events(Entries=entries)
    if answer["FailedEntryCount"]:
        raise RuntimeError(f"EventBridge did not take {answer['FailedEntryCount']} of {len(entries)} events")


def entry(message):
    event = json.loads(message)
    return {
        "EventBusName": os.environ["BUS"],
        "Source": "reprise",
        "DetailType": event["type"],
        "Time": event["at"],
        "Resources": [event["job"]],
        "Detail": message,
    }
