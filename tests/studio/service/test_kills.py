"""kill -9, of the worker and of the service, at every point: the task ends, and each stage is told once."""

import os
import signal

import pytest

from tests.studio.service.conftest import Launch
from tests.studio.service.kit import Town, until

STAGES = ["text", "first", "complete"]
POINTS = ["none", "text", "first"]


@pytest.mark.parametrize("point", POINTS)
def test_a_worker_that_was_killed_is_replaced_and_nobody_hears_a_stage_twice(
    launch: Launch, town: Town, point: str
) -> None:
    service = launch()
    task = service.begin(style=f"tone, die at {point} once", seed="s")
    told = service.ended(task)
    assert (told["status"], len(told["takes"])) == ("succeeded", 2)
    until(lambda: town.types() == STAGES)
    assert service.http.get(told["takes"][0]["audio_url"]).status_code == 200


@pytest.mark.parametrize("point", POINTS)
def test_a_task_that_kills_its_worker_twice_fails_with_a_reason(launch: Launch, town: Town, point: str) -> None:
    service = launch()
    told = service.ended(service.begin(style=f"tone, die at {point}", seed="s"))
    assert (told["status"], told["error"]["code"]) == ("failed", "worker_died")
    assert "SIGKILL" in told["error"]["message"]
    until(lambda: town.types() == [*STAGES[: POINTS.index(point)], "failed"])


def test_a_worker_that_fails_of_itself_says_how_it_ended(launch: Launch, town: Town) -> None:
    service = launch()
    told = service.ended(service.begin(style="raise"))
    assert (told["error"]["code"], "exit 1" in told["error"]["message"]) == ("worker_died", True)


@pytest.mark.parametrize("point", [*POINTS, "complete"])
def test_a_service_that_was_killed_takes_its_task_up_again(launch: Launch, town: Town, point: str) -> None:
    service = launch()
    task = service.begin(style=f"tone, hold {point}", seed="s")
    service.reached("s")
    worker = service.worker()
    before = service.read(task)["stage"]
    service.kill()
    assert worker is not None
    until(lambda: not alive(worker))
    service.go("s")
    service.start()
    told = service.ended(task)
    assert (told["status"], len(told["takes"])) == ("succeeded", 2)
    assert before in (point, *STAGES)
    until(lambda: sorted(set(town.types())) == sorted(STAGES))
    assert list(dict.fromkeys(town.types())) == STAGES


def test_a_callback_that_nobody_took_is_sent_by_the_next_service(launch: Launch, town: Town) -> None:
    service = launch(pauses="0.1," * 200 + "0.1")
    town.down = True
    task = service.begin(style="tone")
    service.ended(task)
    assert town.heard == []
    service.kill()
    town.down = False
    service.start()
    until(lambda: town.types()[-1:] == ["complete"])


def test_a_service_that_is_stopped_gives_its_tasks_back(launch: Launch, town: Town) -> None:
    service = launch()
    running, waiting = service.begin(style="hold text", seed="s"), service.begin(style="tone")
    service.reached("s")
    assert service.kill(signal.SIGTERM) in (0, -signal.SIGTERM)
    service.go("s")
    service.start()
    assert service.ended(running)["status"] == service.ended(waiting)["status"] == "succeeded"


def test_a_task_under_which_the_service_ends_again_and_again_is_given_up(launch: Launch, town: Town) -> None:
    service = launch()
    task = service.begin(style="hold none", seed="s")
    for _ in range(4):
        service.reached("s")
        (service.gates / "s.reached").unlink()
        service.kill()
        service.start()
    told = service.ended(task)
    assert (told["status"], told["error"]["code"]) == ("failed", "interrupted")
    until(lambda: town.types() == ["failed"])


def test_two_services_do_not_share_a_home(launch: Launch) -> None:
    service = launch()
    with pytest.raises(AssertionError, match="locked"):
        launch(home=service.settings["home"])


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True
