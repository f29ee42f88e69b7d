"""Emergency mode: seen at once by calls and by everybody, and as it was after a restart."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ivr.calls.emergency import EmergencyMode
from ivr.errors import StorageUnavailable
from ivr.events import AlarmCleared, AlarmRaised, Event, EventBus
from ivr.ids import AuthorityId
from ivr.storage.records import EmergencyRecord
from tests.fakes.console import SetClock
from tests.results import result_of

TOWN = AuthorityId("mateh-yehuda")


class OneRow:
    """The database's row, or a database that is away."""

    def __init__(self) -> None:
        self.row: EmergencyRecord | None = None
        self.away = False

    async def get(self, _authority_id: AuthorityId) -> EmergencyRecord | None:
        return self.row

    async def put(self, record: EmergencyRecord) -> None:
        if self.away:
            raise StorageUnavailable("locked")
        self.row = record


def mode_on(row: OneRow, bus: EventBus | None = None) -> EmergencyMode:
    return EmergencyMode(SetClock(), cast("Any", row), bus or EventBus(), TOWN)


def test_a_switch_is_seen_at_once_and_after_a_restart() -> None:
    row, bus, told = OneRow(), EventBus(), list[Event]()
    bus.subscribe(AlarmRaised, told.append)
    bus.subscribe(AlarmCleared, told.append)
    mode = mode_on(row, bus)
    result_of(mode.load())
    assert (mode.is_on, mode.since) == (False, None)
    result_of(mode.switch(on=True, who="dana"))
    again = mode_on(row)
    result_of(again.load())
    assert mode.is_on
    assert (again.is_on, again.since) == (True, mode.since)
    result_of(mode.switch(on=False, who="avi"))
    assert [type(event) for event in told] == [AlarmRaised, AlarmCleared]


def test_an_emergency_does_not_wait_for_the_database() -> None:
    row = OneRow()
    row.away = True
    mode = mode_on(row)
    with pytest.raises(StorageUnavailable):
        result_of(mode.switch(on=True, who="dana"))
    assert mode.is_on
