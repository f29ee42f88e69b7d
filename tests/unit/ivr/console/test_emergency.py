"""Emergency mode in the console: who may switch it, what is kept of it."""

from __future__ import annotations

import pytest

from tests.fakes.console import AUTHORITY, MemoryEmergency
from tests.results import result_of
from tests.unit.ivr.console.conftest import House


def mode(house: House) -> MemoryEmergency:
    assert isinstance(house.ports.emergency, MemoryEmergency)
    return house.ports.emergency


@pytest.mark.parametrize("name", ["lead", "admin"])
def test_who_leads_switches_it_and_is_written_down(house: House, name: str) -> None:
    browser = house.browser(name)
    for is_on, action in ((True, "emergency_on"), (False, "emergency_off")):
        answer = browser.send("PUT", "/api/emergency", {"is_on": is_on})
        assert (answer.status, answer.json()["is_on"]) == (200, is_on)
        assert mode(house).is_on is is_on
        (entry,) = result_of(house.ports.audit.recent(AUTHORITY, 5, action=action))
        assert entry.who == mode(house).switched_by == f"user-mateh-yehuda-{name}"


def test_everybody_sees_it_and_an_agent_does_not_switch_it(house: House) -> None:
    browser = house.browser("agent")
    assert browser.send("PUT", "/api/emergency", {"is_on": True}).status == 403
    assert browser.get("/api/emergency").json() == {"is_on": False, "since": None}


def test_the_machine_itself_switches_it(house: House) -> None:
    local = house.browser(address="127.0.0.1")
    token = {"X-Moked-Service": house.ports.service_token}
    assert local.send("PUT", "/api/emergency", {"is_on": True}, token).status == 200
    assert mode(house).switched_by == "service"
    far = house.browser(address="10.0.0.7")
    assert far.send("PUT", "/api/emergency", {"is_on": False}, token).status == 401
