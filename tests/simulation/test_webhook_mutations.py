"""The product's webhooks broken on purpose, in one place at a time: the simulation must notice each of them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from reprise import signing
from reprise.domain import attempts, audience, delivery, draft, endpoint
from reprise.domain.attempts import Posted
from reprise.domain.delivery import Delivery, DeliveryState
from reprise.domain.endpoint import Endpoint, Keyring
from reprise.errors import NotAllowedError
from reprise.memory_webhooks import MemoryDeliveries, MemoryEndpoints
from reprise.usecases import deliver, dispatch, poller
from reprise.usecases.deliver import Deliver
from reprise.usecases.dispatch import Dispatch
from reprise.usecases.redeliver import Redeliver

from tests.simulation import tenants, works
from tests.simulation.mischief import Rates
from tests.simulation.test_mutations import Patch, first_fault

SEEDS = range(1, 11)
SLOWLY = 2000.0
"""Seconds between two orders, so that 400 of them come in nine days: what takes five days to happen, happens."""


def sends_again_what_was_taken(patch: Patch) -> None:
    settled = delivery.settle

    def settle(begun: Delivery, outcome: Any, *rest: Any) -> Delivery:
        return settled(begun, Posted(500) if isinstance(outcome, Posted) and outcome.taken else outcome, *rest)

    patch.setattr(deliver, "settle", settle)


def reopens_what_was_delivered(patch: Patch) -> None:
    """A second message about it is taken for a new attempt."""
    patch.setattr(Delivery, "due", lambda self, now: self.state is not DeliveryState.STOPPED)


def believes_a_failure(patch: Patch) -> None:
    """Whatever is answered, it was delivered."""
    settled = delivery.settle
    patch.setattr(deliver, "settle", lambda begun, outcome, *rest: settled(begun, Posted(200), *rest))


def gives_up_after_three_attempts(patch: Patch) -> None:
    patch.setattr(delivery, "MOST_TRIES", 3)


def never_gives_up(patch: Patch) -> None:
    patch.setattr(delivery, "MOST_TRIES", 12)


def passes_over_retry_after(patch: Patch) -> None:
    pause = attempts.pause

    def hasty(tries: int, outcome: Any, jitter: float) -> timedelta:
        return pause(tries, replace(outcome, retry_after=None) if isinstance(outcome, Posted) else outcome, jitter)

    patch.setattr(delivery, "pause", hasty)


def hurries_those_who_have_too_much_to_do(patch: Patch) -> None:
    pause = attempts.pause

    def hasty(tries: int, outcome: Any, jitter: float) -> timedelta:
        return pause(tries, replace(outcome, status=503) if isinstance(outcome, Posted) else outcome, jitter)

    patch.setattr(delivery, "pause", hasty)


def sends_without_a_claim(patch: Patch) -> None:
    def call(self: Deliver, job_id: str, delivery_id: str) -> Any:
        known = self.deliveries.load(job_id, delivery_id)
        return self._attempt(delivery.begin(known, self.clock.now())) if known and known.due_at else None

    patch.setattr(Deliver, "__call__", call)


def sends_the_first_without_a_claim(patch: Patch) -> None:
    """Two copies of a message are two POSTs."""

    def first(self: Deliver, job_id: str, line: int, to: str, said: Any = None) -> Any:
        target = self._target(job_id, said["tenant"], to)
        new = Delivery(job_id, said["sequence"], line, said["type"], to, self.clock.now())
        return None if target.refused else self._send(delivery.begin(new, self.clock.now()), target, said)

    patch.setattr(Deliver, "first", first)


def opens_again_what_was_opened(patch: Patch) -> None:
    """A second copy of the first message begins anew, whatever came of the first."""
    patch.setattr(MemoryDeliveries, "load", lambda self, job_id, id: None)


def forgets_a_listener(patch: Patch) -> None:
    messages = dispatch.messages
    patch.setattr(dispatch, "messages", lambda *given: messages(*given)[:1])


def forgets_the_fan_out(patch: Patch) -> None:
    messages = Dispatch._messages
    patch.setattr(Dispatch, "_messages", lambda self, entry: messages(self, entry) if entry.sequence % 7 else [])


def writes_down_nobody(patch: Patch) -> None:
    """Whom a cover names is not in its lines: nobody but endpoints hears of it."""
    patch.setattr(draft, "named", lambda request, type: ())


def remembers_for_ever_who_listens(patch: Patch) -> None:
    patch.setattr(works, "LISTENERS_LIFE", timedelta(days=99))


def remembers_for_ever_what_signs(patch: Patch) -> None:
    patch.setattr(works, "KEYRING_LIFE", timedelta(days=99))


def tells_whoever_is_there(patch: Patch) -> None:
    for module in (audience, dispatch):
        patch.setattr(module, "wanted", lambda type, events: True)


def tells_all_tenants(patch: Patch) -> None:
    patch.setattr(MemoryEndpoints, "of", lambda self, tenant: list(self.endpoints.values()))
    patch.setattr(
        MemoryEndpoints,
        "load",
        lambda self, tenant, id: next((one for (_, known), one in self.endpoints.items() if known == id), None),
    )


def loses_what_waits(patch: Patch) -> None:
    """The sweep passes deliveries over: what no message comes for is never sent."""

    @dataclass
    class Nothing:
        def due(self, now: Any) -> Any:
            return iter(())

    swept = poller.Sweep.__call__
    patch.setattr(poller.Sweep, "__call__", lambda self: swept(replace(self, deliveries=Nothing())))


def calls_disabled_endpoints(patch: Patch) -> None:
    patch.setattr(deliver, "_disabled", lambda one: None)


def does_not_hear_gone(patch: Patch) -> None:
    """Of a job's own URL: the next event is sent there all the same."""
    patch.setattr(Delivery, "revokes", lambda self: False)


