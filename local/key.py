"""`make key`: an API key for a deployed stack, printed once. Uses the AWS credentials of the shell."""

import argparse

import boto3
from reprise.aws.key_store import create_key


def main() -> None:
    parser = argparse.ArgumentParser(prog="make key", description=__doc__)
    parser.add_argument("--stack", required=True)
    parser.add_argument("--tenant", required=True)
    asked = parser.parse_args()
    found = boto3.client("cloudformation").describe_stacks(StackName=asked.stack)["Stacks"][0].get("Outputs", [])
    table = next(output["OutputValue"] for output in found if output["OutputKey"] == "TableName")
    print(create_key(table, asked.tenant, boto3.client("dynamodb")))


if __name__ == "__main__":
    main()
