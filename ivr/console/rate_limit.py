"""So many tries in so many seconds for each key; memory is bounded."""

from collections import OrderedDict, deque

from ivr.clock import Clock

_KEYS = 10_000  # an attacker with many addresses must not fill the memory


class RateLimit:
    """A sliding window of *tries* in *seconds*, for each key by itself."""

    def __init__(self, clock: Clock, *, tries: int, seconds: float) -> None:
        self._clock = clock
        self._tries = tries
        self._seconds = seconds
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def allows(self, key: str) -> bool:
        """Count a try of *key* and say whether it is still within the limit."""
        now = self._clock.monotonic()
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while times and now - times[0] >= self._seconds:
            times.popleft()
        if len(times) >= self._tries:
            return False
        times.append(now)
        while len(self._seen) > _KEYS:
            self._seen.popitem(last=False)
        return True

    def forget(self, key: str) -> None:
        self._seen.pop(key, None)
