"""The breaker opens after five failures in half a minute and is closed by one good knock."""

from __future__ import annotations

from crm_bridge.breaker import FAILURES, OPEN_FOR, Breaker
from tests.fakes.driven_clock import DrivenClock


def failing(breaker: Breaker, times: int) -> None:
    for _ in range(times):
        breaker.began()
        breaker.failed()


def test_four_failures_do_not_open_it() -> None:
    breaker = Breaker(DrivenClock())
    failing(breaker, FAILURES - 1)
    assert breaker.allowed(8) == 8


def test_five_failures_open_it_for_half_a_minute() -> None:
    clock = DrivenClock()
    breaker = Breaker(clock)
    failing(breaker, FAILURES)
    assert breaker.is_open
    assert (breaker.allowed(8), breaker.wait()) == (0, OPEN_FOR)
    clock.advance(OPEN_FOR)
    assert breaker.allowed(8) == 1


def test_five_failures_spread_over_a_long_time_do_not_open_it() -> None:
    clock = DrivenClock()
    breaker = Breaker(clock)
    for _ in range(FAILURES * 2):
        failing(breaker, 1)
        clock.advance(10)
    assert not breaker.is_open


def test_while_a_probe_is_out_nothing_else_goes() -> None:
    clock = DrivenClock()
    breaker = Breaker(clock)
    failing(breaker, FAILURES)
    clock.advance(OPEN_FOR)
    breaker.began()
    assert breaker.allowed(8) == 0


def test_a_probe_that_fails_opens_it_again_and_one_that_succeeds_closes_it() -> None:
    clock = DrivenClock()
    breaker = Breaker(clock)
    failing(breaker, FAILURES)
    clock.advance(OPEN_FOR)
    failing(breaker, 1)
    assert breaker.wait() == OPEN_FOR
    clock.advance(OPEN_FOR)
    breaker.began()
    breaker.succeeded()
    assert (breaker.is_open, breaker.allowed(8)) == (False, 8)
