"""Asterisk is killed under our service: its calls are accounted for, and the next one works."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.calls.house import SLOW, House, fresh_caller, running_house, until
from tests.drills import product
from tests.drills.callers import Someone, desk_phone, someone
from tests.drills.product import BILLING, COUNCIL

pytestmark = [pytest.mark.calls, pytest.mark.drill, pytest.mark.timeout(600)]

RECONNECTED = 5.0  # seconds after Asterisk is back
Figures = Callable[[str, object], None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(tmp_path_factory.mktemp("no_asterisk")) as running:
        yield running


def test_killed_asterisk(house: House, record_property: Figures) -> None:
    with ExitStack() as stack:
        desk_phone(house, stack, "agent-301", calls=1, tone=700)
        house.agent("agent-301").do("sign-in")
        talker = someone(house, stack, COUNCIL, tone=440)
        until(lambda: product.talk_of(house, talker.number), 25, "the talk")
        menu = someone(house, stack, BILLING)
        until(lambda: menu.is_at(house, "welcome"), 25, "the menu")
        service = house.pid("service")
        record_property("taking calls after", _kill_asterisk(house))
        assert house.pid("service") == service, "the service itself goes on"
        for one, outcome in ((talker, "talked"), (menu, "abandoned")):
            _accounted_for(house, one, outcome)
        assert product.rows(house, "SELECT * FROM call_positions") == []
        until(lambda: house.agent("agent-301").state == "available", 20, "the agent to be free")
    _next_call_works(house)


def _kill_asterisk(house: House) -> float:
    """Kill it; return how long after it was up again calls were taken."""
    times = len(product.said(house, "taking calls"))
    boots = len(product.said(house, "asterisk booted", "supervisor"))
    house.kill("asterisk")
    until(
        lambda: len(product.said(house, "asterisk booted", "supervisor")) > boots,
        20,
        "Asterisk to be back",
    )
    at = time.monotonic()
    product.wait_taking_calls(house, times)
    took = time.monotonic() - at
    assert took <= RECONNECTED * SLOW
    return took


def _accounted_for(house: House, one: Someone, outcome: str) -> None:
    until(lambda: product.outcomes_of(house, one.number)[0], 10, "an outcome")
    assert product.outcomes_of(house, one.number) == [outcome]
    one.sipp.stop()


def _next_call_works(house: House) -> None:
    house.phone("agent-301")  # signs in again: its endpoint was pushed into the new Asterisk
    caller = fresh_caller()
    result = house.farm.call(
        BILLING, caller=caller, presses=((3.0, "3"),), talk=45, echo=0.0
    ).wait()
    assert result.ok, result.errors
    assert house.call_of(caller)["call"]["outcome"] == "talked"
