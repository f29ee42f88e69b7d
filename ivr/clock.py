"""Two clocks: wall time for what people read, monotonic seconds for what is measured."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What anything that needs the time is given."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never jump; only differences mean anything."""


class SystemClock:
    """The machine's clocks."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def monotonic(self) -> float:
        return time.monotonic()
