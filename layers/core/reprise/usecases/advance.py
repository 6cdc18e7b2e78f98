"""One job, one step: the decision is the domain's, the effects are made here."""

from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.advance import Poll, Rest, Submit, advance
from reprise.domain.advance import Record as Write
from reprise.domain.job import Job
from reprise.errors import ConflictError
from reprise.ports import Clock, JobStore, ProviderDirectory
from reprise.usecases.order import DrawUp
from reprise.usecases.record import Record


class Advanced(StrEnum):
    RESTED = "rested"
    SUBMITTED = "submitted"
    POLLED = "polled"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Advance:
    jobs: JobStore
    providers: ProviderDirectory
    record: Record
    draw_up: DrawUp
    clock: Clock

    def __call__(self, job_id: str) -> Advanced:
        """Safe to run twice, and at once: a lost race means that somebody else took this step."""
        job = self.jobs.load(job_id)
        if job is None:
            return Advanced.RESTED
        try:
            return self._step(job)
        except ConflictError:
            return Advanced.RESTED

    def _step(self, job: Job) -> Advanced:
        match advance(job, self.clock.now()):
            case Submit(intent):
                provider, order = self.providers(job.provider), self.draw_up(intent.job)
                self.jobs.commit(intent)  # whoever wrote the intent, and nobody else, may pay
                self.record(job.id, provider.submit(order))
                return Advanced.SUBMITTED
            case Poll(task_id):
                self.record(job.id, self.providers(job.provider).poll(task_id, job.attempt))
                return Advanced.POLLED
            case Write(change):
                self.record.commit(job, change)
                return Advanced.DECIDED
            case Rest():
                return Advanced.RESTED
