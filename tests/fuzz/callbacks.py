"""Any bytes as the callback of each provider: a fact, nothing, or MalformedError; and the job takes whatever it is."""

import json
import sys
import tempfile
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["reprise"]):
    from reprise.codec import decode, encode
    from reprise.domain.job import Job
    from reprise.domain.observe import observe
    from reprise.errors import MalformedError
    from reprise.ports import CallbackMessage
    from reprise.providers import REGISTRY, build
    from reprise.providers.client import VendorSettings

from tests.factories import NOW, a_submitting_job

PROVIDERS = [build(name, VendorSettings(), None) for name in REGISTRY]
GOLDEN = Path("events/callback")
JOB = a_submitting_job()


def one(data: bytes) -> None:
    for provider in PROVIDERS:
        try:
            fact = provider.hear(CallbackMessage(1, data), NOW)
        except MalformedError:
            continue
        if fact is not None:
            after = observe(JOB, fact, NOW).job
            assert decode(Job, encode(after)) == after


def corpus() -> str:
    """A folder of the golden callbacks' bodies, to begin with."""
    folder = Path(tempfile.mkdtemp())
    for number, path in enumerate(sorted(GOLDEN.rglob("*.json"))):
        (folder / str(number)).write_text(json.loads(path.read_text())["body"])
    return str(folder)


if __name__ == "__main__":
    atheris.Setup([*sys.argv, corpus()], one)
    atheris.Fuzz()
