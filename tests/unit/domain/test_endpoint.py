"""Endpoints: when one is given up, and which of its secrets sign."""

import inspect
import re
from datetime import timedelta

import pytest
import reprise.domain
from reprise.domain.attempts import Posted
from reprise.domain.audience import wanted
from reprise.domain.endpoint import EVENT_TYPES, MOST_ROTATIONS, Endpoint, Keyring, enabled, heard, rotate

from tests.factories import NOW
from tests.template import ROOT

NEW = Endpoint("e" * 32, "owner", "https://hooks.example/", NOW, version=1)
DAY = timedelta(days=1)


def test_every_type_of_public_event_can_be_asked_for() -> None:
    domain = ROOT / "layers/core/reprise/domain"
    code = "".join(path.read_text() for path in domain.glob("*.py") if path.name != "endpoint.py")
    assert set(re.findall(r'announce\(\s*"(cover\.\w+)"', code)) == set(EVENT_TYPES)
    assert inspect.getfile(reprise.domain).startswith(str(domain))


def test_no_types_are_all_types() -> None:
    assert wanted("cover.text", ())
    assert wanted("cover.text", ("cover.first", "cover.text"))
    assert not wanted("cover.text", ("cover.first",))


def test_a_success_is_not_worth_a_write() -> None:
    assert heard(NEW, Posted(200), NOW) is NEW


def test_of_failures_the_first_is_remembered_until_a_success() -> None:
    failing = heard(NEW, Posted(500), NOW)
    assert (failing.failing_since, failing.disabled, failing.version) == (NOW, None, 2)
    assert heard(failing, "no answer", NOW + DAY) is failing
    assert heard(failing, Posted(204), NOW + DAY).failing_since is None


def test_five_days_of_failures_are_the_end_and_not_a_second_less() -> None:
    failing = heard(NEW, "no answer", NOW)
    assert heard(failing, Posted(500), NOW + 5 * DAY - timedelta(seconds=1)) is failing
    over = heard(failing, Posted(500), NOW + 5 * DAY)
    assert over.disabled == "nothing but failures for 5 days"
    assert (over.disabled_at, over.announced) == (NOW + 5 * DAY, False)


def test_gone_is_the_end_at_once_and_the_disabled_learn_nothing() -> None:
    over = heard(NEW, Posted(410), NOW)
    assert over.disabled == "it answered 410 Gone"
    assert heard(over, Posted(200), NOW) is over


def test_one_that_is_enabled_again_has_all_its_time() -> None:
    again = enabled(heard(heard(NEW, Posted(500), NOW), Posted(410), NOW + DAY))
    assert (again.disabled, again.disabled_at, again.failing_since, again.announced) == (None, None, None, False)


def test_the_secret_before_signs_for_a_day_and_no_longer() -> None:
    ring = rotate(Keyring("job"), NOW)
    assert ring is not None
    assert ring.generations(NOW) == (2, 1)
    assert ring.generations(NOW + DAY - timedelta(seconds=1)) == (2, 1)
    assert ring.generations(NOW + DAY) == (2,)


def test_rotated_often_all_that_were_promised_a_day_sign() -> None:
    ring: Keyring | None = Keyring("job")
    for hour in range(MOST_ROTATIONS):
        assert ring is not None
        ring = rotate(ring, NOW + timedelta(hours=hour))
    assert ring is not None
    assert ring.generations(NOW + timedelta(hours=5)) == (6, 5, 4, 3, 2, 1)
    assert rotate(ring, NOW + timedelta(hours=5)) is None
    assert ring.generations(NOW + timedelta(hours=25, minutes=1)) == (6, 5, 4, 3)
    later = rotate(ring, NOW + timedelta(hours=25))
    assert later is not None
    assert later.generation == 7


@pytest.mark.parametrize("outcome", [Posted(200), Posted(500), "no answer"])
def test_nothing_disables_at_the_first_failure(outcome: Posted | str) -> None:
    assert heard(NEW, outcome, NOW + 100 * DAY).disabled is None
