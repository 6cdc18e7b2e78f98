"""Every waiting time of a job, in one place. All are lower bounds: the poller looks once a minute."""

from datetime import datetime, timedelta

from reprise.domain.job import Job

SUBMIT_GRACE = timedelta(minutes=10)
"""How long a submit with an unknown outcome waits for its callback. Vendors give up after ten minutes."""

FIRST_POLL = timedelta(seconds=60)
"""Callbacks come first; kie.ai is done after 57-74 s (providers/kie.md, section 5)."""

POLL_EVERY = timedelta(seconds=30)
POLL_SLOWEST = timedelta(minutes=5)

COPY_PATIENCE = timedelta(minutes=5)
"""When `transfer` has said nothing for so long, its message is taken as lost."""

MOST_TRIES = 5
"""Copies of one track before it is given up."""

MOST_REFUSALS = 8
"""Submits turned away by a rate limit or a maintenance before the job fails."""

MOST_ATTEMPTS = 3
"""Submits of one job in all, where the caller asked to submit again after an unknown outcome."""


def next_poll(job: Job, now: datetime) -> datetime:
    """Backs off from POLL_EVERY to POLL_SLOWEST, and looks once more exactly at the deadline."""
    pause = FIRST_POLL if job.polls == 0 else min(POLL_EVERY * _power(2, job.polls - 1), POLL_SLOWEST)
    return max(min(now + pause, job.deadline_at), now + timedelta(seconds=1))


def after_refusal(refusals: int, now: datetime) -> datetime:
    """5, 10, 20 ... 300 s: kie.ai counts its submits in windows of 10 s."""
    return now + min(timedelta(seconds=5) * _power(2, refusals - 1), timedelta(minutes=5))


def after_unusable(tries: int, now: datetime) -> datetime:
    """2, 6, 18, 54 s: fresh links often work within seconds, empty files heal within a minute."""
    return now + timedelta(seconds=2) * _power(3, tries - 1)


def _power(base: int, exponent: int) -> int:
    return int(base ** min(exponent, 8))
