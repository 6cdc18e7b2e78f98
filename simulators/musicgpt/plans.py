"""What a subscription allows: covers at a time, and status queries a minute."""

import threading
from dataclasses import dataclass, field

PARALLEL = {"free": 1, "plus": 3, "pro": 10}
POLLS = {"free": 20, "plus": 200, "pro": 500}


@dataclass(slots=True)
class Slots:
    """Covers under way. One that is being accepted already counts."""

    taken: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, most: int) -> bool:
        with self._lock:
            if self.taken >= most:
                return False
            self.taken += 1
            return True

    def free(self) -> None:
        with self._lock:
            self.taken -= 1