def remembers_what_was_deleted(patch: Patch) -> None:
    """The job is read once, and then from memory; its deliveries outlive it."""
    attempt = Deliver._attempt

    @dataclass
    class Remembering:
        store: Any

        def load(self, job_id: str) -> Any:
            return self._known().setdefault(job_id, self.store.load(job_id))

        def line(self, job_id: str, line: int) -> Any:
            return self._known().setdefault((job_id, line), self.store.line(job_id, line))

        def _known(self) -> dict[Any, Any]:
            return self.store.__dict__.setdefault("remembered", {})  # type: ignore[no-any-return]

    patch.setattr(Deliver, "_attempt", lambda self, begun: attempt(replace(self, jobs=Remembering(self.jobs)), begun))
    patch.setattr(MemoryDeliveries, "load", lambda self, job_id, id: self.records.get((job_id, id)))


def never_disables(patch: Patch) -> None:
    patch.setattr(endpoint, "MOST_FAILING", timedelta(days=500))


def disables_after_a_day(patch: Patch) -> None:
    patch.setattr(endpoint, "MOST_FAILING", timedelta(days=1))


def counts_failures_alone(patch: Patch) -> None:
    """What an endpoint took meanwhile does not count: it failed long ago, and fails again."""
    heard = endpoint.heard

    def deaf(one: Endpoint, outcome: Any, now: Any) -> Endpoint:
        return one if isinstance(outcome, Posted) and outcome.taken else heard(one, outcome, now)

    patch.setattr(deliver, "heard", deaf)


def tells_nobody_that_it_is_disabled(patch: Patch) -> None:
    patch.setattr(Deliver, "_announce", lambda self, one: None)


def signs_with_the_newest_secret_alone(patch: Patch) -> None:
    patch.setattr(Keyring, "generations", lambda self, now: (self.generation,))


def signs_with_all_secrets_for_ever(patch: Patch) -> None:
    patch.setattr(Keyring, "generations", lambda self, now: tuple(range(self.generation, 0, -1)))


def signs_with_anothers_secret(patch: Patch) -> None:
    patch.setattr(deliver, "signer", lambda tenant, ring: f"{tenant}/job")


