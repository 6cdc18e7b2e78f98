"""What Reprise needs of an embedded AWS. An upgrade of the emulator is right when this passes, whatever its notes say.

One engine and one small stack (engine_stack/) for all of it; its functions run in our executor, under their own roles.
"""

import json
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar
from uuid import uuid4

import httpx
import pytest
from botocore.exceptions import ClientError

from local.deploy import Deployment, deploy
from local.engine import MiniStack
from local.processes import LOOPBACK

HERE = Path(__file__).parent / "engine_stack"
T = TypeVar("T")
Invoke = Callable[..., tuple[Any, str | None]]


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MiniStack]:
    engine = MiniStack(tmp_path_factory.mktemp("contract") / "engine")
    engine.start()
    yield engine
    engine.stop()


@pytest.fixture(scope="module")
def stack(engine: MiniStack) -> Iterator[Deployment]:
    deployment = deploy(engine, HERE / "template.yaml", engine.home.parent, "contract", {"KeepDays": "5"})
    yield deployment
    deployment.stop()


@pytest.fixture(scope="module")
def invoke(stack: Deployment) -> Invoke:
    """Call the probe: what it returned, and the kind of error if it failed."""

    def call(act: str, **arguments: Any) -> tuple[Any, str | None]:
        payload = json.dumps({"act": act, **arguments})
        answer = stack.engine.client("lambda").invoke(FunctionName=stack.functions["ProbeFunction"], Payload=payload)
        return json.loads(answer["Payload"].read()), answer.get("FunctionError")

    return call


def recorded(stack: Deployment, kind: str) -> list[Any]:
    items = stack.engine.client("dynamodb").query(
        TableName=stack.outputs["Log"],
        KeyConditionExpression="pk = :kind",
        ExpressionAttributeValues={":kind": {"S": kind}},
        ConsistentRead=True,
    )["Items"]
    return [item["record"]["S"] for item in items]


