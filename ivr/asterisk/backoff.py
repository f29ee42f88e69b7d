"""How long to wait before the next attempt to connect: exponential, with full jitter."""

from __future__ import annotations

import random
from collections.abc import Callable


class Backoff:
    """Waits drawn evenly from 0 to a ceiling that doubles from *first* to *longest* seconds.

    Full jitter keeps many clients of one Asterisk from coming back at the same moment.
    """

    def __init__(
        self,
        first: float = 0.1,
        longest: float = 5.0,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._first = first
        self._longest = longest
        self._draw = draw
        self._attempts = 0

    def wait(self) -> float:
        """Seconds to wait before the next attempt."""
        ceiling = min(self._longest, self._first * 2.0 ** min(self._attempts, 30))
        self._attempts += 1
        return self._draw() * ceiling

    def reset(self) -> None:
        """A connection was made: the next loss starts from the shortest wait again."""
        self._attempts = 0
