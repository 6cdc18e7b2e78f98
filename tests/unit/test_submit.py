"""A submit that is repeated under its key: one job, one purchase, and the same answer whatever has changed since."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, NoReturn

import pytest
from reprise.domain.assess import SourceFacts
from reprise.domain.health import Health
from reprise.domain.job import Change, ErrorClass, Job, State
from reprise.domain.violation import Violation
from reprise.errors import ConfigurationError, ConflictError, GoneError, KeyReusedError, StillRunningError
from reprise.memory import MemoryHealth, MemoryJobs, MemorySlots
from reprise.ports import Claim, Claimed
from reprise.usecases.order import DrawUp

from tests.factories import a_request
from tests.unit.test_choose import TIMED_OUT, House, ended, refused

CLAIM = Claim("owner", "key:once", "print")
OTHER = replace(CLAIM, fingerprint="another body")
TRACE = replace(CLAIM, key="trace:once", renewed=True)


@dataclass
class Asked(MemoryJobs):
    """How often the claim was read."""

    claims_read: int = 0

    def claimed(self, claim: Claim) -> Claimed | None:
        self.claims_read += 1
        return super().claimed(claim)


@dataclass
class Taken(MemorySlots):
    """Who took a slot, if only for a moment."""

    takers: list[str] = field(default_factory=list)

    def take(self, provider: str, job_id: str, *rest: Any) -> bool:
        self.takers.append(job_id)
        return super().take(provider, job_id, *rest)


class Counter(House):
    """The shops `a`, `b` (one slot) and `c` with a table and slots that remember who asked."""

    store: Asked
    slots: Taken

    def __init__(self) -> None:
        super().__init__()
        self.store, self.slots = Asked(), Taken()
        self.record = replace(self.record, jobs=self.store)
        self.choose = replace(self.choose, jobs=self.store, slots=self.slots)
        self.submit = replace(self.submit, jobs=self.store, record=self.record, choose=self.choose)
        self.advance = replace(self.advance, jobs=self.store, record=self.record, choose=self.choose)

    @property
    def bought(self) -> int:
        return sum(len(shop.orders) for shop in self.shops.values())

    def looks(self, look: Callable[..., Any]) -> None:
        self.submit = replace(self.submit, plan=replace(self.plan, probe=look))

    def chooses(self, **ports: Any) -> None:
        self.submit = replace(self.submit, choose=replace(self.choose, **ports))

    def draws_up(self, link: Callable[..., str]) -> None:
        self.submit = replace(self.submit, draw_up=DrawUp(self.submit.draw_up.inbox, link, self.clock))


@pytest.fixture
def house() -> Counter:
    return Counter()


def test_a_first_submit_reads_no_claim(house: Counter) -> None:
    assert house.order(CLAIM).state is State.RUNNING
    assert house.store.claims_read == 0


def test_a_replay_takes_no_slot_even_for_a_moment(house: Counter) -> None:
    first = house.order(CLAIM, providers=("b",))
    house.store.jobs[first.id] = ended(first)
    assert house.order(CLAIM, providers=("b",)).id == first.id
    assert (house.slots.takers, house.bought) == ([first.id], 1)


def test_a_replay_uses_up_no_try(house: Counter) -> None:
    first = house.order(CLAIM)
    house.fails("a")
    house.clock.sleep(60)
    assert house.order(CLAIM).id == first.id
    assert house.choice() == "a"


def test_a_submit_that_takes_something_reads_the_claim_once_however_much_it_takes(house: Counter) -> None:
    house.fails("b")
    house.clock.sleep(60)
    assert house.order(CLAIM, providers=("b", "a")).provider == "b"
    assert (house.store.claims_read, house.choice("b", "a")) == (1, "a")


# --- whatever is wrong today -------------------------------------------------------------------------------------


def down(*asked: Any) -> NoReturn:
    raise OSError("not now")


class Down(MemoryHealth):
    def load(self, provider: str) -> Health:
        down()


class Full(MemorySlots):
    def take(self, *asked: Any) -> bool:
        down()


def the_song_is_gone(house: Counter) -> None:
    house.looks(lambda source, found=None: SourceFacts(fault=Violation("source", "missing", "gone since")))


def the_song_cannot_be_looked_at(house: Counter) -> None:
    house.looks(down)


def all_are_switched_off(house: Counter) -> None:
    house.off = {"a", "b", "c"}


def the_provider_is_not_there_any_more(house: Counter) -> None:
    house.gone = {"a", "b", "c"}


def the_limits_are_others(house: Counter) -> None:
    for shop in house.shops.values():
        shop.capabilities = replace(shop.capabilities, usd=9.0)


def no_health_can_be_read(house: Counter) -> None:
    house.chooses(healths=Down())


def all_are_in_bad_health(house: Counter) -> None:
    for name in house.shops:
        house.fails(name)


def no_slot_can_be_asked_for(house: Counter) -> None:
    house.shops["a"].capabilities = replace(house.shops["a"].capabilities, parallel=1)
    house.chooses(slots=Full())


def all_are_busy(house: Counter) -> None:
    for shop in house.shops.values():
        shop.capabilities = replace(shop.capabilities, parallel=1)
    for number, name in enumerate(house.shops):
        house.hold(name, f"{number + 1:x}" * 32)


def no_callback_link_can_be_made(house: Counter) -> None:
    def link(*asked: Any) -> str:
        raise ConfigurationError("public-url is not in Parameter Store")

    house.draws_up(link)


def the_table_takes_no_writes(house: Counter) -> None:
    def create(change: Change, claim: Claim | None) -> NoReturn:
        down()

    house.store.create = create  # type: ignore[method-assign]


def others_write_at_the_same_moment(house: Counter) -> None:
    def create(change: Change, claim: Claim | None) -> NoReturn:
        raise ConflictError("the same write is under way")

    house.store.create = create  # type: ignore[method-assign]


FATAL = [
    the_song_is_gone,
    the_song_cannot_be_looked_at,
    all_are_switched_off,
    the_provider_is_not_there_any_more,
    the_limits_are_others,
    no_health_can_be_read,
    no_slot_can_be_asked_for,
    no_callback_link_can_be_made,
    the_table_takes_no_writes,
    others_write_at_the_same_moment,
]
"""What a first submit does not survive."""

WISH: dict[str, Any] = {"providers": ("a", "b"), "max_usd": 1.0}

Wrong = Callable[[Counter], None]


@pytest.mark.parametrize("wrong", [*FATAL, all_are_in_bad_health, all_are_busy])
def test_a_replay_is_answered_whatever_is_wrong_today(house: Counter, wrong: Wrong) -> None:
    first = house.order(CLAIM, **WISH)
    wrong(house)
    told = house.submit("owner", a_request(**WISH), CLAIM)
    assert (told.job, told.replayed, told.trouble) == (first, True, None)
    assert (house.bought, list(house.store.claims.values())) == (1, [Claimed(first.id, "print")])


@pytest.mark.parametrize("wrong", FATAL)
def test_a_first_submit_is_told_what_is_wrong_and_stores_nothing(house: Counter, wrong: Wrong) -> None:
    wrong(house)
    for claim in (CLAIM, None):
        with pytest.raises(Exception, match=r"gone since|not now|switched off|named|USD|public-url|under way"):
            house.submit("owner", a_request(**WISH), claim)
    assert (house.bought, house.store.jobs, house.store.claims) == (0, {}, {})


@pytest.mark.parametrize("wrong", [lambda house: None, *FATAL])
def test_a_key_that_comes_with_another_body_is_told_so_whatever_is_wrong_today(house: Counter, wrong: Wrong) -> None:
    house.order(CLAIM, **WISH)
    wrong(house)
    with pytest.raises(KeyReusedError):
        house.submit("owner", a_request(**WISH), OTHER)
    assert house.bought == 1


@pytest.mark.parametrize("wrong", [lambda house: None, *FATAL])
def test_while_the_first_submit_runs_and_when_its_job_is_gone_a_replay_is_told_so(house: Counter, wrong: Wrong) -> None:
    house.shops["a"].answers = [TIMED_OUT]
    first = house.order(CLAIM, **WISH)
    wrong(house)
    with pytest.raises(StillRunningError):
        house.submit("owner", a_request(**WISH), CLAIM)
    house.clock.sleep(31)
    assert house.order(CLAIM, **WISH).id == first.id
    house.store.delete(first.id)
    with pytest.raises(GoneError):
        house.submit("owner", a_request(**WISH), CLAIM)
    assert house.bought == 1


# --- two at the same moment --------------------------------------------------------------------------------------


def test_who_comes_second_at_the_same_moment_is_answered_with_the_job_of_the_first(house: Counter) -> None:
    first: list[Job] = []

    def look(source: Any, found: Any = None) -> SourceFacts:
        house.submit = replace(house.submit, plan=house.plan)
        first.append(house.order(CLAIM))
        return SourceFacts(fault=Violation("source", "not-audio", "gone since"))

    house.looks(look)
    assert house.order(CLAIM).id == first[0].id
    assert house.bought == 1


@pytest.mark.parametrize("claim", [CLAIM, OTHER])
def test_who_finds_the_claim_held_after_it_took_a_slot_gives_it_back(house: Counter, claim: Claim) -> None:
    """Here to the very job that holds the claim: it found the one slot taken."""
    twin: list[Job] = []
    link = house.submit.draw_up.links

    def meanwhile(*asked: Any) -> str:
        house.draws_up(link)
        twin.append(house.order(CLAIM, providers=("b",)))
        return link(*asked)

    house.draws_up(meanwhile)
    if claim is CLAIM:
        assert house.submit("owner", a_request(providers=("b",)), claim).job == twin[0]
    else:
        with pytest.raises(KeyReusedError):
            house.submit("owner", a_request(providers=("b",)), claim)
    assert (twin[0].state, house.bought) == (State.QUEUED, 0)
    assert house.step(twin[0].id).state is State.RUNNING
    assert (house.bought, len(house.store.jobs)) == (1, 1)


def test_a_submit_whose_write_is_not_answered_is_not_taken_for_a_replay(house: Counter) -> None:
    """Nobody pays for what it stored, and the owner hears of it."""
    create = house.store.create

    def unanswered(change: Change, claim: Claim | None) -> NoReturn:
        create(change, claim)
        down()

    house.store.create = unanswered  # type: ignore[method-assign]
    with pytest.raises(OSError, match="not now"):
        house.submit("owner", a_request(**WISH), CLAIM)
    with pytest.raises(StillRunningError):
        house.submit("owner", a_request(**WISH), CLAIM)
    house.clock.at += timedelta(seconds=31)
    assert house.order(CLAIM, **WISH).state is State.SUBMITTING
    assert (house.bought, len(house.store.jobs)) == (0, 1)


# --- traces ------------------------------------------------------------------------------------------------------


def test_a_trace_whose_job_bought_nothing_buys_and_whose_job_stands_is_answered(house: Counter) -> None:
    house.shops["a"].answers = [refused(ErrorClass.CONTENT_REFUSED)]
    assert house.order(TRACE, **WISH).state is State.FAILED
    bought = house.order(TRACE, **WISH)
    assert bought.state is State.RUNNING
    the_song_is_gone(house)
    assert house.order(TRACE, **WISH).id == bought.id
    assert len(house.shops["a"].orders) == 2
