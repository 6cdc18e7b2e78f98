"""One track from the provider into the covers bucket: nothing is kept that was not checked first."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from reprise.domain import audio
from reprise.domain.facts import Kept, Unusable
from reprise.domain.job import Job, KeptFile, Track, TrackState
from reprise.domain.sidecars import folder
from reprise.errors import FetchError, UnusableAudioError
from reprise.ports import Covers, Download, Fetcher, JobStore, Probe
from reprise.usecases.record import Record

MOST_BYTES = 200_000_000


class Transferred(StrEnum):
    SKIPPED = "skipped"
    KEPT = "kept"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Transfer:
    jobs: JobStore
    covers: Covers
    fetcher: Fetcher
    probe: Probe
    record: Record

    def __call__(self, job_id: str, number: int, tries: int, tenant: str | None = None) -> Transferred:
        """Does nothing for a job that is over, or a track that is settled or that a later message is about. Of a job
        that was deleted it takes away what a copy that was cut off may have left: nobody else knows of that.

        `tenant`: None in a message of an older release.
        """
        job = self.jobs.load(job_id)
        if job is None and tenant:
            self.covers.delete(folder(tenant, job_id))
        track = job.track(number) if job else None
        if not job or not track or job.state.terminal or track.state is not TrackState.COPYING or track.tries != tries:
            return Transferred.SKIPPED
        with TemporaryDirectory() as scratch:
            try:
                file, path = self._fetch(job, track, Path(scratch) / "take")
            except FetchError as error:
                self.record(job_id, Unusable(track.attempt, number, tries, str(error)))
                return Transferred.REFUSED
            self.covers.keep(file, path)
        return self._tell(job, Kept(track.attempt, number, tries, file))

    def _tell(self, job: Job, kept: Kept) -> Transferred:
        """What the job does not take (a second copy, the other take's bytes, a job deleted meanwhile) is not left.

        To take away may come late. It never hits what another try brings: the try is part of the key, and of an earlier
        try the job takes nothing that it has refused.
        """
        after = self.record(job.id, kept, stored=None if _beside(job, kept.number) else job)
        if after is None or not any(track.file and track.file.key == kept.file.key for track in after.tracks):
            self.covers.remove(kept.file.key)
            return Transferred.REFUSED
        before = job.track(kept.number)
        if before and before.file and before.file.key not in [track.file.key for track in after.tracks if track.file]:
            self.covers.remove(before.file.key)  # it was another take's bytes
        return Transferred.KEPT

    def _fetch(self, job: Job, track: Track, path: Path) -> tuple[KeptFile, Path]:
        """The first of the take's links that yields audio. Raises FetchError naming what each one gave."""
        reasons: list[str] = []
        for url in track.take.urls:
            try:
                return self._inspect(job, track, self.fetcher.fetch(url, path, MOST_BYTES)), path
            except FetchError as error:
                reasons.append(str(error))
        raise FetchError("; ".join(dict.fromkeys(reasons)))

    def _inspect(self, job: Job, track: Track, download: Download) -> KeptFile:
        output = job.request.output
        raw = output is not None and output.format == audio.RAW.suffix and "output" not in job.leg.dropped
        kind = audio.expected_type(download.head, raw)
        fault = audio.fault(download.size, download.head, raw)
        if fault or kind is None:
            raise UnusableAudioError(fault or "not audio")
        rate = (output and output.sample_rate) or audio.RAW_RATE
        measured = kind is not audio.RAW
        seconds = self.probe.seconds(download.path) if measured else download.size / (rate * audio.RAW_FRAME)
        fault = audio.cut_off(seconds, track.take.seconds)
        if fault:
            raise UnusableAudioError(fault)
        key = f"{folder(job.tenant, job.id)}{track.number}-{download.sha256[:12]}-{track.tries}.{kind.suffix}"
        return KeptFile(key, download.size, download.sha256, seconds, kind.content_type)


def _beside(job: Job, number: int) -> bool:
    """Another take of it is on its way too: copies that began together end together, and of two writes that know the
    same version one is lost, which costs more than to read the job anew."""
    return any(track.state is TrackState.COPYING for track in job.tracks if track.number != number)
