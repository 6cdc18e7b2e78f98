"""One boto3 session, one client a service, made when first used."""

from functools import cache
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sns import SNSClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_ssm import SSMClient

CONFIG = Config(
    connect_timeout=3,
    read_timeout=10,
    retries={"mode": "standard", "max_attempts": 4},
)

REGIONAL = Config(
    signature_version="s3v4",
    s3={"addressing_style": "virtual", "payload_signing_enabled": False},
    read_timeout=60,
)
"""Signs for the region's own host: outside us-east-1 the global one redirects, which breaks the signature. What is put
has a checksum that S3 verifies; the signature would hash 200 MB once more."""


@cache
def dynamodb() -> "DynamoDBClient":
    return boto3.client("dynamodb", config=CONFIG)


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=CONFIG.merge(REGIONAL))


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=CONFIG)


@cache
def sns() -> "SNSClient":
    return boto3.client("sns", config=CONFIG)


@cache
def ssm() -> "SSMClient":
    return boto3.client("ssm", config=CONFIG)


@cache
def secretsmanager() -> "SecretsManagerClient":
    return boto3.client("secretsmanager", config=CONFIG)
