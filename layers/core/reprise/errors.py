"""Every error we raise on purpose, grouped by what the one who meets it should do.

RepriseError
├── RequestError                 the caller: fix the request
│   ├── MalformedError           it cannot be read at all
│   ├── InvalidError             it can be read, but breaks rules (each named)
│   ├── UnauthenticatedError     no key, or one we do not know
│   ├── ForbiddenError           the key lacks the scope
│   ├── BudgetSpentError         the key's month has no room for it
│   ├── NotFoundError            no such thing, for this caller
│   ├── GoneError                it was there and was deleted
│   ├── MethodNotAllowedError    the path is right, the method is not
│   ├── NotAllowedError          not in the state that the job is in
│   ├── TooLargeError            more bytes than we take
│   └── KeyReusedError           an Idempotency-Key came back with another body
├── TryAgainError                the caller: wait, then the same again
│   ├── StillRunningError        the first request with this Idempotency-Key is not answered yet
│   ├── TooManyRequestsError     the key has had its requests of this minute
│   └── ConflictError            others changed the same job at the same moment
├── UnrecordedError              the owner: the answer to a paid call could not be stored; it is in the log
├── UnreadableLineError          the owner: a committed line that this release cannot read
├── ForgedCallbackError          a callback without a valid token or signature
└── FetchError                   bytes that we were promised could not be had
    ├── ForbiddenAddressError    the address is not one we may connect to
    ├── PassingFetchError        it may work a moment later
    └── UnusableAudioError       what came is not the audio we want
        └── TooMuchAudioError    more bytes or seconds than we look at

ConfigurationError               the owner: mend the deployment. Outside the tree, so that nothing swallows it.
"""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from reprise.domain.purse import Purse, end_of, money
from reprise.domain.violation import Violation

if TYPE_CHECKING:
    from reprise.domain.key import Scope


class RepriseError(Exception):
    """Base of all errors raised on purpose."""


class RequestError(RepriseError):
    """The caller should change the request."""


class MalformedError(RequestError):
    """Not JSON, not UTF-8, not an object: nothing in it can be named."""


MOST_VIOLATIONS = 100
MOST_FIELD, MOST_MESSAGE = 300, 2000
"""Characters. Both may quote what was sent, and Lambda answers at most 6 MB."""


class InvalidError(RequestError):
    """The request breaks rules; the first hundred of them are told. Nothing was stored or paid for."""

    def __init__(self, *violations: Violation) -> None:
        told = violations[:MOST_VIOLATIONS]
        self.violations = tuple(
            replace(one, field=one.field[:MOST_FIELD], message=one.message[:MOST_MESSAGE]) for one in told
        )
        super().__init__("; ".join(f"{one.field}: {one.message}" for one in self.violations))


class UnauthenticatedError(RequestError):
    """The Authorization header is missing, malformed or unknown."""


class ForbiddenError(RequestError):
    """The key is good, but does not open this: it takes `scope`."""

    def __init__(self, scope: "Scope") -> None:
        super().__init__(f"this takes an API key with the scope {scope}")
        self.scope = scope


class BudgetSpentError(RequestError):
    """What would be bought does not fit into the purse any more: `spent` (USD) of its `limit` are gone, or put by for
    jobs that wait. Nothing was stored or paid for."""

    def __init__(self, purse: Purse, spent: Decimal) -> None:
        self.limit, self.spent = money(purse.limit), spent
        self.ends_at: datetime = end_of(purse.month)
        told = f"of the {self.limit} USD that this key may spend in {purse.month}, {spent} are spent or put by"
        super().__init__(f"{told}: there is no room for this")

    @property
    def room(self) -> Decimal:
        """The dearest that still fits."""
        return self.limit - self.spent


class NotFoundError(RequestError):
    """There is no such thing for this tenant. Another tenant's job is not told apart from none."""


class GoneError(RequestError):
    """The job that this Idempotency-Key made was deleted."""


class MethodNotAllowedError(RequestError):
    """The path takes other methods: those that `Allow` names."""

    def __init__(self, message: str, *allowed: str) -> None:
        super().__init__(message)
        self.allowed = allowed


class NotAllowedError(RequestError):
    """The job's state does not allow this."""


class TooLargeError(RequestError):
    """A body above the size we take."""


class KeyReusedError(RequestError):
    """Same Idempotency-Key, other body."""


class TryAgainError(RepriseError):
    """The same request may work a moment later."""


class StillRunningError(TryAgainError):
    """The first request with this Idempotency-Key has not been answered yet."""


class TooManyRequestsError(TryAgainError):
    """The key may ask again in so many `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"the key has had its requests of this minute; come again in {seconds} s")
        self.seconds = seconds


class ConflictError(TryAgainError):
    """A conditional write lost its race."""


class UnrecordedError(RepriseError):
    """A provider answered a paid call and the answer could not be stored. The message holds it."""


class UnreadableLineError(RepriseError):
    """A line of the outbox that no try will ever make readable: another release wrote it, or somebody by hand."""


class ForgedCallbackError(RepriseError):
    """The token or the vendor's signature does not fit."""


class FetchError(RepriseError):
    """A download failed: dead link, time-out, too large. `size` is the length in bytes that the server announced."""

    def __init__(self, message: str, size: int | None = None) -> None:
        super().__init__(message)
        self.size = size


class ForbiddenAddressError(FetchError):
    """The host resolves to an address that outside URLs may not point to."""


class PassingFetchError(FetchError):
    """A time-out, a broken connection, a 5xx or 429: nothing is said about the link itself."""


class UnusableAudioError(FetchError):
    """HTML, an empty body, a stub, a truncated file: not the audio that was promised."""


class TooMuchAudioError(UnusableAudioError):
    """Above a bound in bytes or seconds. It may well be audio."""


class ConfigurationError(Exception):
    """The deployment lacks something it needs. Says what, and where to put it."""
