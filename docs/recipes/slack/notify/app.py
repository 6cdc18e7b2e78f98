"""One line in Slack for each cover that ended. An error is raised, so that SNS tries again."""

import functools
import json
import os
import urllib.request

import boto3

SIGNS = {"cover.succeeded": ":musical_note:", "cover.failed": ":warning:"}


def handler(notification, context):
    for record in notification["Records"]:
        tell(json.loads(record["Sns"]["Message"]))


def tell(event):
    text = f"{SIGNS[event['type']]} {event['message']} (cover {event['job']}, by {event['provider']})"
    body = json.dumps({"text": text}).encode()
    request = urllib.request.Request(slack_url(), body, {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()


@functools.cache
def slack_url():
    found = boto3.client("ssm").get_parameter(Name=os.environ["SLACK_URL"], WithDecryption=True)
    return found["Parameter"]["Value"]
