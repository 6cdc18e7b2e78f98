"""Drawing up the paid call. Done before its intent is stored: what can fail without the vendor fails here."""

from dataclasses import dataclass

from reprise.domain.capabilities import Capabilities
from reprise.domain.job import Job
from reprise.ports import CallbackLinks, Clock, Inbox, Order


@dataclass(frozen=True, slots=True)
class DrawUp:
    inbox: Inbox
    links: CallbackLinks
    clock: Clock

    def __call__(self, job: Job, capabilities: Capabilities) -> Order:
        source, most = job.request.source, capabilities.source.file_bytes
        return Order(
            attempt=job.attempt,
            request=job.request,
            source_url=source.url or self.inbox.link(source.key or ""),
            song=self.inbox.read(source.key, most) if source.key and most else None,
            model=job.leg.model,
            job_id=job.id,
            callback_url=self.links(job.provider, job.id, job.attempt, self.clock.now()),
        )
