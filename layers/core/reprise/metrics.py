"""Numbers for CloudWatch, as lines of the log (EMF): nobody is called, so nothing can be slow or fail."""

from collections.abc import Mapping
from enum import StrEnum

from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

from reprise.domain.job import Entry


class Metric(StrEnum):
    """Each is counted for the whole stack, and once more by what `put` is given.

    by provider: the covers, the seconds, what was charged but failed, opened breakers, balances (in the vendor's unit),
    callbacks heard. By status: callbacks refused and failed.
    """

    COVERS_SUBMITTED = "CoversSubmitted"
    COVERS_SUCCEEDED = "CoversSucceeded"
    COVERS_FAILED = "CoversFailed"
    COVERS_SWITCHED = "CoversSwitched"
    CHARGED_BUT_FAILED = "ChargedButFailed"
    SECONDS_TO_FIRST = "SecondsToFirst"
    SECONDS_TO_DONE = "SecondsToDone"
    BREAKER_OPENED = "BreakerOpened"
    BALANCE = "Balance"
    CALLBACKS_HEARD = "CallbacksHeard"
    CALLBACKS_REFUSED = "CallbacksRefused"
    CALLBACKS_FAILED = "CallbacksFailed"
    DUE = "Due"
    OLDEST_DUE = "OldestDue"
    RECORDS_FAILED = "RecordsFailed"
    SERVER_ERRORS = "ServerErrors"


SECONDS = (Metric.SECONDS_TO_FIRST, Metric.SECONDS_TO_DONE, Metric.OLDEST_DUE)


def put(values: Mapping[Metric, float], **by: str) -> None:
    """One line. Only give `by` what has few values: each new one is a metric of its own, and costs."""
    line = EphemeralMetrics()
    line.namespace = line.namespace or "Reprise"
    for metric, value in values.items():
        line.add_metric(metric, MetricUnit.Seconds if metric in SECONDS else MetricUnit.NoUnit, value)
    if by:
        line.add_dimensions(**by)
    line.flush_metrics()


COUNTED = {
    "cover.submitted": Metric.COVERS_SUBMITTED,
    "cover.succeeded": Metric.COVERS_SUCCEEDED,
    "cover.failed": Metric.COVERS_FAILED,
    "cover.switched": Metric.COVERS_SWITCHED,
}
TIMED = {"cover.first": Metric.SECONDS_TO_FIRST, "cover.succeeded": Metric.SECONDS_TO_DONE}


def count(entry: Entry) -> None:
    """What a public event says in numbers. Who failed is counted for a switch, not who comes next.

    An event that the stream delivers twice is counted twice.
    """
    values = numbers(entry)
    if values:
        put(values, provider=str(entry.data.get("failed", entry.provider)))


def numbers(entry: Entry) -> dict[Metric, float]:
    """None of a line that is no public event. Events of the release before lack what they did not say."""
    if entry.event is None:
        return {}
    values: dict[Metric, float] = {COUNTED[entry.type]: 1} if entry.type in COUNTED else {}
    seconds = entry.data.get("seconds")
    if entry.type in TIMED and isinstance(seconds, int | float):
        values[TIMED[entry.type]] = seconds
    if entry.type == "cover.failed" and entry.data.get("maybe_charged"):
        values[Metric.CHARGED_BUT_FAILED] = 1
    return values
