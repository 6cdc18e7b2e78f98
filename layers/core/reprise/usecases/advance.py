"""One job, one step: the decision is the domain's, the effects are made here."""

from dataclasses import dataclass
from enum import StrEnum

from reprise.domain.advance import Poll, Rest, Submit, advance, begin, fail, forgo, unpaid, wait_for_slot
from reprise.domain.advance import Record as Write
from reprise.domain.facts import Broke, Pending, Progress
from reprise.domain.job import Change, ErrorClass, Failure, Job
from reprise.errors import BudgetSpentError, ConfigurationError, ConflictError, NotFoundError
from reprise.ports import Clock, Inbox, JobStore, ProviderDirectory
from reprise.usecases.choose import Choose
from reprise.usecases.order import DrawUp
from reprise.usecases.record import Record

PATIENCE = 15.0
"""Seconds: nobody waits here, and the function has a minute."""


class Advanced(StrEnum):
    RESTED = "rested"
    SUBMITTED = "submitted"
    POLLED = "polled"
    DECIDED = "decided"


@dataclass(frozen=True, slots=True)
class Advance:
    jobs: JobStore
    inbox: Inbox
    providers: ProviderDirectory
    choose: Choose
    record: Record
    draw_up: DrawUp
    clock: Clock

    def __call__(self, job_id: str) -> Advanced:
        """Safe to run twice, and at once: who loses the race to write a step leaves it to the other."""
        job = self.jobs.load(job_id)
        if job is None:
            return Advanced.RESTED
        match advance(job, self.clock.now()):
            case Submit():
                return self._submit(job)
            case Poll(task_id):
                self.choose.learn(job, self.record(job.id, self._poll(job, task_id)))
                return Advanced.POLLED
            case Write(change):
                return self._decide(job, change)
            case Rest():
                return Advanced.RESTED

    def _submit(self, job: Job) -> Advanced:
        source = job.request.source.key
        if source and self.inbox.look(source) is None:
            words = "the song is not in the inbox any more; nothing was bought"
            gone = Failure(ErrorClass.SOURCE_UNFETCHABLE, words, retryable=False)
            return self._decide(job, fail(job, self.clock.now(), gone))
        leg = self.choose(job)
        if leg is None:
            return self._decide(job, wait_for_slot(job, self.clock.now()))
        intent = begin(job, self.clock.now(), leg)
        provider = self.providers(leg.provider)
        order = self.draw_up(intent.job, provider.capabilities)
        try:
            if not self._won(intent):  # whoever wrote the intent, and nobody else, may pay
                return Advanced.RESTED
        except BudgetSpentError:
            self.choose.let_go(job, leg)
            return self._decide(job, forgo(job, self.clock.now(), leg))
        outcome = provider.submit(order)
        self.record.outcome(intent.job, outcome, PATIENCE)
        self.choose.heard(leg, outcome)
        return Advanced.SUBMITTED

    def _poll(self, job: Job, task_id: str) -> Progress | Pending | Broke:
        """A provider that was switched off cannot be asked; its jobs must end all the same."""
        try:
            return self.providers(job.provider).poll(task_id, job.attempt)
        except (ConfigurationError, NotFoundError) as error:
            return Pending(job.attempt, f"status not known: {error}")

    def _decide(self, job: Job, change: Change) -> Advanced:
        try:
            return Advanced.DECIDED if self._won(change) else Advanced.RESTED
        except BudgetSpentError:
            return Advanced.DECIDED if self._won(unpaid(job, self.clock.now())) else Advanced.RESTED

    def _won(self, change: Change) -> bool:
        try:
            self.record.commit(change)
        except ConflictError:
            return False
        return True
