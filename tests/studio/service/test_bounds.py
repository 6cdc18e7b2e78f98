"""Memory, time, the queue, cancelling, and files that expire."""

import time

import pytest

from tests.studio.service.conftest import Launch
from tests.studio.service.kit import Service, Town, until


@pytest.mark.parametrize("way", ["hog", "creep"])
def test_a_worker_that_wants_more_memory_than_it_may_fails_its_task_and_nothing_else(
    service: Service, town: Town, way: str
) -> None:
    told = service.ended(service.begin(style=way))
    assert (told["status"], told["error"]["code"]) == ("failed", "too_much_memory")
    assert service.ended(service.begin(style="tone"))["status"] == "succeeded"


def test_a_worker_that_takes_too_long_is_ended(launch: Launch, town: Town) -> None:
    service = launch(seconds="1")
    told = service.ended(service.begin(style="hold text", seed="s"))
    assert (told["status"], told["error"]["code"]) == ("failed", "timed_out")
    until(lambda: town.types() in (["failed"], ["text", "failed"]))  # a slow machine needs the second for the start


def test_tasks_are_done_in_the_order_in_which_they_came(service: Service, town: Town) -> None:
    held = service.begin(style="hold none", seed="first in line", callback_url=town.link("/held"))
    service.reached("first in line")
    tasks = [service.begin(style="tone", callback_url=town.link(f"/{number}")) for number in range(4)]
    assert [service.read(task)["status"] for task in [held, *tasks]] == ["running", *["queued"] * 4]
    service.go("first in line")
    for task in tasks:
        service.ended(task)
    until(lambda: len(town.heard) == 15)
    assert [one.path for one in town.heard if one.json["type"] == "text"] == ["/held", "/0", "/1", "/2", "/3"]


def test_as_many_songs_are_worked_on_at_once_as_there_are_workers(launch: Launch) -> None:
    service = launch(workers="2")
    tasks = [service.begin(style="hold text", seed=seed) for seed in ("a", "b", "c")]
    for seed in ("a", "b"):
        service.reached(seed)
    assert [service.read(task)["status"] for task in tasks] == ["running", "running", "queued"]
    for seed in ("a", "b", "c"):
        service.go(seed)
    assert [service.ended(task)["status"] for task in tasks] == ["succeeded"] * 3


def test_a_full_queue_says_when_to_come_again(launch: Launch) -> None:
    service = launch(queue="1")
    service.begin(style="hold none", seed="s")
    service.reached("s")
    service.begin(style="tone")
    answer = service.submit(style="tone")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "queue_full")
    assert int(answer.headers["retry-after"]) > 0


def test_cancelling_ends_the_worker_and_says_nothing_more(service: Service, town: Town) -> None:
    task = service.begin(style="hold text", seed="unwanted")
    service.reached("unwanted")
    until(lambda: town.types() == ["text"])
    assert service.http.post(f"/v1/tasks/{task}/cancel").json()["status"] == "canceled"
    until(lambda: service.http.get("/health").json()["running"] == 0 and service.worker() is None)
    service.go("unwanted")
    time.sleep(0.3)
    assert (service.read(task)["status"], town.types()) == ("canceled", ["text"])


def test_a_task_that_waits_is_cancelled_without_ever_beginning(service: Service) -> None:
    held = service.begin(style="hold none", seed="ahead")
    service.reached("ahead")
    task = service.begin(style="tone", seed="behind")
    assert service.http.post(f"/v1/tasks/{task}/cancel").json()["status"] == "canceled"
    service.go("ahead")
    service.ended(held)
    assert service.read(task)["status"] == "canceled"


def test_a_task_that_has_ended_cannot_be_cancelled_any_more(service: Service) -> None:
    task = service.begin(style="tone")
    service.ended(task)
    assert service.http.post(f"/v1/tasks/{task}/cancel").json()["status"] == "succeeded"


def test_files_expire_and_their_task_says_so(launch: Launch) -> None:
    service = launch(keep_hours=str(1.5 / 3600))
    told = service.ended(service.begin(style="tone"))
    url = told["takes"][0]["audio_url"]
    assert service.http.get(url).status_code == 200
    until(lambda: service.http.get(url).status_code == 410)
    after = service.read(told["task_id"])
    assert (after["status"], after["takes"], after["files"]) == ("succeeded", [], [])
    until(lambda: not (service.place / "data/files" / told["task_id"]).exists())
