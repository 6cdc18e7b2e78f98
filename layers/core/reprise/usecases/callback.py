"""A provider speaks. Nobody is called and no audio is moved: evidence, one transaction, an answer."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from reprise import tokens
from reprise.errors import ForgedCallbackError, NotFoundError
from reprise.ports import CallbackMessage, Clock, Covers, ProviderDirectory, TokenSecrets
from reprise.redact import redact
from reprise.usecases.record import Record


class Heard(StrEnum):
    """What became of a callback. `unknown-job`: authentic, but the job was deleted."""

    RECORDED = "recorded"
    IGNORED = "ignored"
    UNKNOWN_JOB = "unknown-job"


@dataclass(frozen=True, slots=True)
class CallbackAddress:
    """What the path said: nothing of it is believed before the token was checked."""

    provider: str
    job_id: str
    attempt: str
    token: str


@dataclass(frozen=True, slots=True)
class HearCallback:
    record: Record
    covers: Covers
    providers: ProviderDirectory
    token_secrets: TokenSecrets
    clock: Clock

    def __call__(self, address: CallbackAddress, body: bytes, headers: dict[str, str]) -> Heard:
        """Raises ForgedCallbackError before anything is read, MalformedError for a body that says nothing."""
        now = self.clock.now()
        attempt = tokens.check(
            self.token_secrets(), address.provider, address.job_id, address.attempt, address.token, now
        )
        try:
            provider = self.providers(address.provider)
        except NotFoundError as error:
            raise ForgedCallbackError("no such provider") from error
        self._keep_evidence(address, attempt, body)
        fact = provider.hear(CallbackMessage(attempt, body, headers), now)
        if fact is None:
            return Heard.IGNORED
        return Heard.RECORDED if self.record(address.job_id, fact) else Heard.UNKNOWN_JOB

    def _keep_evidence(self, address: CallbackAddress, attempt: int, body: bytes) -> None:
        """The body as it came, secrets redacted, named by its hash: the same body twice is one file."""
        name = hashlib.sha256(body).hexdigest()[:16]
        text = redact(body.decode(errors="replace"), secrets=(address.token,))
        self.covers.write(f"callbacks/{address.job_id}/{attempt}-{name}.json", text)
