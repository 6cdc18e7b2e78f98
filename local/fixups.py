"""What the engine's CloudFormation leaves out, set by its API once the stack exists. Each names what it restores."""

from collections.abc import Callable, Iterator
from typing import Any

from local.engine import Engine
from local.localize import Document

Properties = dict[str, Any]
Fixup = Callable[[Engine, str, Properties], None]


def cors(engine: Engine, api_id: str, properties: Properties) -> None:
    """AWS::ApiGatewayV2::Api CorsConfiguration: stored in a spelling that the engine itself does not read."""
    if configuration := properties.get("CorsConfiguration"):
        engine.client("apigatewayv2").update_api(ApiId=api_id, CorsConfiguration=configuration)


def time_to_live(engine: Engine, table: str, properties: Properties) -> None:
    """AWS::DynamoDB::Table TimeToLiveSpecification: ignored."""
    if specification := properties.get("TimeToLiveSpecification"):
        engine.client("dynamodb").update_time_to_live(TableName=table, TimeToLiveSpecification=specification)


def point_in_time_recovery(engine: Engine, table: str, properties: Properties) -> None:
    """AWS::DynamoDB::Table PointInTimeRecoverySpecification: ignored."""
    if specification := properties.get("PointInTimeRecoverySpecification"):
        engine.client("dynamodb").update_continuous_backups(
            TableName=table, PointInTimeRecoverySpecification=specification
        )  # fmt: skip


def lifecycle(engine: Engine, bucket: str, properties: Properties) -> None:
    """AWS::S3::Bucket LifecycleConfiguration: ignored."""
    if configuration := properties.get("LifecycleConfiguration"):
        rules = [lifecycle_rule(rule) for rule in configuration["Rules"]]
        engine.client("s3").put_bucket_lifecycle_configuration(
            Bucket=bucket, LifecycleConfiguration={"Rules": rules}
        )  # fmt: skip


def lifecycle_rule(rule: Properties) -> Properties:
    """CloudFormation's spelling of a rule in S3's own. What is not known here fails: nothing gets lost silently."""
    rule = dict(rule)
    spelled: Properties = {"ID": rule.pop("Id"), "Status": rule.pop("Status")}
    spelled["Filter"] = {"Prefix": rule.pop("Prefix", "")}
    if (days := rule.pop("ExpirationInDays", None)) is not None:
        spelled["Expiration"] = {"Days": int(days)}
    for same in ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration"):
        if same in rule:
            spelled[same] = {key: int(value) for key, value in rule.pop(same).items()}
    if rule:
        raise NotImplementedError(f"local/fixups.py cannot spell lifecycle properties {sorted(rule)}")
    return spelled


FIXUPS: tuple[tuple[str, Fixup], ...] = (
    ("AWS::ApiGatewayV2::Api", cors),
    ("AWS::DynamoDB::Table", time_to_live),
    ("AWS::DynamoDB::Table", point_in_time_recovery),
    ("AWS::S3::Bucket", lifecycle),
)


def apply(engine: Engine, cfn: Document, parameters: dict[str, str], physical: dict[str, str]) -> None:
    """Restore everything. `physical` are the stack's resources by logical id."""
    for kind, fixup in FIXUPS:
        for name, properties in _resources(cfn, kind):
            fixup(engine, physical[name], _resolve(properties, parameters))


def _resources(cfn: Document, kind: str) -> Iterator[tuple[str, Properties]]:
    for name, resource in cfn["Resources"].items():
        if resource["Type"] == kind:
            yield name, resource.get("Properties", {})


def _resolve(value: Any, parameters: dict[str, str]) -> Any:
    """Only references to parameters: that is what these properties use."""
    if isinstance(value, dict):
        if value.keys() == {"Ref"} and value["Ref"] in parameters:
            return parameters[value["Ref"]]
        return {key: _resolve(item, parameters) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolve(item, parameters) for item in value]
    return value
