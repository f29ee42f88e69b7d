"""Waits of a channel: each ends once, all of them end with the channel."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.defer import Deferred

from ivr.errors import CallerHungUp
from ivr.telephony.waits import Waits, fire, pass_on, within
from tests.fakes.driven_clock import DrivenClock
from tests.results import result_of


def test_all_waits_end_when_the_channel_does() -> None:
    waits = Waits()
    some = [waits.new() for _ in range(3)]
    waits.fail(CallerHungUp())
    for wait in some:
        with pytest.raises(CallerHungUp):
            result_of(wait)


def test_a_wait_that_comes_too_late_ends_at_once() -> None:
    waits = Waits()
    waits.fail(CallerHungUp())
    with pytest.raises(CallerHungUp):
        result_of(waits.new())


def test_what_was_fired_before_is_not_touched() -> None:
    waits = Waits()
    wait = waits.new()
    fire(wait, "7")
    waits.fail(CallerHungUp())
    assert result_of(wait) == "7"


def test_fire_twice_keeps_the_first() -> None:
    wait: Deferred[str] = Deferred()
    fire(wait, "first")
    fire(wait, "second")
    assert result_of(wait) == "first"


def test_pass_on_leaves_the_source_as_it_is() -> None:
    source: Deferred[Any] = Deferred()
    target: Deferred[Any] = Deferred()
    pass_on(source, target)
    source.callback("agent")
    assert (result_of(source), result_of(target)) == ("agent", "agent")


@pytest.mark.parametrize(("after", "answer"), [(2.0, "key"), (6.0, "nothing")])
def test_within_waits_no_longer_than_said(after: float, answer: str) -> None:
    clock = DrivenClock()
    wait: Deferred[str] = Deferred()
    clock.callLater(after, fire, wait, "key")
    waiting = Deferred.fromCoroutine(within(clock, 5.0, wait, "nothing"))
    clock.advance(after)
    clock.advance(5.0)
    assert result_of(waiting) == answer
    assert clock.getDelayedCalls() == []


def test_within_without_a_limit_sets_no_timer() -> None:
    clock = DrivenClock()
    wait: Deferred[str] = Deferred()
    waiting = Deferred.fromCoroutine(within(clock, None, wait, "nothing"))
    assert clock.getDelayedCalls() == []
    wait.callback("key")
    assert result_of(waiting) == "key"
