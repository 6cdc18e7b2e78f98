"""A receiver that is down, slow to agree, or gone for good."""

from tests.studio.service.conftest import Launch
from tests.studio.service.kit import Service, Town, until

STAGES = ["text", "first", "complete"]


def test_a_receiver_that_is_down_for_a_while_hears_of_the_end(service: Service, town: Town) -> None:
    town.down = True
    task = service.begin(style="tone")
    service.ended(task)
    town.down = False
    until(lambda: town.types()[-1:] == ["complete"])


def test_what_was_not_taken_is_sent_again_before_what_comes_after_it(service: Service, town: Town) -> None:
    town.answers += [500, 429, 302, 200]
    service.ended(service.begin(style="tone"))
    until(lambda: town.types() == ["text"] * 4 + ["first", "complete"])
    assert len({one.body for one in town.heard[:4]}) == 1


def test_a_stage_that_is_never_taken_does_not_hold_up_the_end_for_ever(service: Service, town: Town) -> None:
    town.answers += [500] * 8
    service.ended(service.begin(style="tone"))
    until(lambda: town.types() == ["text"] * 4 + ["first"] * 4 + ["complete"])


def test_a_receiver_that_says_gone_is_left_alone(service: Service, town: Town) -> None:
    town.answers += [410]
    service.ended(service.begin(style="tone"))
    until(lambda: town.types() == STAGES)


def test_the_end_is_given_up_after_the_last_pause(launch: Launch, town: Town) -> None:
    service = launch(pauses="0.05,0.05")
    town.answers += [500] * 100
    service.ended(service.begin(style="tone"))
    until(lambda: service.http.get("/health").json()["callbacks"] == 0)
    assert town.types() == ["text"] * 3 + ["first"] * 3 + ["complete"] * 3


def test_another_tasks_receiver_is_not_held_up(service: Service, town: Town) -> None:
    town.down = True
    service.ended(service.begin(style="tone", callback_url=town.link("/slow")))
    town.down = False
    service.begin(style="tone", callback_url=town.link("/quick"))
    until(lambda: town.types("/quick") == STAGES and town.types("/slow")[-1:] == ["complete"])


def test_without_a_key_callbacks_are_not_signed(launch: Launch, town: Town) -> None:
    service = launch(hmac_key="")
    service.begin(style="tone")
    until(lambda: town.types() == STAGES)
    assert not any("x-webhook-signature" in one.headers for one in town.heard)
