"""A provider speaks. Nobody is called and no audio is moved: one read, evidence, one write, an answer."""

import hashlib
from dataclasses import dataclass, replace
from enum import StrEnum

from reprise import tokens
from reprise.errors import ForgedCallbackError, NotFoundError
from reprise.ports import CallbackMessage, Clock, Evidence, ProviderDirectory, TokenSecrets
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
    evidence: Evidence
    providers: ProviderDirectory
    token_secrets: TokenSecrets
    clock: Clock

    def __call__(self, address: CallbackAddress, body: bytes, headers: dict[str, str]) -> Heard:
        """Raises ForgedCallbackError before anything is read, MalformedError for a body that says nothing. What a
        body says is believed only once the body is kept; of a job that was deleted nothing is kept any more."""
        now = self.clock.now()
        attempt = tokens.check(
            self.token_secrets(), address.provider, address.job_id, address.attempt, address.token, now
        )
        try:
            provider = self.providers(address.provider)
        except NotFoundError as error:
            raise ForgedCallbackError("no such provider") from error
        name = _name(attempt, body)
        job = self.record.jobs.load(address.job_id)
        if job and not job.has_evidence(name):
            text = redact(body.decode(errors="replace"), secrets=(address.token,))
            self.evidence.keep(job.id, name, text, now)
        fact = provider.hear(CallbackMessage(attempt, body, headers), now)
        if fact is None:
            return Heard.IGNORED
        if job is None:
            return Heard.UNKNOWN_JOB
        heard = self.record(job.id, replace(fact, evidence=name), loaded=job)
        return Heard.RECORDED if heard else Heard.UNKNOWN_JOB


def _name(attempt: int, body: bytes) -> str:
    """The same body twice is one piece of evidence."""
    return f"{attempt}-{hashlib.sha256(body).hexdigest()[:16]}"
