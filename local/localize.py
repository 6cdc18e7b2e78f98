"""template.yaml -> CloudFormation for the embedded AWS: translated by AWS's own SAM translator, changed in few places.

Each change is one function whose docstring says why the deployed template cannot run here as it is; CHANGES names all.
"""

import json
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from samtranslator.model.exceptions import InvalidDocumentException
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator
from samtranslator.yaml_helper import yaml_parse

from local.engine import core_session
from local.errors import LocalError

Document = dict[str, Any]

COLD_START_SECONDS = 30
PROXY_VARIABLE = "MINISTACK_LAMBDA_PROXY_URL"
UNSUPPORTED_TYPES = frozenset({
    "AWS::Budgets::Budget", "AWS::CE::AnomalyMonitor", "AWS::CE::AnomalySubscription",
    "AWS::CloudWatch::CompositeAlarm", "AWS::XRay::Group", "AWS::Events::Connection",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Target:
    """What the changes need to know of the run."""

    executor_url: str


def run_code_from_source(sam: Document, target: Target) -> None:
    """SAM wants code and layers in S3 before it translates; here they run from the source tree: nothing is uploaded."""
    for name, resource in sam["Resources"].items():
        field = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}
        if key := field.get(resource["Type"]):
            resource["Properties"][key] = {"Bucket": "runs-from-source", "Key": name}


VERSIONED = (
    "AutoPublishAlias",
    "AutoPublishAliasAllProperties",
    "DeploymentPreference",
    "ProvisionedConcurrencyConfig",
    "SnapStart",
    "VersionDescription",
)


def run_one_version(sam: Document, target: Target) -> None:
    """Versions, aliases, what is kept ready of them and their change are AWS's work; here what is there runs."""
    for properties in (sam.get("Globals", {}).get("Function", {}), *(one["Properties"] for one in _functions(sam))):
        for name in VERSIONED:
            properties.pop(name, None)


def send_invocations_to_executor(cfn: Document, target: Target) -> None:
    """The engine would run handlers on its own interpreter; ours runs them under the official runtime client."""
    for name, properties in _of_type(cfn, "AWS::Lambda::Function"):
        variables = properties.setdefault("Environment", {}).setdefault("Variables", {})
        variables[PROXY_VARIABLE] = f"{target.executor_url}/{name}"


def leave_time_for_cold_starts(cfn: Document, target: Target) -> None:
    """On AWS a cold start is not part of Timeout; the engine counts it. The executor enforces the template's own."""
    for _, properties in _of_type(cfn, "AWS::Lambda::Function"):
        properties["Timeout"] = properties.get("Timeout", 3) + COLD_START_SECONDS


def let_executor_assume_roles(cfn: Document, target: Target) -> None:
    """Function roles trust the Lambda service alone; our executor plays that service as the account's root."""
    for _, properties in _of_type(cfn, "AWS::IAM::Role"):
        properties["AssumeRolePolicyDocument"]["Statement"].append(
            {"Effect": "Allow", "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}},
             "Action": "sts:AssumeRole"}
        )  # fmt: skip


def spell_out_api_routes(cfn: Document, target: Target) -> None:
    """SAM writes an HTTP API's routes as one OpenAPI body, which the engine ignores; it knows Route and Integration."""
    for name, properties in list(_of_type(cfn, "AWS::ApiGatewayV2::Api")):
        body = properties.pop("Body", None)
        if body is None:
            continue
        properties |= {"Name": properties.get("Name", name), "ProtocolType": "HTTP"}
        if cors := body.get("x-amazon-apigateway-cors"):
            properties["CorsConfiguration"] = {key[0].upper() + key[1:]: value for key, value in cors.items()}
        for path, operations in body["paths"].items():
            for method, operation in operations.items():
                cfn["Resources"] |= _route(name, method, path, operation["x-amazon-apigateway-integration"])


def refer_to_secrets_by_arn(cfn: Document, target: Target) -> None:
    """On AWS `Ref` of a secret is its ARN, which policies need; the engine gives its name. `Id` is the ARN on both."""
    for name, _ in _of_type(cfn, "AWS::SecretsManager::Secret"):
        _replace(cfn, {"Ref": name}, {"Fn::GetAtt": [name, "Id"]})


def widen_parameter_reads(cfn: Document, target: Target) -> None:
    """The engine checks reads of several SSM parameters against the resource `*`, whichever were asked for, so that it
    would refuse a policy that is exact. So here, and only for these two actions, the resource is not proven."""
    for statement in _role_statements(cfn):
        if set(_listed(statement["Action"])) <= {"ssm:GetParameters", "ssm:GetParametersByPath"}:
            statement["Resource"] = "*"


def name_batches_beside_sends(cfn: Document, target: Target) -> None:
    """On AWS `sqs:SendMessage` covers SendMessageBatch; the engine checks the batch as an action of its own."""
    for statement in _role_statements(cfn):
        actions = _listed(statement["Action"])
        if "sqs:SendMessage" in actions and "sqs:SendMessageBatch" not in actions:
            statement["Action"] = [*actions, "sqs:SendMessageBatch"]


def allow_plain_http(cfn: Document, target: Target) -> None:
    """The TLS-only bucket policies are enforced, and the engine speaks plain HTTP on 127.0.0.1."""
    for name, properties in list(_of_type(cfn, "AWS::S3::BucketPolicy")):
        document = properties["PolicyDocument"]
        document["Statement"] = [entry for entry in document["Statement"] if not _denies_plain_http(entry)]
        if not document["Statement"]:
            del cfn["Resources"][name]


def drop_alarms_of_several_metrics(cfn: Document, target: Target) -> None:
    """The engine refuses alarms on a sum of metrics. It reads no numbers off logs, so that none would ever go off."""
    for name, properties in _of_type(cfn, "AWS::CloudWatch::Alarm"):
        if "Metrics" in properties:
            del cfn["Resources"][name]


def drop_unsupported_types(cfn: Document, target: Target) -> None:
    """One unknown resource type makes the engine refuse the whole template. None of these takes part in a run."""
    for name, resource in list(cfn["Resources"].items()):
        if resource["Type"] in UNSUPPORTED_TYPES:
            del cfn["Resources"][name]


Change = Callable[[Document, Target], None]
BEFORE_TRANSLATION: tuple[Change, ...] = (run_code_from_source, run_one_version)
AFTER_TRANSLATION: tuple[Change, ...] = (
    send_invocations_to_executor,
    leave_time_for_cold_starts,
    let_executor_assume_roles,
    spell_out_api_routes,
    refer_to_secrets_by_arn,
    widen_parameter_reads,
    name_batches_beside_sends,
    allow_plain_http,
    drop_alarms_of_several_metrics,
    drop_unsupported_types,
)
CHANGES = BEFORE_TRANSLATION + AFTER_TRANSLATION


def read_template(path: Path) -> Document:
    if not path.is_file():
        raise LocalError(f"There is no template at {path}.", "run this in the project's root")
    document: Document = yaml_parse(path.read_text())
    return document


def localize(sam: Document, parameters: dict[str, str], target: Target) -> Document:
    """The CloudFormation document that the engine is given. The argument is left alone."""
    sam = deepcopy(sam)
    for change in BEFORE_TRANSLATION:
        change(sam, target)
    cfn = _translate(sam, parameters)
    for change in AFTER_TRANSLATION:
        change(cfn, target)
    return cfn


def _translate(sam: Document, parameters: dict[str, str]) -> Document:
    translator = Translator({}, Parser(), boto_session=boto3.Session(botocore_session=core_session()))
    try:
        translated = translator.translate(sam, parameter_values=parameters)
    except InvalidDocumentException as error:
        causes = "; ".join(cause.message for cause in error.causes)
        raise LocalError(f"template.yaml is not valid SAM: {causes}", "`sam validate --lint` says where") from error
    document: Document = json.loads(json.dumps(translated))  # without aliases: a change in one place stays there
    return document


def _of_type(cfn: Document, kind: str) -> Iterator[tuple[str, Document]]:
    for name, resource in list(cfn["Resources"].items()):
        if resource["Type"] == kind:
            yield name, resource.setdefault("Properties", {})


def _functions(sam: Document) -> Iterator[Document]:
    return (one for one in sam["Resources"].values() if one["Type"] == "AWS::Serverless::Function")


def _role_statements(cfn: Document) -> Iterator[Document]:
    for _, properties in _of_type(cfn, "AWS::IAM::Role"):
        for policy in properties.get("Policies", ()):
            yield from policy["PolicyDocument"]["Statement"]


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _replace(node: Any, old: Document, new: Document) -> None:
    items = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, value in list(items):
        if value == old:
            node[key] = new
        else:
            _replace(value, old, new)


def _route(api: str, method: str, path: str, integration: Document) -> Document:
    base = api + "".join(character for character in f"{method}{path}" if character.isalnum())
    uri: str = integration["uri"]["Fn::Sub"]
    function = uri.partition("functions/${")[2].partition("}")[0]  # "X.Arn", or the logical id of an alias
    verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
    return {
        f"{base}Integration": {"Type": "AWS::ApiGatewayV2::Integration", "Properties": {
            "ApiId": {"Ref": api}, "IntegrationType": "AWS_PROXY",
            "IntegrationUri": {"Fn::GetAtt": function.split(".")} if "." in function else {"Ref": function},
            "PayloadFormatVersion": integration.get("payloadFormatVersion", "2.0")}},
        f"{base}Route": {"Type": "AWS::ApiGatewayV2::Route", "Properties": {
            "ApiId": {"Ref": api}, "RouteKey": path if path == "$default" else f"{verb} {path}",
            "Target": {"Fn::Sub": f"integrations/${{{base}Integration}}"}}},
    }  # fmt: skip


def _denies_plain_http(statement: Document) -> bool:
    secure = statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")
    return statement["Effect"] == "Deny" and str(secure).lower() == "false"
