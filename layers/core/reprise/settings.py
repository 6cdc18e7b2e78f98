"""The only reader of the environment. What is here is in template.yaml, and the other way round (a test says so)."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from ipaddress import IPv4Network, IPv6Network, ip_network

from reprise.errors import ConfigurationError

Network = IPv4Network | IPv6Network


@dataclass(frozen=True, slots=True)
class Settings:
    """Names of what was deployed. Each field is the environment variable of the same name in capitals.

    `parameters` is the Parameter Store path below which keys and URLs lie, without a slash at the end;
    `token_secret` the Secrets Manager id of the callback tokens' key, `webhook_secret` of the one that signs webhooks.
    """

    table: str
    inbox_bucket: str
    covers_bucket: str
    advance_queue: str
    transfer_queue: str
    deliver_queue: str
    dispatch_dead_letters: str
    topic: str
    parameters: str
    token_secret: str
    webhook_secret: str
    inbox_tenant: str
    allowed_private_networks: tuple[Network, ...]
    callback_retention_days: int

    @classmethod
    def load(cls, environ: Mapping[str, str]) -> "Settings":
        """Raises ConfigurationError naming every variable that is missing or wrong, at once."""
        names = [field.name.upper() for field in fields(cls)]
        missing = [name for name in names if name not in environ]
        if missing:
            raise ConfigurationError(f"environment variables missing: {', '.join(missing)}")
        values = {field.name: environ[field.name.upper()] for field in fields(cls)}
        networks = _networks(values.pop("allowed_private_networks"))
        days = _days(values.pop("callback_retention_days"))
        return cls(**values, allowed_private_networks=networks, callback_retention_days=days)


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise ConfigurationError(f"CALLBACK_RETENTION_DAYS: {text!r} is no number of days")
    return int(text)


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError as error:
        raise ConfigurationError(f"ALLOWED_PRIVATE_NETWORKS: {error}") from error
