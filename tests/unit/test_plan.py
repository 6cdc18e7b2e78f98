"""Which providers could serve a wish, in which order, and what is said when none can."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

import pytest
from reprise.domain.assess import SourceFacts
from reprise.domain.capabilities import Capabilities, Length, Model, SourceLimits
from reprise.domain.job import Leg, Rhythm
from reprise.domain.request import Source, Visit
from reprise.domain.violation import Violation
from reprise.errors import ConfigurationError, InvalidError, NotFoundError
from reprise.ports import Found, Provider, ProviderDirectory
from reprise.usecases.plan import Plan

from tests.factories import a_request

SONG = Model(lyrics=100, style=50, title=20)


def shop(name: str, usd: float, **known: Any) -> Capabilities:
    """Takes an idea of 40 characters, or a song, of at most four minutes."""
    given: dict[str, Any] = {
        "fields": frozenset({"negative_style"}),
        "models": {"V5": SONG},
        "default_model": "V5",
        "rhythm": Rhythm(),
        "tracks": 2,
        "idea": Length(40),
        "source": SourceLimits(most_seconds=240),
    }
    return Capabilities(name, usd=usd, **{**given, **known})


CHEAP, MIDDLE, DEAR = shop("cheap", 0.05), shop("middle", 0.1), shop("dear", 0.2)


@dataclass
class Shops:
    """A directory; `off` are those without a key."""

    known: Mapping[str, Capabilities]
    off: tuple[str, ...] = ()

    def __call__(self, name: str) -> Provider:
        if name not in self.known:
            raise NotFoundError(f"no provider is named {name!r}")
        if name in self.off:
            raise ConfigurationError(f"{name} is switched off")
        return cast(Provider, Shop(self.known[name]))


@dataclass(frozen=True)
class Shop:
    capabilities: Capabilities


@dataclass
class Look:
    facts: SourceFacts = field(default_factory=SourceFacts)
    looks: list[Source] = field(default_factory=list)

    def __call__(self, source: Source, found: Found | None = None) -> SourceFacts:
        self.looks.append(source)
        return self.facts


def a_plan(*known: Capabilities, off: tuple[str, ...] = (), look: Look | None = None) -> Plan:
    shops = {one.provider: one for one in known or (DEAR, CHEAP, MIDDLE)}
    directory: ProviderDirectory = Shops(shops, off)
    return Plan(directory, tuple(shops), look or Look())


def route(plan: Plan, **request: Any) -> list[str]:
    return [leg.provider for leg in plan(a_request(**{"providers": (), **request}))]


def faults(plan: Plan, **request: Any) -> list[Violation]:
    with pytest.raises(InvalidError) as refused:
        route(plan, **request)
    return list(refused.value.violations)


# --- order -----------------------------------------------------------------------------------------------------


def test_the_cheapest_comes_first() -> None:
    assert route(a_plan()) == ["cheap", "middle", "dear"]


def test_of_two_at_one_price_the_one_that_we_name_first_comes_first() -> None:
    assert route(a_plan(shop("b", 0.06), shop("a", 0.06))) == ["b", "a"]


def test_named_providers_come_in_the_order_they_were_named_each_once() -> None:
    assert route(a_plan(), providers=("dear", "cheap", "dear")) == ["dear", "cheap"]


def test_one_named_provider_is_the_whole_route() -> None:
    assert route(a_plan(), providers=("dear",)) == ["dear"]


def test_a_dialects_own_vendor_comes_first_then_the_price_counts() -> None:
    assert route(a_plan(), visit=Visit("dear")) == ["dear", "cheap", "middle"]


def test_named_providers_stand_above_the_dialects_own() -> None:
    assert route(a_plan(), visit=Visit("dear"), providers=("middle",)) == ["middle"]


def test_who_cannot_do_it_is_left_out() -> None:
    plan = a_plan(shop("cheap", 0.05, idea=Length(3)), MIDDLE, DEAR)
    assert route(plan, prompt="make it jazz") == ["middle", "dear"]


def test_who_is_too_dear_is_left_out() -> None:
    assert route(a_plan(), max_usd=0.1) == ["cheap", "middle"]


def test_who_is_switched_off_is_left_out_and_listed_last() -> None:
    plan = a_plan(off=("cheap",))
    assert route(plan) == ["middle", "dear"]
    options = plan.options(a_request(providers=()))
    assert [(one.assessment.provider, one.off) for one in options] == [
        ("middle", None),
        ("dear", None),
        ("cheap", "cheap is switched off"),
    ]


# --- one that must be named ------------------------------------------------------------------------------------

APART = shop("apart", 0, by_name=True)


def test_one_that_must_be_named_is_not_chosen_for_being_free() -> None:
    assert route(a_plan(APART, CHEAP, DEAR)) == ["cheap", "dear"]
    options = a_plan(APART, CHEAP, DEAR).options(a_request(providers=()))
    assert [one.assessment.provider for one in options] == ["cheap", "dear", "apart"]
    assert [fault.rule for fault in options[-1].assessment.violations] == ["not-named"]


def test_its_name_is_enough_alone_or_among_others() -> None:
    assert route(a_plan(APART, CHEAP), providers=("apart",)) == ["apart"]
    assert route(a_plan(APART, CHEAP), providers=("cheap", "apart")) == ["cheap", "apart"]


def test_where_no_other_is_switched_on_it_is_chosen() -> None:
    assert route(a_plan(APART, CHEAP, DEAR, off=("cheap", "dear"))) == ["apart"]
    assert route(a_plan(APART, CHEAP, off=("cheap",)), visit=Visit("dear")) == ["apart"]


def test_it_does_not_step_in_for_one_that_cannot() -> None:
    (fault,) = faults(a_plan(APART, CHEAP), prompt="p" * 41)
    assert (fault.field, fault.rule) == ("prompt", "too-long"), "the others' rules are what the caller can mend"


def test_where_all_that_compete_are_off_and_it_cannot_its_own_rules_are_told() -> None:
    (fault,) = faults(a_plan(APART, CHEAP, off=("cheap",)), prompt="p" * 41)
    assert (fault.field, fault.rule) == ("prompt", "too-long")


def test_one_that_we_choose_must_hear_the_wishs_heart_one_that_is_named_need_not() -> None:
    plan = a_plan(CHEAP, shop("singer", 0.3, fields=frozenset({"voice"})))
    assert route(plan, voice="someone") == ["singer"]
    assert route(plan, voice="someone", providers=("cheap",)) == ["cheap"]
    assert route(plan, voice="someone", visit=Visit("cheap")) == ["cheap", "singer"]


def test_a_leg_says_what_it_costs_which_model_it_is_what_it_leaves_out_and_when_it_is_asked() -> None:
    rhythm = Rhythm(75, 15, pushes=False)
    plan = a_plan(shop("one", 0.07, rhythm=rhythm))
    legs = plan(a_request(providers=("one",), pitch=2, negative_style="banjo"))
    assert legs == (Leg("one", 0.07, "V5", ("pitch",), rhythm, tracks=2),)


def test_a_leg_says_how_many_tracks_its_provider_makes() -> None:
    legs = a_plan(shop("single", 0.05, tracks=1), shop("double", 0.06, tracks=2))(a_request(providers=()))
    assert [(leg.provider, leg.tracks) for leg in legs] == [("single", 1), ("double", 2)]


def test_a_model_is_found_under_another_shops_name() -> None:
    plan = a_plan(CHEAP, shop("clips", 0.2, models={"chirp-v5": SONG}, default_model="chirp-v5"))
    assert [(leg.provider, leg.model) for leg in plan(a_request(providers=(), model="V5"))] == [
        ("cheap", "V5"),
        ("clips", "chirp-v5"),
    ]


# --- nobody can ------------------------------------------------------------------------------------------------


def test_one_providers_own_rules_are_told_as_they_are() -> None:
    found = faults(a_plan(), providers=("cheap",), prompt="x" * 41, max_usd=0.01)
    assert [(one.field, one.rule, one.limit) for one in found] == [
        ("prompt", "too-long", 40),
        ("max_usd", "over-budget", 0.01),
    ]


def test_the_dialects_own_vendors_rules_are_told_to_its_client() -> None:
    plan = a_plan(CHEAP, shop("home", 0.3, idea=Length(5)))
    found = faults(plan, visit=Visit("home"), prompt="x" * 41)
    assert [(one.field, one.limit) for one in found] == [("prompt", 5)]


def test_what_all_of_several_say_is_said_once() -> None:
    plan = a_plan(shop("a", 0.1, idea=Length(5)), shop("b", 0.2, idea=Length(6), required=("title",)))
    assert [(one.field, one.rule) for one in faults(plan, prompt="x" * 7)] == [("prompt", "too-long")]


def test_where_they_differ_each_gets_a_line() -> None:
    plan = a_plan(shop("a", 0.1, idea=Length(5)), shop("b", 0.2, required=("title",)))
    (only,) = faults(plan, prompt="x" * 7)
    assert (only.field, only.rule) == ("provider", "none-able")
    assert only.message == "a: prompt: 7 characters, at most 5; b: title: b takes no job without it"


def test_who_is_switched_off_has_no_say_in_why() -> None:
    plan = a_plan(shop("a", 0.1, idea=Length(5)), DEAR, off=("dear",))
    assert [(one.field, one.limit) for one in faults(plan, prompt="x" * 7)] == [("prompt", 5)]


def test_all_switched_off_is_the_owners_to_mend() -> None:
    plan = a_plan(off=("cheap", "middle", "dear"))
    with pytest.raises(ConfigurationError, match=r"^(\w+ is switched off(; |$)){3}"):
        route(plan)
    with pytest.raises(ConfigurationError, match=r"^cheap is switched off$"):
        route(plan, providers=("cheap",))


def test_a_name_that_is_no_providers_is_the_callers_to_mend() -> None:
    (only,) = faults(a_plan(), providers=("cheap", "suno"))
    assert (only.field, only.rule) == ("provider", "unknown")


# --- the song --------------------------------------------------------------------------------------------------


def test_the_song_is_looked_at_once_when_nothing_else_is_wrong() -> None:
    look = Look()
    route(a_plan(look=look))
    assert len(look.looks) == 1


@pytest.mark.parametrize("wrong", [{"prompt": "x" * 41}, {"max_usd": 0.01}, {"providers": ("suno",)}])
def test_the_song_is_not_looked_at_for_a_wish_that_nobody_can_serve(wrong: dict[str, Any]) -> None:
    look = Look()
    faults(a_plan(look=look), **wrong)
    assert look.looks == []


def test_the_song_is_not_looked_at_where_all_are_switched_off() -> None:
    look = Look()
    with pytest.raises(ConfigurationError):
        route(a_plan(CHEAP, off=("cheap",), look=look))
    assert look.looks == []


def test_a_song_that_is_too_long_for_the_cheapest_goes_to_the_next() -> None:
    long = replace(MIDDLE, source=SourceLimits(most_seconds=600))
    assert route(a_plan(CHEAP, long, look=Look(SourceFacts(seconds=300)))) == ["middle"]


def test_what_is_no_song_is_nobodys() -> None:
    fault = Violation("source", "not-audio", "a web page")
    assert faults(a_plan(look=Look(SourceFacts(fault=fault)))) == [fault]


def test_a_vendors_client_is_told_by_the_vendor_what_is_wrong_with_its_link() -> None:
    look = Look(SourceFacts(fault=Violation("source", "not-audio", "a web page")))
    assert route(a_plan(look=look), visit=Visit("cheap"))[0] == "cheap"
    assert faults(a_plan(look=look), visit=Visit("cheap"), source=Source(key="uploads/owner/1"))
