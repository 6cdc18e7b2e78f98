"""A callback token opens one door, for one attempt, for two days."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reprise import tokens
from reprise.errors import ForgedCallbackError

from tests.factories import NOW

SECRET = b"0123456789abcdef"
JOB = "a" * 32
ANY_TEXT = st.text(st.characters(), max_size=40)
IDS = st.text("0123456789abcdef", min_size=32, max_size=32)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,11}", fullmatch=True)


def mint(attempt: int = 1) -> str:
    return tokens.mint(SECRET, "kie", JOB, attempt, NOW)


def check(
    token: str,
    secret: bytes = SECRET,
    provider: str = "kie",
    job: str = JOB,
    attempt: str = "1",
    now: datetime = NOW,
) -> int:
    return tokens.check((secret,), provider, job, attempt, token, now)


@given(st.binary(min_size=1), NAMES, IDS, st.integers(1, 999))
def test_a_token_opens_what_it_was_made_for(secret: bytes, provider: str, job: str, attempt: int) -> None:
    token = tokens.mint(secret, provider, job, attempt, NOW)
    assert tokens.check((secret,), provider, job, str(attempt), token, NOW) == attempt


@given(IDS)
def test_a_token_needs_no_escaping_in_a_path(job: str) -> None:
    assert set(tokens.mint(SECRET, "kie", job, 1, NOW)) <= set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
    )


@given(ANY_TEXT)
def test_another_provider_is_refused(provider: str) -> None:
    assume(provider != "kie")
    with pytest.raises(ForgedCallbackError):
        check(mint(), provider=provider)


@given(ANY_TEXT | IDS)
def test_another_job_is_refused(job: str) -> None:
    assume(job != JOB)
    with pytest.raises(ForgedCallbackError):
        check(mint(), job=job)


@given(ANY_TEXT | st.integers().map(str))
def test_another_attempt_is_refused(attempt: str) -> None:
    assume(attempt != "1")
    with pytest.raises(ForgedCallbackError):
        check(mint(), attempt=attempt)


@pytest.mark.parametrize("attempt", ["", "01", "+1", " 1", "1 ", "1.0", "1_0", "¹", "١", "1" * 5000, "-1", "2"])
def test_the_attempt_has_one_spelling(attempt: str) -> None:
    with pytest.raises(ForgedCallbackError):
        check(mint(), attempt=attempt)


@given(st.binary(max_size=40))
def test_another_secret_is_refused(secret: bytes) -> None:
    assume(secret.rstrip(b"\0") != SECRET)  # HMAC pads its key with zeros
    with pytest.raises(ForgedCallbackError):
        check(mint(), secret=secret)


def test_each_secret_that_is_given_opens_and_the_next_is_asked_for_only_when_it_is_needed() -> None:
    asked: list[bytes] = []

    def secrets(*each: bytes) -> Iterator[bytes]:
        for secret in each:
            asked.append(secret)
            yield secret

    assert tokens.check(secrets(SECRET, b"before"), "kie", JOB, "1", mint(), NOW) == 1
    assert asked == [SECRET]
    assert tokens.check(secrets(b"after", SECRET, b"never"), "kie", JOB, "1", mint(), NOW) == 1
    assert asked == [SECRET, b"after", SECRET]


@pytest.mark.parametrize("token", ["", "forged", "1e9.AAAA", ".AAAA", "01795348800.AAAA"])
def test_what_is_no_token_costs_no_secret(token: str) -> None:
    def secrets() -> Iterator[bytes]:
        raise AssertionError("a secret was read")
        yield SECRET

    with pytest.raises(ForgedCallbackError):
        tokens.check(secrets(), "kie", JOB, "1", token, NOW)


def test_no_secret_at_all_opens_nothing() -> None:
    with pytest.raises(ForgedCallbackError):
        tokens.check((), "kie", JOB, "1", mint(), NOW)


@given(st.integers(0, 10**13), st.booleans())
def test_another_expiry_is_refused(expiry: int, padded: bool) -> None:
    was, _, mac = mint().partition(".")
    changed = f"0{expiry}" if padded else str(expiry)
    assume(changed != was)
    with pytest.raises(ForgedCallbackError):
        check(f"{changed}.{mac}")


@given(st.data())
def test_one_changed_character_is_refused(data: st.DataObject) -> None:
    token = mint()
    place = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters())
    assume(other != token[place])
    with pytest.raises(ForgedCallbackError):
        check(token[:place] + other + token[place + 1 :])


@given(st.data())
def test_a_token_with_more_or_less_is_refused(data: st.DataObject) -> None:
    token = mint()
    shorter = token[: data.draw(st.integers(0, len(token) - 1))]
    longer = token + data.draw(st.text(st.characters(), min_size=1, max_size=4))
    for changed in (shorter, longer, " " + token, "0" + token, "+" + token, token + "="):
        with pytest.raises(ForgedCallbackError):
            check(changed)


@given(ANY_TEXT)
def test_any_text_is_refused(token: str) -> None:
    with pytest.raises(ForgedCallbackError):
        check(token)


@pytest.mark.parametrize("text", ["\ud800", "\x00", "kie\n" + JOB, "ｋｉｅ", "kié", "..", "💥"])
def test_strange_characters_are_refused_and_do_no_harm(text: str) -> None:
    for wrong in ({"provider": text}, {"job": text}, {"attempt": text}, {"token": text}):
        with pytest.raises(ForgedCallbackError):
            check(**{"token": mint(), **wrong})  # type: ignore[arg-type]


def test_a_token_lives_two_days_to_the_second() -> None:
    end = NOW + timedelta(days=2)
    assert check(mint(), now=end) == 1
    with pytest.raises(ForgedCallbackError, match="expired"):
        check(mint(), now=end + timedelta(seconds=1))


def test_tokens_of_two_attempts_differ() -> None:
    assert mint(1) != mint(2)
    assert check(mint(2), attempt="2") == 2


def test_a_token_does_not_hold_the_secret() -> None:
    assert SECRET.decode() not in mint()


def test_the_clocks_zone_does_not_matter() -> None:
    assert tokens.mint(SECRET, "kie", JOB, 1, NOW.astimezone(UTC)) == mint()
