"""A sliding window: so many in so many seconds."""

import threading
from collections import deque
from dataclasses import dataclass, field


@dataclass(slots=True)
class Window:
    _times: deque[float] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def admits(self, now: float, rate: tuple[int, float] | str) -> bool:
        """Whether one more fits; what does not fit is refused and does not count."""
        if isinstance(rate, str):
            return True
        limit, seconds = rate
        with self._lock:
            while self._times and self._times[0] <= now - seconds:
                self._times.popleft()
            if len(self._times) >= limit:
                return False
            self._times.append(now)
            return True
