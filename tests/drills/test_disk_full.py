"""No room for recordings: the talk goes on unrecorded, and the desks are told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from tests.calls.house import House, running_house, until
from tests.drills import product
from tests.drills.callers import desk_phone, someone
from tests.drills.product import COUNCIL

pytestmark = [pytest.mark.calls, pytest.mark.drill, pytest.mark.timeout(600)]

AGENT, TONE = "agent-301", 700
NOTHING_IS_ENOUGH = "99999999"  # MiB


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with running_house(
        tmp_path_factory.mktemp("full"), MOKED_RECORDING_MIN_FREE_MIB=NOTHING_IS_ENOUGH
    ) as running:
        yield running


def test_a_full_disk_stops_the_recording_not_the_call(house: House) -> None:
    with ExitStack() as stack:
        desk_phone(house, stack, AGENT, calls=1, tone=TONE)
        house.agent(AGENT).do("sign-in")
        caller = someone(house, stack, COUNCIL, tone=440)
        until(lambda: product.talk_of(house, caller.number), 25, "the talk")
        until(lambda: caller.ear.loudness_of(TONE) > 0.01, 5, "the caller to hear the agent")
        product.other_side_hangs_up(house, caller.number)
        assert caller.sipp.wait().ok
        assert house.call_of(caller.number)["call"]["outcome"] == "talked"
    assert product.rows(house, "SELECT * FROM recordings") == []


def test_the_alarm_is_raised(house: House) -> None:
    query = "SELECT * FROM alarms WHERE alarm = 'recording_disk_full'"
    found = until(lambda: product.rows(house, query), 5, "the alarm")
    assert [row["cleared_at"] for row in found] == [None]
