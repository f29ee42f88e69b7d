"""How often a child may be restarted before that itself is the fault (as in OTP)."""

from collections import deque

INTENSITY = 5
PERIOD = 60.0  # seconds
QUICK = 0.05  # seconds from an end to the next start
SLOW = 10.0  # the same, once the intensity is used up


class RestartHistory:
    """Ends and failed starts of one child; all times are monotonic seconds."""

    def __init__(self) -> None:
        self._ends: deque[float] = deque(maxlen=INTENSITY)
        self.total = 0
        self.failed_starts = 0

    def ended(self, now: float, *, was_ready: bool) -> None:
        """Note that the child is gone; *was_ready* says whether it had ever served."""
        self._ends.append(now)
        self.total += 1
        self.failed_starts = 0 if was_ready else self.failed_starts + 1

    def became_ready(self) -> None:
        self.failed_starts = 0

    def too_many(self, now: float) -> bool:
        """Say whether the child ended ``INTENSITY`` times within ``PERIOD``."""
        return len(self._ends) == INTENSITY and now - self._ends[0] <= PERIOD

    def wait(self, now: float) -> float:
        """Return the seconds to wait before the next start."""
        return SLOW if self.too_many(now) else QUICK
