"""A client of the aimusicapi fake: its callbacks are arrays, and its status has a type."""

import time
from dataclasses import dataclass
from typing import Any

from tests.simulators.kit import Buyer

GENERATE, STATUS, CREDITS = "/api/v2/upload-cover/generate", "/api/v2/upload-cover/status", "/api/v2/credits"


@dataclass
class AimusicapiBuyer(Buyer):
    def body(self, **changes: Any) -> dict[str, Any]:
        usual = {
            "upload_url": self.taker.url("/song.wav?sig=secret"),
            "model": "chirp-v4-5",
            "custom_mode": True,
            "make_instrumental": True,
            "style": "slow country waltz",
            "title": "Swing Set",
            "callback_url": self.taker.url("/cb/t0k3n?x=1"),
        }
        return {name: value for name, value in (usual | changes).items() if value is not ...}

    def submit(self, **changes: Any) -> Any:
        return self.post(GENERATE, self.body(**changes))

    def task(self, **changes: Any) -> str:
        return str(self.submit(**changes).json()["workId"])

    def status(self, task: str) -> dict[str, Any]:
        answer: dict[str, Any] = self.get(f"{STATUS}?task_id={task}").json()
        return answer

    def until(self, task: str, *words: str) -> dict[str, Any]:
        """Poll until the type is one of these words."""
        seen: dict[str, Any] = {}
        for _ in range(300):
            seen = self.status(task)
            if seen.get("data", {}).get("type") in words:
                record: dict[str, Any] = seen["data"]
                return record
            time.sleep(0.03)
        raise AssertionError(f"never {words}: {seen}")

    @property
    def heard(self) -> list[Any]:
        """The bodies of all callbacks."""
        return [document for document, _ in self.taker.got]

    @property
    def stages(self) -> list[str]:
        """What the first clip of each bare array says."""
        return [clips[0]["status"] for clips in self.heard]
