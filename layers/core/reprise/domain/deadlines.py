"""Every waiting time of a job, in one place. All are lower bounds: the poller looks once a minute."""

from datetime import datetime, timedelta

from reprise.domain.job import Job

SUBMIT_GRACE = timedelta(minutes=10)
"""How long a submit with an unknown outcome waits for its callback. Vendors give up after ten minutes."""

ANSWER_LATEST = timedelta(seconds=60)
"""When the answer to a paid call is stored, or never comes: the call gives up after 20 s."""

POLL_SLOWEST = timedelta(minutes=5)
POLL_SLOWEST_ALONE = timedelta(minutes=1)
"""Where polls are all there is, the caller waits for each."""

SLOT_WAIT = timedelta(seconds=15)
"""How long a job waits before it looks again whether its provider has a free slot."""

LEAST_TIME = timedelta(seconds=60)
"""A paid call needs so much before the deadline, and gets so much: it may take 20 s to be answered."""

COPY_PATIENCE = timedelta(minutes=5)
"""When `transfer` has said nothing for so long, its message is taken as lost and sent again."""

ARCHIVE_PATIENCE = timedelta(minutes=30)
"""How long after completion links are asked for again, where the deadline is not later still."""

FEWEST_TRIES = 5
"""Failed copies of one track before it may be given up; the deadline must be over, too."""

MOST_REFUSALS = 8
"""Submits turned away by a rate limit or a maintenance before the job fails."""

MOST_ATTEMPTS = 3
"""Submits of one job in all, where the caller asked to submit again after an unknown outcome."""


def unanswered(job: Job, now: datetime) -> bool:
    """Whether a paid call may be under way, whose answer needs the job: for its money, if nothing else."""
    told = any(f"submit.{answer}:{job.attempt}" in job.heard for answer in ("accepted", "refused", "unknown"))
    return job.begun_at is not None and not job.task_id and not told and now < job.begun_at + ANSWER_LATEST


def next_poll(job: Job, now: datetime) -> datetime:
    """Backs off in the provider's rhythm, and looks once more exactly at the deadline."""
    return max(min(now + _pause(job), job.deadline_at), now + timedelta(seconds=1))


def next_look(job: Job, now: datetime) -> datetime:
    """The same pauses for fresh links, which may be asked for beyond the deadline."""
    return now + _pause(job)


def after_refusal(refusals: int, now: datetime) -> datetime:
    """5, 10, 20 ... 300 s: kie.ai counts its submits in windows of 10 s."""
    return now + min(timedelta(seconds=5) * _power(2, refusals - 1), timedelta(minutes=5))


def after_unusable(tries: int, now: datetime) -> datetime:
    """2, 6, 18, 54, 162, 300 s: fresh links often work within seconds, empty files heal within a minute."""
    return now + min(timedelta(seconds=2) * _power(3, tries - 1), POLL_SLOWEST)


def hopeless(job: Job, tries: int, now: datetime) -> bool:
    """True when a track of a completed job is not worth another try. Vendors keep files for days: no hurry."""
    tried = tries >= FEWEST_TRIES and now >= job.deadline_at
    return tried or now >= max(job.deadline_at, (job.complete_at or now) + ARCHIVE_PATIENCE)


def _pause(job: Job) -> timedelta:
    rhythm = job.leg.rhythm
    if job.polls == 0:
        return timedelta(seconds=rhythm.first)
    slowest = POLL_SLOWEST if rhythm.pushes else POLL_SLOWEST_ALONE
    return min(timedelta(seconds=rhythm.every) * _power(2, job.polls - 1), slowest)


def _power(base: int, exponent: int) -> int:
    return int(base ** min(exponent, 8))
