"""All waits of a channel end with it, also when the end of one fires another."""

from __future__ import annotations

from typing import Any

from ivr.errors import CallerHungUp
from ivr.telephony.waits import Waits, fire


def test_the_end_of_one_wait_may_fire_all_others() -> None:
    waits = Waits()
    opened = [waits.new() for _ in range(5)]

    def fire_the_others(_failure: Any) -> None:
        for wait in opened:
            fire(wait, "enough")

    ends: list[Any] = []
    for wait in opened:
        wait.addErrback(fire_the_others)
        wait.addCallback(ends.append)
    waits.fail(CallerHungUp())
    assert len(ends) == len(opened)
    assert ends.count("enough") == len(opened) - 1
