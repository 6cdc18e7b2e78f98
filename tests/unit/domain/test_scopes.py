"""What a key opens, how its text is read, and the month that it pays from."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reprise.domain.key import ApiKey, Scope, id_of
from reprise.domain.purse import Purse, end_of, money, month_of

from tests.factories import NOW

ID = "0123456789ab"


def a_key(*scopes: Scope, budget_usd: Decimal | None = None) -> ApiKey:
    return ApiKey(ID, "owner", "", frozenset(scopes), budget_usd=budget_usd)


@pytest.mark.parametrize("scope", Scope)
def test_a_scope_opens_its_own_doors_and_admin_opens_all(scope: Scope) -> None:
    assert a_key(scope).opens(scope)
    assert a_key(Scope.ADMIN).opens(scope)
    assert [other for other in Scope if a_key(scope).opens(other)] == ([*Scope] if scope is Scope.ADMIN else [scope])
    assert not a_key().opens(scope)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"rk_{ID}_{'x' * 43}", ID),
        (f"rk_{ID}_{'-_' * 21}A", ID),
        (f"rk_{ID}_{'x' * 42}", None),
        (f"rk_{ID}_{'x' * 43}\n", None),
        (f"rk_{ID.upper()}_{'x' * 43}", None),
        (f"rk_{'x' * 43}", None),
        ("", None),
    ],
)
def test_only_a_key_of_todays_form_has_an_id_in_it(text: str, found: str | None) -> None:
    assert id_of(text) == found


def test_a_key_without_a_budget_has_no_purse() -> None:
    assert a_key().purse(NOW) is None
    assert a_key(budget_usd=Decimal(0)).purse(NOW) == Purse(ID, "2026-11", 0.0)


@pytest.mark.parametrize(
    ("moment", "month", "end"),
    [
        (datetime(2026, 11, 1, tzinfo=UTC), "2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), "2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), "2026-12", datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 12, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-11", datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_a_month_is_a_calendar_month_in_utc(moment: datetime, month: str, end: datetime) -> None:
    assert month_of(moment) == month
    assert end_of(month) == end


@given(st.lists(st.integers(0, 10_000_000), max_size=50))
def test_sums_of_money_are_exact_to_a_millionth(millionths: list[int]) -> None:
    assert sum((money(one / 1_000_000) for one in millionths), Decimal(0)) == Decimal(sum(millionths)) / 1_000_000
