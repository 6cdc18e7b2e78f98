"""What the owner set: Parameter Store below the stack's path, and the generated secret of the callback tokens."""

from collections.abc import Callable, Sequence
from functools import cache
from typing import TYPE_CHECKING

from reprise.errors import ConfigurationError

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_ssm import SSMClient


class Configuration:
    """Read once a process. Names are relative: `public-url`, `kie/api-key`."""

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
        self.all = cache(self._all)
        self.token_secret = cache(self._token_secret)

    def some(self, names: Sequence[str]) -> dict[str, str]:
        """The named parameters that exist, for functions that may not see the others."""
        found = self._ssm().get_parameters(Names=[f"{self._path}/{name}" for name in names], WithDecryption=True)
        return {one["Name"].removeprefix(f"{self._path}/"): one["Value"] for one in found["Parameters"]}

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
