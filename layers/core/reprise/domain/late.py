"""Words that come too late: of an attempt that was given up, or after the end."""

from reprise.domain.draft import Draft
from reprise.domain.facts import Accepted, Broke, Fact, Progress, Refused, Via
from reprise.domain.job import TAKEN_AFTER_ALL, Job
from reprise.domain.takes import merge_takes


def is_present(job: Job, attempt: int) -> bool:
    """Not one that was given up."""
    return attempt == job.attempt and attempt > job.closed


def late(draft: Draft, fact: Fact) -> None:
    """Remembered once; music that was bought is kept, and so is money that was not spent."""
    if isinstance(fact, Refused):
        _give_back(draft, fact)
    if not isinstance(fact, Accepted | Progress | Broke):
        return
    if is_present(draft.job, fact.attempt) and fact.task_id and not draft.job.task_id:
        draft.set(task_id=fact.task_id)  # a retry will look there before it buys again
    _admit(draft, fact)
    if _alternative(draft, fact):
        return
    if draft.once(f"late:{fact.attempt}:{fact.key}"):
        draft.note(f"late.{fact.key}", f"Attempt {fact.attempt} spoke too late; nothing changes", task_id=fact.task_id)


def _give_back(draft: Draft, fact: Refused) -> None:
    """The job ended while the provider was asked, and the answer is no: nothing was bought."""
    job = draft.job
    silent = not job.task_id and not any(_is_word_of(fact.attempt, key) for key in job.heard)
    ended = job.state.terminal and is_present(job, fact.attempt)
    if ended and silent and draft.once(refusal(fact.attempt)):
        draft.once(refused_by(fact.attempt, job.provider))
        draft.spend(-job.leg.usd)
        draft.note("submit.refused", fact.error.message, code=fact.error.code, kind=fact.error.kind)


def _is_word_of(attempt: int, key: str) -> bool:
    return key.startswith(f"{Via.CALLBACK}.") and key.endswith(f":{attempt}")


def _admit(draft: Draft, fact: Accepted | Progress | Broke) -> None:
    """A provider speaks of an order that it had refused: it took it all the same, so it counts. After the end it is
    only remembered: a retry looks there before it buys again."""
    job, attempt = draft.job, fact.attempt
    legs = (*job.passed, job.leg, *job.route)
    leg = next((leg for leg in legs if refused_by(attempt, leg.provider) in job.heard), None)
    if leg is None or untrue(attempt) in job.heard:
        return
    if not job.state.terminal:
        draft.once(untrue(attempt))
        draft.spend(leg.usd)
        draft.note("late.refusal", f"{leg.provider} had refused attempt {attempt} and took it all the same: it counts")
    elif fact.task_id and not isinstance(fact, Broke):
        draft.once(f"{TAKEN_AFTER_ALL}{leg.provider}:{fact.task_id}")


def _alternative(draft: Draft, fact: Fact) -> bool:
    """Music of an attempt that was given up, told before the end: bought is bought, so it is kept beside the rest."""
    if draft.job.state.terminal or not isinstance(fact, Progress) or not any(take.urls for take in fact.takes):
        return False
    if draft.once(f"alternative:{fact.attempt}:{fact.key}"):
        draft.note("late.alternative", f"Attempt {fact.attempt} is done after all; its takes are kept as alternatives")
        merge_takes(draft, fact.attempt, fact.stage, fact.takes, fresh=False)
    return True


def refusal(attempt: int) -> str:
    """What a job has heard when an attempt was refused."""
    return f"submit.refused:{attempt}"


def refused_by(attempt: int, provider: str) -> str:
    """Says whose price counts should the refusal turn out not to be true."""
    return f"{refusal(attempt)}:{provider}"


def untrue(attempt: int) -> str:
    """Its refusal was not true, and its price is counted."""
    return f"submit.refusal-untrue:{attempt}"
