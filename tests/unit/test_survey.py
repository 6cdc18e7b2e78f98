"""What the providers are, how they are doing, and a dry run of a wish."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

import pytest
from reprise.domain.assess import SourceFacts
from reprise.domain.capabilities import Capabilities
from reprise.domain.health import Health
from reprise.domain.violation import Violation
from reprise.errors import ConfigurationError, InvalidError, NotFoundError
from reprise.memory import MemoryClock, MemoryHealth
from reprise.ports import Provider, Voice, Voices
from reprise.usecases.plan import Plan
from reprise.usecases.survey import Survey

from tests.factories import NOW, a_request
from tests.unit.test_plan import CHEAP, DEAR, MIDDLE, Look

VOICES = Voices((Voice("1", "Ada"),), 1)
OPEN = Health(3, NOW + timedelta(minutes=1), "no-credit: empty")


@dataclass(frozen=True)
class Silent:
    capabilities: Capabilities

    def balance(self) -> float | None:
        return 12.5


@dataclass(frozen=True)
class Singer(Silent):
    def voices(self, query: str | None, limit: int, page: int) -> Voices | None:
        return VOICES


def a_survey(*off: str, look: Look | None = None, **healths: Health) -> Survey:
    shops: dict[str, Silent] = {"cheap": Silent(CHEAP), "middle": Singer(MIDDLE), "dear": Silent(DEAR)}

    def providers(name: str) -> Provider:
        if name in off:
            raise ConfigurationError(f"{name} is switched off")
        if name not in shops:
            raise NotFoundError(f"no provider is named {name!r}")
        return cast(Provider, shops[name])

    known = {name: one.capabilities for name, one in shops.items()}
    plan = Plan(providers, tuple(known), look or Look())
    return Survey(providers, known, plan, MemoryHealth(healths), MemoryClock(NOW))


def chosen(survey: Survey, **request: Any) -> str | None:
    return survey.consider(a_request(**{"providers": (), **request})).chosen


def test_every_provider_is_told_of_whether_it_is_switched_on_or_not() -> None:
    told = {one.capabilities.provider: one for one in a_survey("dear", middle=OPEN)()}
    assert {name: (one.off, one.passed_over) for name, one in told.items()} == {
        "cheap": (None, False),
        "middle": (None, True),
        "dear": ("dear is switched off", False),
    }
    assert told["middle"].health.reason == "no-credit: empty"


def test_a_dry_run_names_the_one_that_would_be_paid() -> None:
    assert chosen(a_survey()) == "cheap"
    assert chosen(a_survey("cheap")) == "middle"
    assert chosen(a_survey(cheap=OPEN)) == "middle"
    assert chosen(a_survey(), providers=("dear", "cheap")) == "dear"
    assert chosen(a_survey(), max_usd=0.01) is None


def test_where_none_is_healthy_the_first_would_be_tried_all_the_same() -> None:
    assert chosen(a_survey(cheap=OPEN, middle=OPEN, dear=OPEN)) == "cheap"
    assert chosen(a_survey(cheap=OPEN), providers=("cheap",)) == "cheap"


def test_a_dry_run_tells_every_providers_answer_and_what_the_song_is() -> None:
    facts = SourceFacts(seconds=300.0)
    told = a_survey("dear", look=Look(facts)).consider(a_request(providers=()))
    assert [(one.assessment.provider, one.usable) for one in told.options] == [
        ("cheap", False),
        ("middle", False),
        ("dear", False),
    ]
    assert (told.source, told.chosen) == (facts, None)


def test_a_dry_run_refuses_a_name_that_is_no_providers() -> None:
    with pytest.raises(InvalidError):
        chosen(a_survey(), providers=("suno",))


def test_a_song_that_is_none_is_told_in_every_answer() -> None:
    fault = Violation("source", "not-audio", "a web page")
    told = a_survey(look=Look(SourceFacts(fault=fault))).consider(a_request(providers=()))
    assert all(fault in one.assessment.violations for one in told.options)


def test_a_balance_is_asked_for_only_where_there_is_a_key() -> None:
    assert (a_survey().balance("cheap"), a_survey("cheap").balance("cheap")) == (12.5, None)


def test_balances_are_of_those_that_have_a_key_and_say() -> None:
    assert dict(a_survey("middle").balances()) == {"cheap": 12.5, "dear": 12.5}


def test_voices_are_those_of_a_provider_that_has_some() -> None:
    assert a_survey().voices("middle", None, 10, 0) == VOICES
    assert a_survey().voices("cheap", None, 10, 0) is None
    assert a_survey("middle").voices("middle", None, 10, 0) is None
