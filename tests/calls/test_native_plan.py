"""The service is gone: the line's own menus are served by Asterisk, and after it we are back."""

from __future__ import annotations

import csv
import os
import re
import signal
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.calls.house import House, fresh_caller, running_house, until
from tests.calls.sipp_runner import RunningSipp

pytestmark = [pytest.mark.calls, pytest.mark.timeout(300)]

BILLING, COUNCIL = "+97229900200", "+97229900106"
ON_CALL = "+972509990400"
CENTRE = "PJSIP/+97239990300@trunk-demo"  # the external one
ALWAYS = "\n".join(
    f"    {day}: ['00:00-24:00']"
    for day in ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")
)
LEASE, TURN = 15, 3.0  # seconds


def _prepare(site: Path) -> None:
    """Open billing day and night; leave out what every caller hears first, to save its time."""
    for name in ("billing", "council"):
        plan = site / "dialplans" / f"{name}.yaml"
        told = re.sub(r"  notice:\n(    .*\n)+", "", plan.read_text())
        plan.write_text(told.replace("start: notice", "start: greeting"))
    file = site / "dialplans" / "site.yaml"
    text = re.sub(
        r"(  billing_department:\n)(    \w+: \['.*\n)+", rf"\g<1>{ALWAYS}\n", file.read_text()
    )
    file.write_text(text)


@dataclass
class Away:
    """An hour without the service: everybody who called, and where Asterisk took them."""

    house: House
    callers: dict[str, str] = field(default_factory=dict)

    def seconds_of(self, *prompts: str) -> float:
        folder = self.house.home / "prompts" / "he"
        return sum(next(folder.glob(f"{name}.alaw")).stat().st_size / 8000 for name in prompts)

    def call(
        self, name: str, number: str, *presses: tuple[float, str], talk: float = 50.0
    ) -> RunningSipp:
        self.callers[name] = fresh_caller()
        return self.house.farm.call(number, caller=self.callers[name], presses=presses, talk=talk)

    def record(self, name: str) -> list[str]:
        """Return Asterisk's record of a call that the fail-safe had, once it is over."""
        wanted = f":{self.callers[name]}"

        def found() -> list[str] | None:
            path = next((self.house.home / "log").rglob("Master.csv"))
            rows = [row for row in csv.reader(path.read_text().splitlines()) if len(row) == 21]
            mine = [row for row in rows if row[17].endswith(wanted)]
            return mine[-1] if mine else None

        return until(found, 20, f"the record of {name}")

    def reached(self, name: str) -> tuple[str, str, str]:
        """Return the last application, whom it was about, and how that ended."""
        row = self.record(name)
        return row[7], row[8].partition(",")[0], row[14]


def _stop_service(house: House) -> int:
    """Kill the service with its supervisor stopped, so that nobody starts it again."""
    supervisor = int((house.home / "run" / "supervisor.pid").read_text().split()[0])
    os.kill(supervisor, signal.SIGSTOP)
    house.kill("service")
    return supervisor


@pytest.fixture(scope="module")
def away(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Away]:
    with running_house(tmp_path_factory.mktemp("native"), _prepare) as house:
        made = Away(house)
        greeting = made.seconds_of("welcome_billing")
        again = LEASE + made.seconds_of("sorry_technical") + greeting
        lost = made.call("lost", BILLING, (again, "2"))
        until(lambda: made.house.calls_of(made.callers["lost"]), 10, "the first call")
        supervisor = _stop_service(house)
        try:
            _everybody(made, greeting)
            assert lost.wait().ok
        finally:
            os.kill(supervisor, signal.SIGCONT)
        house.wait_ready(30)
        yield made


def _everybody(made: Away, greeting: float) -> None:
    house = made.house
    department = house.phone("agent-201").answer(talk=TURN, calls=3)
    running = [
        *(made.call(f"pressed {key}", BILLING, (greeting, key)) for key in "12340"),
        made.call("silent", BILLING),
        made.call("again", BILLING, (greeting, "9"), (1.0, "2")),
    ]
    assert made.call("on call", COUNCIL).wait().ok
    house.behave(ON_CALL, "busy")
    running.append(made.call("message", COUNCIL, talk=26.0))
    assert department.wait().ok
    for one in running:
        assert one.wait().ok


@pytest.mark.parametrize("name", ["pressed 1", "pressed 2", "pressed 3", "again", "lost"])
def test_the_external_centre_is_dialled(away: Away, name: str) -> None:
    assert away.reached(name) == ("Dial", CENTRE, "ANSWERED")


@pytest.mark.parametrize("name", ["pressed 4", "pressed 0", "silent"])
def test_the_department_rings(away: Away, name: str) -> None:
    assert away.reached(name) == ("Queue", "failsafe-billing", "ANSWERED")
    assert "agent-201" in away.record(name)[6]


def test_who_is_on_call_presses_1_and_gets_the_call(away: Away) -> None:
    assert away.reached("on call") == ("Dial", "PJSIP/+972509990400@trunk-demo", "ANSWERED")


def test_who_reaches_nobody_leaves_a_message(away: Away) -> None:
    assert away.reached("message")[:2] == ("VoiceMail", "council@moked")


def test_service_back_takes_new_calls(away: Away) -> None:
    assert away.call("after", BILLING, talk=2.0).wait().ok
    call = away.house.call_of(away.callers["after"])
    assert call["call"]["line"] == "billing"
