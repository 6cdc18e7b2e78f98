"""Lambda as the command meets it: the house's own handlers, by the names that the target gives them."""

import io
import json
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from typing import Any

from tests.integration.house import House


@dataclass
class FakeLambda:
    """`fails` holds what a function dies of, `sources` the event source mappings by their id."""

    house: House
    fails: dict[str, Exception] = field(default_factory=dict)
    answers: dict[str, Any] = field(default_factory=dict)
    invoked: list[str] = field(default_factory=list)
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)

    def invoke(self, *, FunctionName: str, Payload: bytes) -> dict[str, Any]:  # noqa: N803
        verb, _, alias = FunctionName.partition(":")
        assert alias == "live"
        self.invoked.append(verb)
        if verb in self.fails:
            return self._failed(self.fails[verb])
        if verb in self.answers:
            return {"Payload": io.BytesIO(json.dumps(self.answers[verb]).encode())}
        with redirect_stdout(io.StringIO()):  # where Lambda would read numbers from
            told = self.house.invoke(verb, json.loads(Payload))
        return {"Payload": io.BytesIO(json.dumps(told).encode())}

    def get_event_source_mapping(self, *, UUID: str) -> dict[str, Any]:  # noqa: N803
        return self.sources.get(UUID, {"State": "Enabled", "LastProcessingResult": "No records processed"})

    @staticmethod
    def _failed(error: Exception) -> dict[str, Any]:
        told = {"errorType": type(error).__name__, "errorMessage": str(error)}
        return {"FunctionError": "Unhandled", "Payload": io.BytesIO(json.dumps(told).encode())}
