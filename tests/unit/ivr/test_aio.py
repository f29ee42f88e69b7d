"""The reactor's clock."""

from __future__ import annotations

import asyncio
import time

import pytest

from ivr.aio import MonotonicReactor


def test_a_step_of_the_wall_clock_moves_no_timer(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.new_event_loop()
    reactor = MonotonicReactor(loop)
    timer = reactor.callLater(5.0, lambda: None)  # type: ignore[no-untyped-call]
    monkeypatch.setattr(time, "time", lambda: 0.0)  # somebody set the clock back, far
    assert 4.0 < timer.getTime() - reactor.seconds() <= 5.0
    timer.cancel()
    reactor.disconnectAll()
    loop.close()
