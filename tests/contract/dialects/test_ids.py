"""Ids that vendors' clients are given, and what they hand back."""

import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from reprise.dialects import ids

Write = Callable[[str], str]
Read = Callable[[str], str | None]

JOB_IDS = st.integers(min_value=0, max_value=2**126 - 1).map(lambda number: f"{number:032x}")
ZERO, LAST = "0" * 32, "3" + "f" * 31

KINDS: dict[str, tuple[Write, Read, str]] = {
    "upcov": (ids.upcov, ids.from_upcov, r"upcov[0-9A-Za-z]{22}"),
    "short": (ids.short, ids.from_short, r"[A-Za-z0-9_-]{21}"),
    "task": (ids.task_uuid, ids.from_task_uuid, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
    "conversion": (ids.conversion_uuid, ids.from_conversion_uuid, r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"),
}
every_kind = pytest.mark.parametrize(("write", "read", "form"), KINDS.values(), ids=KINDS)


@every_kind
@given(job_id=JOB_IDS)
def test_an_id_looks_like_the_vendors_and_leads_back_to_its_job(
    write: Write, read: Read, form: str, job_id: str
) -> None:
    assert re.fullmatch(form, write(job_id))
    assert read(write(job_id)) == job_id


@every_kind
@given(one=JOB_IDS, other=JOB_IDS)
def test_two_jobs_never_share_an_id(write: Write, read: Read, form: str, one: str, other: str) -> None:
    assume(one != other)
    assert write(one) != write(other)


@every_kind
@given(text=st.text(max_size=50) | st.from_regex(r"upcov[0-9A-Za-z]{22}|[\w-]{21}|[0-9a-f-]{36}", fullmatch=True))
def test_any_text_is_an_id_of_ours_or_none(write: Write, read: Read, form: str, text: str) -> None:
    job_id = read(text)
    assert job_id is None or write(job_id) == text.lower() or write(job_id) == text


@every_kind
@pytest.mark.parametrize("job_id", ["a" * 32, "4" + "0" * 31, LAST[1:], LAST + "0", LAST.upper(), "", " " * 32])
def test_what_is_no_job_id_has_no_vendor_id(write: Write, read: Read, form: str, job_id: str) -> None:
    with pytest.raises(ValueError, match="not a job id"):
        write(job_id)


EXAMPLES = [
    (ids.upcov(ZERO), "upcov0000000000000000000000"),
    (ids.upcov("0" * 31 + "a"), "upcov000000000000000000000A"),
    (ids.short(ZERO), "A" * 21),
    (ids.short(LAST), "_" * 21),
    (ids.task_uuid("0123456789abcdef0123456789abcdef"), "01234567-89ab-cdef-0123-456789abcdef"),
    (ids.conversion_uuid(ZERO), "d3a95c17-6e2b-4f80-9a61-c4f27b0d358e"),
]


@pytest.mark.parametrize(("written", "expected"), EXAMPLES)
def test_ids_stay_what_they_were(written: str, expected: str) -> None:
    """Clients keep them: a change of alphabet or constant would lose their jobs."""
    assert written == expected


NO_IDS: list[tuple[Read, str]] = [
    (ids.from_upcov, "upcov" + "z" * 22),
    (ids.from_upcov, "UPCOV" + "0" * 22),
    (ids.from_upcov, "upcov" + "0" * 21),
    (ids.from_upcov, "upcov" + "0" * 21 + "_"),
    (ids.from_upcov, "upcov" + "0" * 21 + "٣"),
    (ids.from_upcov, "0" * 22),
    (ids.from_short, "A" * 20),
    (ids.from_short, "A" * 22),
    (ids.from_short, "A" * 20 + "="),
    (ids.from_task_uuid, "40000000-0000-0000-0000-000000000000"),
    (ids.from_task_uuid, "0" * 32),
    (ids.from_task_uuid, "{00000000-0000-0000-0000-000000000000}"),
    (ids.from_conversion_uuid, "00000000-0000-0000-0000-000000000000"),
]


@pytest.mark.parametrize(("read", "text"), NO_IDS)
def test_what_only_looks_like_one_is_none(read: Read, text: str) -> None:
    assert read(text) is None


@given(job_id=JOB_IDS)
def test_a_task_and_its_conversion_are_never_taken_for_each_other(job_id: str) -> None:
    assert ids.from_task_uuid(ids.conversion_uuid(job_id)) is None
    assert ids.from_conversion_uuid(ids.task_uuid(job_id)) is None


def test_a_uuid_in_capitals_is_the_same_uuid() -> None:
    assert ids.from_task_uuid(ids.task_uuid(LAST).upper()) == LAST
    assert ids.from_conversion_uuid(ids.conversion_uuid(LAST).upper()) == LAST
