"""One botocore session, one client a service, made when first used.

Not boto3's: its session imports resources and S3's transfer manager, which nobody here uses.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

import botocore.session
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
    user_agent="reprise/0.1",
)
"""botocore's own User-Agent is built twice for each call from a dozen parts: a seventh of a warm callback."""

REGIONAL = Config(
    signature_version="s3v4",
    s3={"addressing_style": "virtual", "payload_signing_enabled": False},
    read_timeout=60,
)
"""Signs for the region's own host: outside us-east-1 the global one redirects, which breaks the signature. What is put
has a checksum that S3 verifies; the signature would hash 200 MB once more."""


UNCHECKED = Config(parameter_validation=False)
"""DynamoDB checks every call itself. botocore would walk each item before: a tenth of a warm callback. Of the others
it checks what they would take for another call, such as an object without a name for its bucket."""


@cache
def session() -> botocore.session.Session:
    return botocore.session.get_session()


def _client(service: str, config: Config = CONFIG) -> Any:
    return session().create_client(service, config=config)


@cache
def dynamodb() -> "DynamoDBClient":
    return _client("dynamodb", CONFIG.merge(UNCHECKED))  # type: ignore[no-any-return]


@cache
def s3() -> "S3Client":
    return _client("s3", CONFIG.merge(REGIONAL))  # type: ignore[no-any-return]


@cache
def sqs() -> "SQSClient":
    return _client("sqs")  # type: ignore[no-any-return]


@cache
def sns() -> "SNSClient":
    return _client("sns")  # type: ignore[no-any-return]


@cache
def ssm() -> "SSMClient":
    return _client("ssm")  # type: ignore[no-any-return]


@cache
def secretsmanager() -> "SecretsManagerClient":
    return _client("secretsmanager")  # type: ignore[no-any-return]
