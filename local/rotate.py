"""`make rotate`: a new key for the callback tokens of a deployed stack. The one before it stays good until the next
rotation, so callbacks that are under way are heard. Uses the AWS credentials of the shell; prints no secret."""

import argparse
import sys
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from reprise.tokens import LIFE

from local.errors import LocalError

CURRENT, PREVIOUS = "AWSCURRENT", "AWSPREVIOUS"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make rotate", description=__doc__)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--leaked", action="store_true", help="twice, so that no key from before is good any more")
    asked = parser.parse_args(arguments)
    try:
        print(rotate(asked.stack, asked.leaked, datetime.now(UTC)))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def rotate(stack: str, leaked: bool, now: datetime) -> str:
    """What was done, in words. Raises LocalError for whatever AWS has to say against it."""
    if not stack.strip():
        raise LocalError("STACK is empty.", "make rotate STACK=...")
    try:
        secret, client = _secret(stack), boto3.client("secretsmanager")
        if not leaked:
            _refuse_too_soon(client, secret, now)
        for _ in range(2 if leaked else 1):
            _put_new(client, secret)
    except BotoCoreError as error:
        told = str(error).rstrip(".")
        mend = "it takes AWS credentials (AWS_PROFILE, or `aws configure`), AWS_DEFAULT_REGION and a connection"
        raise LocalError(f"AWS could not be asked: {told}.", mend) from error
    except ClientError as error:
        said = error.response["Error"]
        mend = "name your stack with STACK=, and use credentials that may read it and write its secret"
        raise LocalError(f"AWS refused it: {said.get('Code')}: {said.get('Message')}", mend) from error
    kept = "no key from before is good any more" if leaked else "callbacks signed with the one before are still heard"
    return f"The key of the callback tokens of {stack} is a new one; {kept}."


def _secret(stack: str) -> str:
    resources = boto3.client("cloudformation")
    found = resources.describe_stack_resource(StackName=stack, LogicalResourceId="TokenSecret")
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def _refuse_too_soon(client: Any, secret: str, now: datetime) -> None:
    """A rotation drops the key before the current one: tokens that it signed may be as old as the current one."""
    versions = client.list_secret_version_ids(SecretId=secret)["Versions"]
    if not any(PREVIOUS in one["VersionStages"] for one in versions):
        return
    since = max(one["CreatedDate"] for one in versions if CURRENT in one["VersionStages"])
    if now - since < LIFE:
        raise LocalError(
            f"The key was rotated at {since.isoformat(timespec='minutes')}; callbacks signed with the one before it "
            f"may come for {LIFE.days} days.",
            "wait, or, if a key has leaked, add LEAKED=1 and let the polls find what callbacks cannot tell",
        )


def _put_new(client: Any, secret: str) -> None:
    new = client.get_random_password(PasswordLength=48, ExcludePunctuation=True)["RandomPassword"]
    client.put_secret_value(SecretId=secret, SecretString=new)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
