"""Notices an Asterisk that is there but answers nobody, and has it killed."""

from collections.abc import Awaitable, Callable
from typing import Protocol

import structlog

log = structlog.get_logger(__name__)

ASK_EVERY = 2.0  # seconds between two questions
CALL_EVERY = 5  # questions between two test calls
MISSES = 4  # unanswered in a row, with a dead console: frozen
MISSES_ALONE = 15  # unanswered in a row while the console answers: overload looks like this too
MISSED_CALLS = 3


class Prober(Protocol):
    """Asks Asterisk over SIP."""

    async def options(self) -> bool: ...
    async def call(self) -> bool: ...


class AsteriskWatch:
    """Counts unanswered questions; ``ask`` is called every ``ASK_EVERY`` seconds."""

    def __init__(
        self,
        probe: Prober,
        console_answers: Callable[[], Awaitable[bool]],
        kill: Callable[[], None],
    ) -> None:
        self._probe = probe
        self._console_answers = console_answers
        self._kill = kill
        self.reset()

    def reset(self) -> None:
        """Begin anew with a newly started Asterisk."""
        self.answered = False
        self._asked = 0
        self._misses = 0
        self._missed_calls = 0

    async def ask(self) -> None:
        """Ask once; kill Asterisk when it has stayed silent for too long."""
        self._asked += 1
        if await self._probe.options():
            self._misses = 0
            self.answered = True
        else:
            self._misses += 1
        if self.answered and self._misses == 0 and self._asked % CALL_EVERY == 0:
            self._missed_calls = 0 if await self._probe.call() else self._missed_calls + 1
        if self.answered and await self._is_frozen():
            log.error("Asterisk answers nobody and is killed", misses=self._misses,
                      missed_calls=self._missed_calls)  # fmt: skip
            self._kill()
            self.reset()

    async def _is_frozen(self) -> bool:
        if self._misses >= MISSES_ALONE or self._missed_calls >= MISSED_CALLS:
            return True
        return self._misses >= MISSES and not await self._console_answers()
