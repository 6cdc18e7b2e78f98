"""How much waits, and for how long."""

from datetime import UTC, datetime, timedelta

from cli import show
from cli.contents import contents
from cli.finding import Finding, fail, ok, warn
from cli.letters import Mailbox
from cli.queues import WORKING, DeadLetters
from cli.target import Target

LATE = 15 * 60
"""Seconds. Work waits for seconds; a quarter of an hour is what SQS may delay a message at our wish."""


def waiting(queue: str, target: Target) -> Finding:
    """A message of a working queue must not be received to be looked at: it would count as a try."""
    names = [
        "ApproximateNumberOfMessages",
        "ApproximateNumberOfMessagesNotVisible",
        "ApproximateNumberOfMessagesDelayed",
    ]
    told = target.client("sqs").get_queue_attributes(QueueUrl=target.id(queue), AttributeNames=names)["Attributes"]
    waits, at_work, later = (int(told[name]) for name in names)
    said = f"{waits} waiting, {at_work} at work, {later} for later"
    oldest = _oldest(target, queue)
    if oldest is None:
        return ok(f"{said}; since when is not known" if waits else said)
    said += f"; the oldest for {show.age(oldest)}"
    if waits and oldest > LATE:
        return warn(said, f"{WORKING[queue]} does not come after: read its log", "workers-failing")
    return ok(said)


def dead(queue: DeadLetters, target: Target) -> Finding:
    mailbox = Mailbox(target.client("sqs"), target.id(queue.name))
    count = mailbox.count()
    letters = mailbox.peek() if count else []
    if not letters and not count:
        return ok("empty")
    age = show.age((datetime.now(UTC) - letters[0].sent).total_seconds()) if letters else "?"
    said = f"{max(count, len(letters))} letters, the oldest {age} old: {contents(queue, letters)}"
    page = queue.runbook.removeprefix("docs/runbooks/").removesuffix(".md")
    return fail(said, f"mend the cause, then `reprise dlq redrive {queue.short}`", page)


def _oldest(target: Target, queue: str) -> float | None:
    """Seconds, from CloudWatch; None where it knows nothing: the queue was quiet, or this is the embedded AWS."""
    now = datetime.now(UTC)
    points = target.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/SQS",
        MetricName="ApproximateAgeOfOldestMessage",
        Dimensions=[{"Name": "QueueName", "Value": target.id(queue).rpartition("/")[2]}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now,
        Period=60,
        Statistics=["Maximum"],
    )["Datapoints"]
    newest = max(points, key=lambda one: one["Timestamp"], default=None)
    return float(newest["Maximum"]) if newest else None
