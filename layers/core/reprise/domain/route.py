"""From one provider to the next: only when it is certain that the first took nothing, or has failed for good."""

from reprise.domain import deadlines
from reprise.domain.draft import Draft
from reprise.domain.job import ErrorClass, Job, Leg, ProviderError, Stage, State
from reprise.domain.purse import MONEY_DIGITS
from reprise.domain.takes import lose_waiting

ANOTHER_MAY_DO = frozenset({
    ErrorClass.AUTH,
    ErrorClass.NO_CREDIT,
    ErrorClass.RATE_LIMITED,
    ErrorClass.RETRY_LATER,
    ErrorClass.SOURCE_UNFETCHABLE,
})  # fmt: skip
"""Content that is refused and requests that are wrong stay so elsewhere; an unknown outcome may have been paid for."""


def turn(draft: Draft, error: ProviderError, bought: bool = False) -> bool:
    """Moves the job on to the next provider of its route. False where there is none, no time or no money.

    `bought`: the failed provider had taken the job. A dead link to the song then ends it: each provider ahead might
    charge for finding the same. Where nothing was bought, asking the next one costs nothing.
    """
    job = draft.job
    dead_link = bought and error.kind is ErrorClass.SOURCE_UNFETCHABLE
    if error.kind not in ANOTHER_MAY_DO or dead_link or draft.now + deadlines.LEAST_TIME > job.deadline_at:
        return False
    legs = _within_budget(draft, affordable(job))
    if not legs:
        return False
    lose_waiting(draft, f"{job.provider} failed")
    draft.set(state=State.QUEUED, leg=legs[0], route=legs[1:], closed=job.attempt)
    draft.set(passed=(*job.passed, job.leg))
    draft.set(task_id=None, refusals=0, lyrics_stage=Stage.NONE)
    draft.announce(
        "cover.switched",
        f"{job.provider} could not ({error.message}): turning to {legs[0].provider}",
        failed=job.provider,
        reason=error.kind,
        code=error.code,
    )
    draft.set(due_at=None)
    draft.wake(draft.now, "job.queued", f"Waiting to be submitted to {legs[0].provider}")
    return True


def _within_budget(draft: Draft, legs: tuple[Leg, ...]) -> tuple[Leg, ...]:
    """Without those that the purse was found to have no room for."""
    if draft.below is None:
        return legs
    left_out = [leg.provider for leg in legs if leg.usd >= draft.below]
    if left_out:
        draft.note("route.shortened", f"The key's budget has no room for {', '.join(left_out)}", left_out=left_out)
    return tuple(leg for leg in legs if leg.usd < draft.below)


def affordable(job: Job) -> tuple[Leg, ...]:
    """The legs ahead that fit into what the caller allows all attempts together to cost."""
    return tuple(leg for leg in job.route if fits(job, leg))


def fits(job: Job, leg: Leg) -> bool:
    """Also one that was called before: a call that may have bought something counts."""
    most = job.request.max_usd
    return most is None or round(job.spent + leg.usd, MONEY_DIGITS) <= most
