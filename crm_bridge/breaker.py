"""A circuit breaker: stops knocking at a door that nobody opens, then tries with one knock."""

from collections import deque

from ivr.clock import Clock

FAILURES = 5
WINDOW = 30.0  # seconds in which so many failures open it
OPEN_FOR = 30.0


class Breaker:
    """Closed: all may pass. Open: none. Half open: one at a time, which decides."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._failures: deque[float] = deque(maxlen=FAILURES)
        self._open_until: float | None = None
        self._probing = False

    @property
    def is_open(self) -> bool:
        """Whether the target counts as down (also while it is probed)."""
        return self._open_until is not None

    def allowed(self, wanted: int) -> int:
        """Return how many of *wanted* deliveries may begin now; what begins must be told back."""
        if self._open_until is None:
            return wanted
        if self.wait() > 0 or self._probing or wanted == 0:
            return 0
        return 1

    def wait(self) -> float:
        """Return the seconds until a probe may begin, 0 if it may now."""
        if self._open_until is None:
            return 0.0
        return max(0.0, self._open_until - self._clock.monotonic())

    def began(self) -> None:
        self._probing = self.is_open

    def succeeded(self) -> None:
        self._failures.clear()
        self._open_until = None
        self._probing = False

    def failed(self) -> None:
        now = self._clock.monotonic()
        self._failures.append(now)
        often = len(self._failures) == FAILURES and now - self._failures[0] <= WINDOW
        if self._probing or often:
            self._open_until = now + OPEN_FOR
        self._probing = False
