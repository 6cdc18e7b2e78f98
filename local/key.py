"""`make key`: an API key for a deployed stack, printed once. Uses the AWS credentials of the shell."""

import argparse
import sys
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError
from reprise.aws.key_store import create_key

from local.errors import LocalError


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="make key", description=__doc__)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--tenant", required=True)
    asked = parser.parse_args(arguments)
    try:
        print(new_key(asked.stack, asked.tenant))
    except LocalError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


def new_key(stack: str, tenant: str) -> str:
    """Raises LocalError for whatever AWS has to say against it."""
    for name, value in (("STACK", stack), ("TENANT", tenant)):
        if not value.strip():
            raise LocalError(f"{name} is empty.", f"make key {name}=...")
    try:
        table = _table(boto3.client("cloudformation"), stack)
        return create_key(table, boto3.client("dynamodb"), tenant=tenant)[1]
    except BotoCoreError as error:
        told = str(error).rstrip(".")
        mend = "it takes AWS credentials (AWS_PROFILE, or `aws configure`), AWS_DEFAULT_REGION and a connection"
        raise LocalError(f"AWS could not be asked: {told}.", mend) from error
    except ClientError as error:
        said = error.response["Error"]
        mend = "use credentials that are valid and may read the stack and write its table"
        raise LocalError(f"AWS refused it: {said.get('Code')}: {said.get('Message')}", mend) from error


def _table(cloudformation: Any, stack: str) -> str:
    try:
        found = cloudformation.describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        region = cloudformation.meta.region_name
        raise LocalError(
            f"There is no stack {stack} in {region}.", "name yours with STACK=, its region with AWS_DEFAULT_REGION="
        ) from error
    for output in found.get("Outputs", ()):
        if output["OutputKey"] == "TableName":
            return str(output["OutputValue"])
    raise LocalError(f"The stack {stack} is no Reprise, or not deployed yet.", "name yours with STACK=")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
