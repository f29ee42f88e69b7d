"""A clock and a reactor's timers in one, driven by the test: nothing happens by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from twisted.internet.task import Clock

_START = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)


class DrivenClock(Clock):
    """``ivr.clock.Clock`` and ``IReactorTime`` that go on only by ``advance``."""

    def now(self) -> datetime:
        return _START + timedelta(seconds=self.seconds())

    def monotonic(self) -> float:
        return float(self.seconds())
