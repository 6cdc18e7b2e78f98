"""Answers about jobs, with read-only rights. Another tenant's job does not exist."""

import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from reprise.domain.job import Entry, Job, State
from reprise.domain.names import name_of
from reprise.errors import NotFoundError
from reprise.ports import Clock, Covers, Inbox, JobReader, JobStore, Page

LONGEST_WAIT = 25
"""Seconds; API Gateway gives up after 30."""

LOOK_EVERY = 0.5

ID = re.compile("[0-9a-f]{32}", re.ASCII)
"""Of a job. What cannot be one is looked for nowhere: neither in the table nor in the bucket."""


@dataclass(frozen=True, slots=True)
class Read:
    jobs: JobStore
    reader: JobReader
    covers: Covers
    inbox: Inbox
    clock: Clock

    def cover(self, tenant: str, job_id: str, wait: int = 0, known: int | None = None) -> Job:
        """Waits up to `wait` seconds until the job differs from version `known` (by default, from now)."""
        job = self._own(tenant, job_id)
        known = job.version if known is None else known
        until = self.clock.now() + timedelta(seconds=min(wait, LONGEST_WAIT))
        while self.clock.now() < until and job.version == known and not job.state.terminal:
            self.clock.sleep(LOOK_EVERY)
            job = self._own(tenant, job_id)
        return job

    def page(self, tenant: str, state: State | None, limit: int, cursor: str | None) -> Page:
        """The index has titles alone: what has none is read, all of a page at once, to be told by something else."""
        page = self.jobs.page(tenant, state, limit, cursor)
        untitled = self.reader.several([one.id for one in page.summaries if not one.title])
        names = {job_id: name_of(job.request) for job_id, job in untitled.items()}
        named = tuple(replace(one, name=one.title or names.get(one.id)) for one in page.summaries)
        return replace(page, summaries=named)

    def timeline(self, tenant: str, job_id: str) -> Sequence[Entry]:
        self._own(tenant, job_id)
        return self.jobs.timeline(job_id)

    def audio(self, tenant: str, job_id: str, number: int) -> str:
        """A fresh link to a track that is in the bucket."""
        return self._link(self._own(tenant, job_id), number)

    def source(self, tenant: str, job_id: str) -> str:
        """A fresh link to the song that came in, if it came to us: one that was linked is its owner's to serve. The
        inbox forgets songs, and the link then leads nowhere: to ask for it here would cost a right and a call."""
        key = self._own(tenant, job_id).request.source.key
        if key is None:
            raise NotFoundError("the song is not in the inbox: the cover was made of a link")
        return self.inbox.link(key)

    def _link(self, job: Job, number: int, method: str = "GET") -> str:
        track = job.track(number)
        if track is None or track.file is None:
            raise NotFoundError(f"track {number} is not in the bucket")
        suffix = track.file.key.rsplit(".", 1)[-1]
        name = f"{_plain(track.take.title) or job.id} {number}.{suffix}"
        return self.covers.link(track.file.key, name, method)

    def public_audio(self, job_id: str, audio_key: str, number: int, method: str = "GET") -> str:
        """The same for whoever has the link with the job's own key in it: no account, no end. Who asks for the head
        alone follows with the same `method`, and the signature has it in it."""
        job = self.jobs.load(job_id) if ID.fullmatch(job_id) else None
        given = audio_key.encode(errors="replace")
        if job is None or not job.audio_key or not hmac.compare_digest(job.audio_key.encode(), given):
            raise NotFoundError("no such audio")
        return self._link(job, number, method)

    def _own(self, tenant: str, job_id: str) -> Job:
        return own(self.jobs, tenant, job_id)


def own(jobs: JobStore, tenant: str, job_id: str) -> Job:
    """The job, if it is this tenant's. Raises NotFoundError."""
    job = jobs.load(job_id) if ID.fullmatch(job_id) else None
    if job is None or job.tenant != tenant:
        raise NotFoundError("no such cover")
    return job


def _plain(title: str | None) -> str:
    """What any file system and header takes."""
    return "".join(
        letter for letter in title or "" if letter.isascii() and (letter.isalnum() or letter in " -_")
    ).strip()
