"""What the doctor finds: one line a check."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from cli.target import Target


class Verdict(StrEnum):
    """What could not be looked at is never called good."""

    OK = "ok"
    WARN = "warn"
    FAIL = "fail"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, slots=True)
class Finding:
    """`said` is what was seen, `mend` what to do about it, `runbook` the page that says more."""

    verdict: Verdict
    said: str
    mend: str = ""
    runbook: str = ""


Check = Callable[[Target], Finding]


def ok(said: str) -> Finding:
    return Finding(Verdict.OK, said)


def warn(said: str, mend: str, runbook: str = "") -> Finding:
    return Finding(Verdict.WARN, said, mend, _page(runbook))


def fail(said: str, mend: str, runbook: str = "") -> Finding:
    return Finding(Verdict.FAIL, said, mend, _page(runbook))


def not_checked(said: str) -> Finding:
    return Finding(Verdict.NOT_CHECKED, said)


def _page(name: str) -> str:
    return f"docs/runbooks/{name}.md" if name else ""
