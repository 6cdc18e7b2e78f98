"""What every vendor's client needs: its settings, and an HTTP call whose failures say whether it was sent.

The difference is money: a call that was not sent may be repeated, one that was sent and not answered may not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from reprise.domain.capabilities import Capabilities, Model
from reprise.domain.facts import Refused, Unknown
from reprise.domain.job import ErrorClass, ProviderError, Rhythm
from reprise.errors import ConfigurationError
from reprise.providers.loose import loads

N = TypeVar("N", int, float)


@dataclass(frozen=True, slots=True)
class VendorSettings:
    """From Parameter Store, below the provider's name. `hmac_key` is the vendor's webhook signing key, if any.

    `limits` is the profile of limits, `models` the names that replace our list, `parallel` the jobs that the owner's
    plan runs at once, `usd` what one cover costs the owner, `first_poll` and `poll_every` (seconds, the latter at
    least one) the rhythm of polls.
    """

    api_key: str = field(default="", repr=False)
    base_url: str | None = None
    hmac_key: str | None = field(default=None, repr=False)
    limits: str = "seed"
    models: tuple[str, ...] = ()
    parallel: int | None = None
    usd: float | None = None
    first_poll: int | None = None
    poll_every: int | None = None

    @classmethod
    def read(cls, name: str, given: Mapping[str, str]) -> "VendorSettings":
        """Of the provider's parameters, named `<name>/api-key` and so on. Raises ConfigurationError for a wrong one.

        Blanks around a value, and the line break that a file ends with, are not part of it.
        """

        def one(part: str) -> str | None:
            return given.get(f"{name}/{part}", "").strip() or None

        return cls(
            api_key=one("api-key") or "",
            base_url=one("base-url"),
            hmac_key=one("hmac-key"),
            limits=one("limits") or "seed",
            models=tuple(part.strip() for part in (one("models") or "").split(",") if part.strip()),
            parallel=_number(name, "parallel", one("parallel"), int),
            usd=_number(name, "usd", one("usd"), float),
            first_poll=_number(name, "first-poll", one("first-poll"), int),
            poll_every=_number(name, "poll-every", one("poll-every"), int, least=1),
        )


def _number(name: str, part: str, text: str | None, kind: Callable[[str], N], least: int = 0) -> N | None:
    try:
        value = kind(text) if text else None
        if value is None or least <= value < 1_000_000:
            return value
    except ValueError:
        pass
    wanted = f"a number from {least} on" if least else "a number"
    raise ConfigurationError(f"{name}/{part} in Parameter Store is not {wanted}: {text!r}")


def configured(known: Mapping[str, Capabilities], settings: VendorSettings) -> Capabilities:
    """A vendor's data with the owner's settings above it. A model that we do not know has the default one's limits.

    Raises ConfigurationError for a profile that there is not.
    """
    if settings.limits not in known:
        name = next(iter(known.values())).provider
        words = f"{name}/limits in Parameter Store is {settings.limits!r}; there are {', '.join(known)}"
        raise ConfigurationError(words)
    data = known[settings.limits]
    usual = data.models.get(data.default_model or "", Model())
    rhythm = Rhythm(
        first=data.rhythm.first if settings.first_poll is None else settings.first_poll,
        every=data.rhythm.every if settings.poll_every is None else settings.poll_every,
        pushes=data.rhythm.pushes,
    )
    models = {name: data.models.get(name, usual) for name in settings.models} or data.models
    return replace(
        data,
        models=models,
        rhythm=rhythm,
        default_model=data.default_model if data.default_model in models else next(iter(models), None),
        parallel=data.parallel if settings.parallel is None else settings.parallel,
        usd=data.usd if settings.usd is None else settings.usd,
    )


@dataclass(frozen=True, slots=True)
class Answer:
    """A vendor's HTTP answer. `json` is None where the body is no JSON object or list."""

    status: int
    body: bytes

    @property
    def json(self) -> Any:
        try:
            value = loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict | list) else None


class NotSentError(Exception):
    """No connection: the vendor certainly did not see the call."""


class NoAnswerError(Exception):
    """The call went out and no answer came: the vendor may have acted on it."""


def unanswered(attempt: int, error: NotSentError | NoAnswerError) -> Refused | Unknown:
    """What a paid call without an answer means: only one that was not sent has certainly bought nothing."""
    if isinstance(error, NotSentError):
        return Refused(attempt, ProviderError(ErrorClass.RETRY_LATER, "not-sent", str(error)))
    return Unknown(attempt, str(error))


File = tuple[str, bytes, str]
"""File name, content and content type."""


class VendorHttp(Protocol):
    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
        form: Mapping[str, str] | None = None,
        files: Mapping[str, File] | None = None,
    ) -> Answer:
        """`form` is sent urlencoded, with `files` beside it as multipart. Raises NotSentError or NoAnswerError."""
        ...
