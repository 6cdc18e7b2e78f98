"""What the owner set: Parameter Store below the stack's path, and the generated secret of the callback tokens."""

import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TypeVar, cast

from botocore.exceptions import ClientError

from reprise.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient

REMEMBERED = 60
"""Seconds."""

AT_ONCE = 1
"""Seconds. A token that fits no secret makes a process look again whether they were rotated, and no sooner: else a
flood of forged callbacks would be one of calls to Secrets Manager."""

MOST_NAMES = 10
"""Of one GetParameters call; an SSM limit."""

T = TypeVar("T")


class Configuration:
    """Remembered for a minute: a new key is used, and a withdrawn one is not, soon after.

    Names are relative: `public-url`, `kie/api-key`.
    """

    def __init__(
        self,
        path: str,
        secret: str,
        ssm: "Callable[[], SSMClient]",
        secrets: "Callable[[], SecretsManagerClient]",
    ) -> None:
        self._path = path
        self._secret = secret
        self._ssm = ssm
        self._secrets = secrets
        self._seen: dict[tuple[str, ...], tuple[Any, float]] = {}
        """Name -> value, and when it was read on the monotonic clock."""

    def all(self) -> dict[str, str]:
        return self._remembered(("all",), self._all)

    def some(self, *names: str) -> dict[str, str]:
        """The named parameters that exist, for functions that may not see the others."""
        return self._remembered(names, lambda: self._some(names))

    def token_secret(self) -> bytes:
        """The one that signs. Raises ConfigurationError where there is none."""
        return self._remembered(("token-secret",), self._token_secret)

    def token_secrets(self) -> Iterator[bytes]:
        """TokenSecrets: the one that signs, the one before it, and both once more where they were rotated meanwhile."""
        for seconds in (REMEMBERED, AT_ONCE):
            yield self._remembered(("token-secret",), self._token_secret, seconds)
            before = self._remembered(("token-secret", "before"), self._token_secret_before, seconds)
            if before:
                yield before

    def _remembered(self, what: tuple[str, ...], read: Callable[[], T], seconds: float = REMEMBERED) -> T:
        value, at = self._seen.get(what, (None, None))
        if at is None or at + seconds <= time.monotonic():
            value, at = read(), time.monotonic()
            self._seen[what] = (value, at)
        return cast("T", value)

    def _some(self, names: Sequence[str]) -> dict[str, str]:
        paths = [f"{self._path}/{name}" for name in names]
        found = []
        for start in range(0, len(paths), MOST_NAMES):
            answer = self._ssm().get_parameters(Names=paths[start : start + MOST_NAMES], WithDecryption=True)
            found += answer["Parameters"]
        return {one["Name"].removeprefix(f"{self._path}/"): one["Value"] for one in found}

    def _all(self) -> dict[str, str]:
        pages = self._ssm().get_paginator("get_parameters_by_path")
        found = pages.paginate(Path=self._path, Recursive=True, WithDecryption=True)
        every = [one for page in found for one in page["Parameters"]]
        return {one["Name"].removeprefix(f"{self._path}/"): one["Value"] for one in every}

    def _token_secret(self) -> bytes:
        value = self._secrets().get_secret_value(SecretId=self._secret).get("SecretString")
        if not value:
            raise ConfigurationError(f"the secret {self._secret} is empty")
        return value.encode()

    def _token_secret_before(self) -> bytes | None:
        """None where it was never rotated."""
        try:
            found = self._secrets().get_secret_value(SecretId=self._secret, VersionStage="AWSPREVIOUS")
        except ClientError as error:
            if error.response["Error"]["Code"] == "ResourceNotFoundException":
                return None
            raise
        return found.get("SecretString", "").encode() or None
