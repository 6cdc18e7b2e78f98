"""Pools, and the Runtime API that workers talk to. Real workers are in tests/contract/test_engine.py."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import httpx
import pytest

from local.executor import as_on_aws
from local.pool import Pool
from local.runtime_api import PREFIX, Invocation, Outcome, RuntimeApi, failure
from local.worker import Worker

EVENT = Invocation("request-1", "arn:aws:lambda:x", b'{"a":1}')


class FakeWorker:
    """Answers when it is let go."""

    def __init__(self) -> None:
        self.usable, self.killed, self.go = True, False, threading.Event()
        self.go.set()

    def invoke(self, invocation: Invocation) -> Outcome:
        self.go.wait(5)
        return Outcome(b"{}")

    def kill(self) -> None:
        self.killed, self.usable = True, False
        self.go.set()


class Started:
    """Starts fake workers and remembers them."""

    def __init__(self, busy: bool = False) -> None:
        self.workers: list[FakeWorker] = []
        self.busy = busy

    def __call__(self) -> Worker:
        worker = FakeWorker()
        if self.busy:
            worker.go.clear()
        self.workers.append(worker)
        return cast(Worker, worker)


def test_an_idle_worker_is_used_again() -> None:
    started = Started()
    pool = Pool(started)
    for _ in range(3):
        pool.invoke(EVENT)
    assert len(started.workers) == 1


def test_parallel_invocations_get_workers_of_their_own_up_to_the_cap() -> None:
    started = Started(busy=True)
    pool = Pool(started, cap=2)
    with ThreadPoolExecutor(3) as threads:
        results = [threads.submit(pool.invoke, EVENT) for _ in range(3)]
        while len(started.workers) < 2:
            pass
        assert not any(result.done() for result in results)
        for worker in started.workers:
            worker.go.set()
        assert all(result.result() for result in results)
    assert len(started.workers) == 2


def test_a_kill_of_some_takes_the_busy_ones_first_and_idle_ones_only_if_wanted() -> None:
    started = Started(busy=True)
    pool = Pool(started)
    with ThreadPoolExecutor(2) as threads:
        at_work = [threads.submit(pool.invoke, EVENT) for _ in range(2)]
        while len(started.workers) < 2:
            pass
        rests, works = started.workers
        rests.go.set()
        while sum(one.done() for one in at_work) < 1:
            pass
        assert pool.kill(1) == 1
        assert (rests.killed, works.killed) == (False, True)
    assert pool.kill(idle=False) == 0
    assert pool.kill() == 1
    assert rests.killed


def test_a_worker_that_is_no_longer_usable_is_replaced() -> None:
    started = Started()
    pool = Pool(started)
    pool.invoke(EVENT)
    started.workers[0].usable = False
    pool.invoke(EVENT)
    assert (len(started.workers), started.workers[0].killed) == (2, True)


def test_kill_takes_busy_and_idle_workers() -> None:
    started = Started()
    pool = Pool(started)
    pool.invoke(EVENT)
    assert (pool.kill(), started.workers[0].killed, pool.kill()) == (1, True, 0)


@pytest.fixture
def api() -> Any:
    api = RuntimeApi()
    yield SimpleNamespace(api=api, url=f"http://{api.address}{PREFIX}")
    api.close()


def test_a_worker_gets_its_invocation_and_leaves_the_result(api: Any) -> None:
    outcome = api.api.submit(EVENT, 1234)
    work = httpx.get(f"{api.url}/invocation/next")
    assert work.content == EVENT.payload
    assert work.headers["lambda-runtime-aws-request-id"] == "request-1"
    assert work.headers["lambda-runtime-deadline-ms"] == "1234"
    assert httpx.post(f"{api.url}/invocation/request-1/response", content=b'"ok"').status_code == 202
    assert outcome.get(timeout=1) == Outcome(b'"ok"')
    assert api.api.ready.is_set()


def test_a_chunked_result_arrives_whole(api: Any) -> None:
    outcome = api.api.submit(EVENT, 0)
    httpx.post(f"{api.url}/invocation/request-1/response", content=iter([b'"a', b'b"']))
    assert outcome.get(timeout=1).payload == b'"ab"'


def test_an_error_is_a_failed_outcome(api: Any) -> None:
    outcome = api.api.submit(EVENT, 0)
    httpx.post(f"{api.url}/invocation/request-1/error", content=b'{"errorType":"E"}')
    assert outcome.get(timeout=1) == Outcome(b'{"errorType":"E"}', failed=True)


def test_a_worker_that_dies_fails_what_it_did_and_all_that_follows(api: Any) -> None:
    first = api.api.submit(EVENT, 0)
    api.api.break_off(failure("Runtime.ExitError", "gone"))
    assert first.get(timeout=1).failed
    assert api.api.submit(EVENT, 0).get(timeout=1).failed


def test_an_error_while_starting_reaches_the_first_invocation(api: Any) -> None:
    httpx.post(f"{api.url}/init/error", content=b'{"errorType":"Runtime.ImportModuleError"}')
    outcome = api.api.submit(EVENT, 0).get(timeout=1)
    assert json.loads(outcome.payload) == {"errorType": "Runtime.ImportModuleError"}


def test_api_events_name_the_host_that_was_asked() -> None:
    event: dict[str, Any] = {
        "version": "2.0",
        "headers": {"host": "127.0.0.1:1"},
        "pathParameters": None,
        "requestContext": {"http": {}},
    }
    changed = json.loads(as_on_aws(json.dumps(event).encode()))
    assert changed["requestContext"]["domainName"] == "127.0.0.1:1"
    assert "pathParameters" not in changed


@pytest.mark.parametrize("payload", [b'{"Records":[null]}', b"[1]", b'"x"', b"null"])
def test_other_events_pass_untouched(payload: bytes) -> None:
    assert as_on_aws(payload) == payload
