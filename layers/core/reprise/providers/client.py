"""What every vendor's client needs: its settings, and an HTTP call whose failures say whether it was sent.

The difference is money: a call that was not sent may be repeated, one that was sent and not answered may not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from reprise.providers.loose import loads


@dataclass(frozen=True, slots=True)
class VendorSettings:
    """From Parameter Store, below the provider's name. `hmac_key` is the vendor's webhook signing key, if any."""

    api_key: str = ""
    base_url: str | None = None
    hmac_key: str | None = None


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


class VendorHttp(Protocol):
    def send(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str],
        json: Mapping[str, Any] | None = None,
        params: Mapping[str, str] | None = None,
    ) -> Answer:
        """Raises NotSentError or NoAnswerError."""
        ...
