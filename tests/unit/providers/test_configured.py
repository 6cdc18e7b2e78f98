"""What the owner sets in Parameter Store, and a vendor's data with it above them."""

from dataclasses import replace

import pytest
from reprise.domain.assess import SourceFacts, assess
from reprise.domain.capabilities import Capabilities, Length, Model, SourceLimits
from reprise.domain.job import Rhythm
from reprise.errors import ConfigurationError
from reprise.providers import REGISTRY, build, capabilities
from reprise.providers.client import VendorSettings, configured

from tests.factories import a_request

CAPABILITIES = capabilities()

EVERY = {
    "kie/api-key": "k3y",
    "kie/base-url": "https://vendor.example/kie",
    "kie/hmac-key": "h-m/a=c",
    "kie/limits": "docs",
    "kie/models": "V5,V4_5",
    "kie/parallel": "3",
    "kie/usd": "0.075",
    "kie/first-poll": "20",
    "kie/poll-every": "5",
}
SHOP = Capabilities(
    provider="shop",
    fields=frozenset(),
    models={"old": Model(10, 5, 3, credits=2), "usual": Model(20, 10, 6), "short": Model(20, 10, 6, source_seconds=60)},
    default_model="usual",
    idea=Length(400),
    source=SourceLimits(most_seconds=480),
    tracks=2,
    usd=0.06,
    credits=4,
    parallel=2,
    rhythm=Rhythm(),
)
KNOWN = {"seed": SHOP, "docs": replace(SHOP, idea=Length(500))}

# Reading


def test_every_parameter_has_its_place() -> None:
    assert VendorSettings.read("kie", EVERY) == VendorSettings(
        api_key="k3y",
        base_url="https://vendor.example/kie",
        hmac_key="h-m/a=c",
        limits="docs",
        models=("V5", "V4_5"),
        parallel=3,
        usd=0.075,
        first_poll=20,
        poll_every=5,
    )


def test_nothing_set_is_the_vendors_own_data() -> None:
    assert VendorSettings.read("kie", {}) == VendorSettings()


def test_another_providers_parameters_are_not_read() -> None:
    assert VendorSettings.read("sunoapi", EVERY) == VendorSettings()
    assert VendorSettings.read("kie", {"api-key": "k", "kie": "k", "xkie/api-key": "k"}) == VendorSettings()


@pytest.mark.parametrize("blank", ["", " ", "\n", " \r\n\t"])
def test_a_blank_parameter_is_one_that_is_not_set(blank: str) -> None:
    assert VendorSettings.read("kie", dict.fromkeys(EVERY, blank)) == VendorSettings()


def test_blanks_and_the_line_break_of_a_file_are_no_part_of_a_value() -> None:
    blanks = {name: f"  {value}\r\n" for name, value in EVERY.items()}
    assert VendorSettings.read("kie", blanks) == VendorSettings.read("kie", EVERY)


@pytest.mark.parametrize(
    ("text", "models"),
    [("V5", ("V5",)), (" V5 , V4 ", ("V5", "V4")), (",V5,,V4,", ("V5", "V4")), (",", ()), (" , ,", ())],
)
def test_models_stand_between_commas(text: str, models: tuple[str, ...]) -> None:
    assert VendorSettings.read("kie", {"kie/models": text}).models == models


@pytest.mark.parametrize(
    ("part", "text", "value"),
    [
        ("parallel", "1", 1),
        ("parallel", "0", 0),
        ("parallel", "999999", 999_999),
        ("usd", "0", 0.0),
        ("usd", "0.06", 0.06),
        ("usd", "12", 12.0),
        ("usd", "1e-3", 0.001),
        ("first_poll", "0", 0),
        ("poll_every", "1", 1),
    ],
)
def test_a_number_is_read(part: str, text: str, value: float) -> None:
    assert getattr(VendorSettings.read("kie", {f"kie/{part.replace('_', '-')}": text}), part) == value


