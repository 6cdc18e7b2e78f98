"""The paid call, made by `submit` and by `advance`: only ever after its intent was stored."""

from dataclasses import dataclass

from reprise.domain.facts import Accepted, Refused, Unknown
from reprise.domain.job import Job
from reprise.ports import CallbackLinks, Clock, Inbox, Order, Provider


@dataclass(frozen=True, slots=True)
class Place:
    inbox: Inbox
    links: CallbackLinks
    clock: Clock

    def __call__(self, job: Job, provider: Provider) -> Accepted | Refused | Unknown:
        source = job.request.source
        order = Order(
            attempt=job.attempt,
            request=job.request,
            source_url=source.url or self.inbox.link(source.key or ""),
            callback_url=self.links(job.provider, job.id, job.attempt, self.clock.now()),
        )
        return provider.submit(order)