def eventually(look: Callable[[], T], within: float = 15.0) -> T:
    """The first truthy sight of something, or the last falsy one."""
    deadline = time.monotonic() + within
    while not (seen := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    return seen


class TestHttpApi:
    def test_a_route_with_a_path_parameter_and_a_query_reaches_its_function(self, stack: Deployment) -> None:
        answer = httpx.get(f"{stack.front.url}/hello/caf%C3%A9%20au%20lait?a=1&a=2&b=x%26y")
        event = answer.json()["event"]
        assert answer.json()["greeting"] == "hello"
        assert event["pathParameters"] == {"name": "café au lait"}
        assert event["queryStringParameters"] == {"a": "1,2", "b": "x&y"}
        assert event["rawQueryString"] == "a=1&a=2&b=x%26y"
        assert event["routeKey"] == "GET /hello/{name}"

    def test_the_event_names_host_and_caller_as_api_gateway_does(self, stack: Deployment) -> None:
        event = httpx.get(f"{stack.front.url}/hello/x").json()["event"]
        assert event["requestContext"]["domainName"] == stack.front.url.removeprefix("http://")
        assert event["requestContext"]["http"]["sourceIp"] == LOOPBACK
        assert event["headers"]["x-forwarded-for"] == LOOPBACK
        assert "body" not in event

    @pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/other"), ("POST", "/hello/x")])
    def test_what_no_route_matches_is_404(self, stack: Deployment, method: str, path: str) -> None:
        answer = httpx.request(method, stack.front.url + path)
        assert (answer.status_code, answer.json()) == (404, {"message": "Not Found"})

    def test_a_preflight_is_answered_from_the_cors_configuration(self, stack: Deployment) -> None:
        headers = {"Origin": "https://example.org", "Access-Control-Request-Method": "POST"}
        answer = httpx.options(f"{stack.front.url}/act", headers=headers)
        assert answer.headers["access-control-allow-origin"] == "https://example.org"

    @pytest.mark.parametrize("act", ["fail", "crash"])
    def test_a_failing_function_is_500_and_says_nothing(self, stack: Deployment, act: str) -> None:
        answer = httpx.post(f"{stack.front.url}/act", json={"act": act})
        assert (answer.status_code, answer.json()) == (500, {"message": "Internal Server Error"})

    def test_more_than_ten_megabytes_are_413(self, stack: Deployment) -> None:
        assert httpx.post(f"{stack.front.url}/act", content=b"x" * (10 * 1024 * 1024 + 1)).status_code == 413

    def test_the_engines_own_address_is_no_origin_of_the_api(self, stack: Deployment) -> None:
        assert stack.front.url != stack.engine.endpoint


class TestFunctions:
    def test_a_function_has_its_declared_environment_and_none_of_ours(
        self, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        environment, _ = invoke("environment")
        assert environment["AWS_LAMBDA_FUNCTION_NAME"].startswith("contract-ProbeFunction")
        assert environment["_HANDLER"] == "app.handler"
        assert environment["AWS_SESSION_TOKEN"]
        assert not {"MINISTACK_LAMBDA_PROXY_URL", "PYTEST_CURRENT_TEST", "VIRTUAL_ENV"} & environment.keys()

    @pytest.mark.parametrize(
        ("module", "verdict"), [("words", "found"), ("boto3", "found"), ("httpx", "missing"), ("local", "missing")]
    )
    def test_a_function_imports_its_layers_and_boto3_only(self, invoke: Invoke, module: str, verdict: str) -> None:
        assert invoke("find", module=module) == (verdict, None)

    def test_an_exception_is_reported_as_the_functions_error(self, invoke: Invoke) -> None:
        answer, error = invoke("fail")
        assert error == "Unhandled"
        assert "ValueError" in answer["errorMessage"]
        assert "as asked" in answer["errorMessage"]

    def test_a_crashed_worker_is_replaced(self, invoke: Invoke) -> None:
        answer, error = invoke("crash")
        assert error == "Unhandled"
        assert "Runtime.ExitError" in answer["errorMessage"]
        assert invoke("find", module="words") == ("found", None)

    def test_a_killed_function_fails_and_works_again(self, stack: Deployment, invoke: Invoke) -> None:
        with ThreadPoolExecutor() as threads:
            waiting = threads.submit(invoke, "wait", seconds=2.5)
            time.sleep(0.8)
            assert stack.executor.kill_workers("ProbeFunction") >= 1
            assert "Runtime.ExitError" in waiting.result()[0]["errorMessage"]
        assert invoke("find", module="words") == ("found", None)

    def test_what_exceeds_its_timeout_is_killed(self, invoke: Invoke) -> None:
        started = time.monotonic()
        answer, error = invoke("wait", seconds=30)
        assert error == "Unhandled"
        assert "Task timed out after 3.00 seconds" in answer["errorMessage"]
        assert time.monotonic() - started < 8

    def test_parallel_invocations_run_in_parallel_each_in_a_process_of_its_own(self, invoke: Invoke) -> None:
        with ThreadPoolExecutor() as threads:
            answers = [answer for answer, _ in threads.map(lambda _: invoke("wait", seconds=2), range(4))]
        assert len({answer["process"] for answer in answers}) == 4
        assert max(answer["from"] for answer in answers) < min(answer["to"] for answer in answers)

    def test_an_idle_worker_is_used_again(self, invoke: Invoke) -> None:
        first, _ = invoke("wait", seconds=0)
        second, _ = invoke("wait", seconds=0)
        assert first["process"] == second["process"]

    def test_the_log_holds_what_the_function_printed(self, stack: Deployment, invoke: Invoke) -> None:
        invoke("find", module="words")
        assert "probed" in (stack.executor.home / "logs" / "ProbeFunction.log").read_text()


class TestPermissions:
    def test_a_role_allows_what_its_policy_names(self, invoke: Invoke) -> None:
        assert invoke("read") == ("nothing", None)

    def test_a_role_allows_nothing_else(self, invoke: Invoke) -> None:
        answer, error = invoke("write")
        assert error == "Unhandled"
        assert "AccessDeniedException" in answer["errorMessage"]
        assert "dynamodb:PutItem" in answer["errorMessage"]

    def test_a_secret_is_read_by_its_arn(self, invoke: Invoke) -> None:
        value, error = invoke("secret")
        assert (error, len(value)) == (None, 40)


class TestEventSources:
    def test_a_dropped_object_calls_the_function_if_the_prefix_fits(self, stack: Deployment) -> None:
        s3, bucket = stack.engine.client("s3"), stack.outputs["Bucket"]
        s3.put_object(Bucket=bucket, Key="other/song.mp3", Body=b"x")
        s3.put_object(Bucket=bucket, Key="inbox/a song.mp3", Body=b"xy")
        assert eventually(lambda: recorded(stack, "aws:s3"))
        time.sleep(0.5)
        keys = [json.loads(record)["s3"]["object"]["key"] for record in recorded(stack, "aws:s3")]
        assert keys == ["inbox/a+song.mp3"]

    def test_a_failed_message_alone_comes_again_and_ends_with_the_dead_letters(self, stack: Deployment) -> None:
        sqs = stack.engine.client("sqs")
        bodies = ["a", "poison", "b"]
        entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(bodies)]
        sqs.send_message_batch(QueueUrl=stack.outputs["WorkQueue"], Entries=entries)

        def dead() -> Any:
            return sqs.receive_message(QueueUrl=stack.outputs["DeadLetters"], WaitTimeSeconds=1).get("Messages")

        (message,) = eventually(dead, within=20)
        assert message["Body"] == "poison"
        assert sorted(recorded(stack, "work")) == ["a", "b", "poison", "poison"]

    def test_the_stream_passes_on_what_the_filter_lets_through_in_order(self, stack: Deployment) -> None:
        db, table = stack.engine.client("dynamodb"), stack.outputs["Source"]
        for number in range(12):
            item = {"pk": {"S": "job"}, "sk": {"S": f"{number:03}"}} | ({"outbox": {"S": "1"}} if number % 3 else {})
            db.put_item(TableName=table, Item=item)
        db.put_item(TableName=table, Item={"pk": {"S": "job"}, "sk": {"S": "001"}, "outbox": {"S": "2"}})  # MODIFY
        eventually(lambda: len(recorded(stack, "aws:dynamodb")) >= 8)
        time.sleep(0.5)
        images = [json.loads(record)["dynamodb"]["NewImage"] for record in recorded(stack, "aws:dynamodb")]
        assert [image["sk"]["S"] for image in images] == [f"{number:03}" for number in range(12) if number % 3]
        assert all(image["outbox"] == {"S": "1"} for image in images)

    def test_the_topic_passes_on_what_the_subscription_filters(self, stack: Deployment) -> None:
        sns, sqs = stack.engine.client("sns"), stack.engine.client("sqs")
        for kind in ("other", "cover.first"):
            attributes = {"type": {"DataType": "String", "StringValue": kind}}
            sns.publish(TopicArn=stack.outputs["Topic"], Message=kind, MessageAttributes=attributes)
        answer = sqs.receive_message(QueueUrl=stack.outputs["Inbox"], WaitTimeSeconds=3, MaxNumberOfMessages=10)
        assert [message["Body"] for message in answer["Messages"]] == ["cover.first"]


class TestTable:
    def test_of_many_transactions_at_once_one_wins(self, stack: Deployment) -> None:
        db, table = stack.engine.client("dynamodb"), stack.outputs["Source"]

        def attempt(job: str, number: int) -> bool:
            puts = [{"pk": {"S": job}, "sk": {"S": "JOB"}}, {"pk": {"S": job}, "sk": {"S": f"EVENT#{number}"}}]
            absent = "attribute_not_exists(pk)"
            items = [{"Put": {"TableName": table, "Item": item, "ConditionExpression": absent}} for item in puts]
            try:
                db.transact_write_items(TransactItems=items)
            except db.exceptions.TransactionCanceledException:
                return False
            return True

        with ThreadPoolExecutor(16) as threads:
            for job in (f"race-{uuid4()}" for _ in range(10)):
                won = list(threads.map(lambda number, job=job: attempt(job, number), range(16)))
                stored = db.query(
                    TableName=table,
                    KeyConditionExpression="pk = :job",
                    ExpressionAttributeValues={":job": {"S": job}},
                )
                assert (sum(won), stored["Count"]) == (1, 2)

    def test_time_to_live_and_recovery_are_on(self, stack: Deployment) -> None:
        db, table = stack.engine.client("dynamodb"), stack.outputs["Source"]
        ttl = db.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        backups = db.describe_continuous_backups(TableName=table)["ContinuousBackupsDescription"]
        assert ttl == {"TimeToLiveStatus": "ENABLED", "AttributeName": "expires_at"}
        assert backups["PointInTimeRecoveryDescription"]["PointInTimeRecoveryStatus"] == "ENABLED"


class TestBucket:
    def test_lifecycle_rules_are_kept_with_their_parameters(self, stack: Deployment) -> None:
        s3 = stack.engine.client("s3")
        (rule,) = s3.get_bucket_lifecycle_configuration(Bucket=stack.outputs["Bucket"])["Rules"]
        assert (rule["ID"], rule["Filter"]["Prefix"], rule["Expiration"]["Days"]) == ("old", "inbox/", 5)

    def test_a_second_put_that_must_be_the_first_is_refused(self, stack: Deployment) -> None:
        put = {"Bucket": stack.outputs["Bucket"], "Key": f"once/{uuid4()}", "IfNoneMatch": "*"}
        stack.engine.client("s3").put_object(**put, Body=b"first")
        with pytest.raises(ClientError, match="PreconditionFailed"):
            stack.engine.client("s3").put_object(**put, Body=b"second")

    def test_a_wrong_checksum_is_refused(self, stack: Deployment) -> None:
        wrong = {"ChecksumSHA256": "A" * 43 + "="}
        with pytest.raises(ClientError, match="BadDigest"):
            stack.engine.client("s3").put_object(Bucket=stack.outputs["Bucket"], Key="bad", Body=b"x", **wrong)

    def test_a_presigned_get_works_until_it_expires_and_only_as_signed(self, stack: Deployment) -> None:
        s3, place = stack.engine.client("s3"), {"Bucket": stack.outputs["Bucket"], "Key": "signed"}
        s3.put_object(**place, Body=b"audio")
        brief = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=1)
        lasting = s3.generate_presigned_url("get_object", Params=place, ExpiresIn=60)
        assert httpx.get(lasting).content == b"audio"
        assert httpx.get(lasting, headers={"Range": "bytes=1-2"}).content == b"ud"
        assert httpx.get(lasting.replace("X-Amz-Signature=", "X-Amz-Signature=0")).status_code == 403
        assert httpx.get(lasting.replace("/signed?", "/other?")).status_code == 403
        time.sleep(2)
        assert httpx.get(brief).status_code == 403

    @pytest.mark.parametrize(("size", "status"), [(10, 204), (2000, 400)])
    def test_a_presigned_post_enforces_its_size(self, stack: Deployment, size: int, status: int) -> None:
        post = stack.engine.client("s3").generate_presigned_post(
            stack.outputs["Bucket"], "posted", Conditions=[["content-length-range", 1, 1000]], ExpiresIn=60
        )
        answer = httpx.post(post["url"], data=post["fields"], files={"file": ("a.mp3", b"x" * size)})
        assert answer.status_code == status


def test_nothing_listens_on_other_addresses(stack: Deployment, engine: MiniStack) -> None:
    ours = {str(engine.port), stack.front.url.rsplit(":", 1)[1], stack.executor.url.rsplit(":", 1)[1]}
    listening = [line.split()[3] for line in _run("ss", "-Hltn").splitlines()]
    assert {address.rsplit(":", 1)[0] for address in listening if address.rsplit(":", 1)[1] in ours} == {LOOPBACK}


def test_the_schedule_fires(stack: Deployment) -> None:
    """Last in the file, so that the minute has mostly passed."""
    assert eventually(lambda: recorded(stack, "aws.events") + recorded(stack, "aws.scheduler"), within=75)


def test_no_process_is_left_after_a_stop(tmp_path: Path) -> None:
    engine = MiniStack(tmp_path / "engine")
    engine.start()
    deployment = deploy(engine, HERE / "template.yaml", tmp_path, "brief", {})
    assert str(tmp_path) in _run("ps", "eww", "-Ao", "args")
    deployment.stop()
    engine.stop()
    assert str(tmp_path) not in _run("ps", "eww", "-Ao", "args")


def _run(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
