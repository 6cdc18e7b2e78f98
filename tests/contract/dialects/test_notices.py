"""What a vendor's client is called back about, and what it is not."""

from reprise.dialects.dialect import Notice, notices
from reprise.domain.facts import Accepted, Broke, Refused, Via
from reprise.domain.job import ErrorClass, ProviderError
from reprise.domain.observe import observe

from tests.factories import NOW, SOON, a_submitting_job

EMPTY = ProviderError(ErrorClass.NO_CREDIT, "402", "no credit")


def test_a_submit_that_was_answered_with_a_refusal_is_not_called_back_about() -> None:
    refused = observe(a_submitting_job(), Refused(1, EMPTY), SOON).job
    assert (refused.refused_at_once, notices(refused)) == (True, ())


def test_a_job_that_its_client_was_given_is_told_of_its_failure_whenever_that_comes() -> None:
    taken = observe(a_submitting_job(), Accepted(1, "task-1"), NOW).job
    broke = observe(taken, Broke(1, Via.POLL, EMPTY, "task-1"), SOON).job
    waited = observe(a_submitting_job(), Refused(1, ProviderError(ErrorClass.RATE_LIMITED, "429", "wait")), NOW).job
    assert notices(broke) == (Notice.ERROR,)
    assert notices(waited) == ()
    assert not waited.refused_at_once