def signs_something_else(patch: Patch) -> None:
    """The Ed25519 signature leaves the timestamp out."""
    key = signing.private_key

    @dataclass
    class Forgetful:
        key: Any

        def sign(self, content: bytes) -> bytes:
            id, _, body = content.split(b".", 2)
            return bytes(self.key.sign(id + b"." + body))

        def public_key(self) -> Any:
            return self.key.public_key()

    patch.setattr(signing, "private_key", lambda master: Forgetful(key(master)))


def stamps_the_first_attempt(patch: Patch) -> None:
    """A repeated attempt bears the time of the event, as if it were old."""
    headers = signing.headers

    def stale(master: bytes, id: str, at: Any, body: bytes, secrets: Any) -> dict[str, str]:
        return headers(master, id, at - timedelta(minutes=6), body, secrets)

    patch.setattr(deliver, "headers", stale)


def gives_each_attempt_an_id(patch: Patch) -> None:
    event = dispatch.event
    count = iter(range(10**9))
    patch.setattr(deliver, "event", lambda entry: {**event(entry), "id": f"{entry.job_id}-{next(count)}"})


def words_each_attempt_anew(patch: Patch) -> None:
    thin = deliver.thin
    count = iter(range(10**9))
    patch.setattr(deliver, "thin", lambda entry: thin(entry) + b" " * (next(count) % 3))


def lets_replays_wait_for_each_other(patch: Patch) -> None:
    """Of two events that a job's own URL refused with 410 neither can be asked for again, as the other stands in its
    way."""
    refuse, said_gone = Redeliver._refuse, Redeliver._said_gone

    def stubborn(self: Redeliver, tenant: str, one: Delivery) -> None:
        if gone := said_gone(self, one):
            raise NotAllowedError(f"the URL answered 410 Gone: replay {gone[0].id} first")
        refuse(self, tenant, one)

    patch.setattr(Redeliver, "_refuse", stubborn)


MUTATIONS: list[Callable[[Patch], None]] = [
    sends_again_what_was_taken,
    reopens_what_was_delivered,
    believes_a_failure,
    gives_up_after_three_attempts,
    never_gives_up,
    passes_over_retry_after,
    hurries_those_who_have_too_much_to_do,
    sends_without_a_claim,
    sends_the_first_without_a_claim,
    opens_again_what_was_opened,
    writes_down_nobody,
    remembers_for_ever_who_listens,
    remembers_for_ever_what_signs,
    forgets_a_listener,
    forgets_the_fan_out,
    tells_whoever_is_there,
    tells_all_tenants,
    loses_what_waits,
    calls_disabled_endpoints,
    does_not_hear_gone,
    remembers_what_was_deleted,
    tells_nobody_that_it_is_disabled,
    signs_with_the_newest_secret_alone,
    signs_with_all_secrets_for_ever,
    signs_with_anothers_secret,
    signs_something_else,
    stamps_the_first_attempt,
    gives_each_attempt_an_id,
    words_each_attempt_anew,
]

SLOW = [never_disables, disables_after_a_day, counts_failures_alone]


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_broken_webhooks_do_not_get_through_some_days(mutation: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutation(monkeypatch)
    assert any(first_fault(seed) for seed in SEEDS)


@pytest.mark.parametrize("mutation", SLOW)
def test_nor_do_those_that_take_days_to_show(mutation: Callable[[Patch], None], monkeypatch: Patch) -> None:
    mutation(monkeypatch)
    assert any(first_fault(seed, SLOWLY) for seed in SEEDS)


def test_nor_do_replays_that_wait_for_each_other(monkeypatch: Patch) -> None:
    lets_replays_wait_for_each_other(monkeypatch)
    monkeypatch.setattr(tenants, "MISSED", 1.0)
    assert any(first_fault(seed, rates=Rates(own_url_bad=1.0)) for seed in SEEDS)


def test_slow_weeks_break_nothing() -> None:
    assert [first_fault(seed, SLOWLY) for seed in (1, 2)] == [None, None]