@pytest.mark.parametrize(
    ("part", "text"),
    [
        *(("parallel", text) for text in ("-1", "1.5", "1e3", "two", "1000000", "nan", "0x1", "9" * 5000)),
        *(("first-poll", text) for text in ("-1", "1.5", "soon", "1000000")),
        *(("poll-every", text) for text in ("0", "-1", "0.5", "often", "1000000")),
        *(("usd", text) for text in ("-0.01", "cheap", "nan", "inf", "-inf", "1e999", "0,06", "$0.06", "1000000")),
    ],
)
def test_a_number_that_is_none_is_named_with_its_provider(part: str, text: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^kie/{part} in Parameter Store is not a number\b"):
        VendorSettings.read("kie", {"kie/api-key": "k3y", f"kie/{part}": text})


def test_a_wrong_number_does_not_tell_the_key() -> None:
    with pytest.raises(ConfigurationError) as raised:
        VendorSettings.read("kie", {**EVERY, "kie/usd": "cheap"})
    assert "k3y" not in str(raised.value)
    assert "h-m/a=c" not in str(raised.value)


# A vendor's data with the owner's above it


def test_nothing_set_changes_nothing() -> None:
    assert configured(KNOWN, VendorSettings("key", base_url="https://vendor.example", hmac_key="h")) == SHOP


def test_a_profile_of_limits_is_chosen() -> None:
    assert configured(KNOWN, VendorSettings(limits="docs")).idea == Length(500)


@pytest.mark.parametrize("limits", ["DOCS", "seeds", "", "docs seed"])
def test_a_profile_that_there_is_not_is_named_with_its_provider_and_those_that_there_are(limits: str) -> None:
    with pytest.raises(ConfigurationError) as raised:
        configured(KNOWN, VendorSettings(limits=limits))
    assert str(raised.value) == f"shop/limits in Parameter Store is {limits!r}; there are seed, docs"


@pytest.mark.parametrize("name", REGISTRY)
def test_every_provider_refuses_a_profile_that_it_has_not(name: str) -> None:
    with pytest.raises(
        ConfigurationError, match=rf"^{name}/limits in Parameter Store is 'mine'; there are seed, docs$"
    ):
        build(name, VendorSettings("key", limits="mine"), None)


@pytest.mark.parametrize("limits", ["seed", "docs"])
@pytest.mark.parametrize("name", REGISTRY)
def test_every_provider_has_both_profiles_and_its_own_name_in_them(name: str, limits: str) -> None:
    assert build(name, VendorSettings("key", limits=limits), None).capabilities.provider == name


def test_the_owners_models_replace_ours_in_their_order_and_keep_their_limits() -> None:
    found = configured(KNOWN, VendorSettings(models=("short", "usual", "short")))
    assert list(found.models.items()) == [("short", SHOP.models["short"]), ("usual", SHOP.models["usual"])]
    assert found.default_model == "usual"


def test_without_our_default_among_them_the_first_of_the_owners_models_is_it() -> None:
    found = configured(KNOWN, VendorSettings(models=("short", "old")))
    assert found.default_model == "short"
    told = assess(a_request(), found, SourceFacts(seconds=61))
    assert (told.model, [one.rule for one in told.violations]) == ("short", ["too-long"])


def test_a_model_that_we_do_not_know_has_the_limits_and_the_price_of_the_default_one() -> None:
    found = configured(KNOWN, VendorSettings(models=("new", "old")))
    assert found.models == {"new": SHOP.models["usual"], "old": SHOP.models["old"]}
    assert found.default_model == "new"
    song = {"prompt": None, "lyrics": "x" * 20, "style": "y" * 10, "title": "z" * 6}
    told = assess(a_request(**song, model="new"), found, SourceFacts(seconds=480))
    assert (told.model, told.credits, told.violations) == ("new", 4, ())
    assert not assess(a_request(**{**song, "title": "z" * 7}, model="new"), found).able


def test_a_model_that_the_owner_left_out_is_refused_and_its_engine_is_not() -> None:
    vendor = build("kie", VendorSettings("key", models=("V5",)), None).capabilities
    (one,) = assess(a_request(model="V4_5"), vendor).violations
    assert (one.field, one.message) == ("model", "kie knows V5")
    assert assess(a_request(model="chirp-v5"), vendor).model == "V5"


def test_a_vendor_without_models_may_get_some() -> None:
    found = build("musicgpt", VendorSettings("key", models=("next",)), None).capabilities
    assert (dict(found.models), found.default_model) == ({"next": Model()}, "next")
    assert assess(a_request(voice="v", model="next"), found).able


@pytest.mark.parametrize(("given", "parallel"), [(None, 2), (5, 5), (0, 0)])
def test_the_owners_plan_says_how_many_jobs_run_at_once(given: int | None, parallel: int) -> None:
    assert configured(KNOWN, VendorSettings(parallel=given)).parallel == parallel


@pytest.mark.parametrize(
    ("settings", "rhythm"),
    [
        (VendorSettings(), Rhythm(75, 15, pushes=False)),
        (VendorSettings(first_poll=0), Rhythm(0, 15, pushes=False)),
        (VendorSettings(poll_every=1), Rhythm(75, 1, pushes=False)),
        (VendorSettings(first_poll=20, poll_every=5), Rhythm(20, 5, pushes=False)),
    ],
)
def test_the_owners_rhythm_of_polls_stands_above_ours(settings: VendorSettings, rhythm: Rhythm) -> None:
    shop = replace(SHOP, rhythm=Rhythm(75, 15, pushes=False))
    assert configured({"seed": shop}, settings).rhythm == rhythm


@pytest.mark.parametrize(("given", "usd"), [(None, 0.06), (0.01, 0.01), (0.0, 0.0)])
def test_the_owners_price_stands_above_ours(given: float | None, usd: float) -> None:
    found = configured(KNOWN, VendorSettings(usd=given))
    assert assess(a_request(), found).usd == usd
    assert assess(a_request(max_usd=0.05), found).able == (usd <= 0.05)


@pytest.mark.parametrize("name", REGISTRY)
def test_what_is_set_changes_nothing_in_the_data_that_everybody_shares(name: str) -> None:
    before = replace(CAPABILITIES[name])
    build(name, VendorSettings("key", models=("new",), parallel=9, usd=9.0), None)
    assert CAPABILITIES[name] == before == build(name, VendorSettings("key"), None).capabilities
