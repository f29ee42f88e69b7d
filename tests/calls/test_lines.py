"""The default lines, called for real: every row of the site's table, every key, every silence.

Nobody is signed in here: each call shows where a caller ends whom no agent can take. The calls run
side by side; each test then looks at its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.calls.house import House, fresh_caller, running_house
from tests.calls.sipp_runner import RunningSipp, SippResult

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]

OPEN, CLOSED = "202611241030", "202611242130"  # a Tuesday: billing is open 08:00-19:00
BILLING, COUNCIL, WHATSAPP = "+97229900200", "+97229900106", "+972527250801"


@dataclass(frozen=True)
class Case:
    """One call: what is pressed when (seconds), and how it must end."""

    name: str
    number: str
    outcome: str
    presses: tuple[tuple[float, str], ...] = ()
    talk: float = 30.0  # seconds until the caller hangs up by themselves
    steps: tuple[str, ...] = ()  # labels that must be in the trace, in this order


CASES = (
    Case(
        "1 automated payment",
        BILLING,
        "talked",
        ((3.0, "1"),),
        45,
        ("pay", "take_payment", "external_centre"),
    ),
    Case(
        "2 person for payment",
        BILLING,
        "talked",
        ((3.0, "2"),),
        45,
        ("pay_person", "external_centre"),
    ),
    Case("3 inquiries", BILLING, "talked", ((3.0, "3"),), 45, ("ask_person", "external_centre")),
    Case(
        "9 again then 3",
        BILLING,
        "talked",
        ((13.0, "9"), (4.0, "3")),
        45,
        ("ask_person", "external_centre"),
    ),
    Case(
        "wrong key then 3",
        BILLING,
        "talked",
        ((13.0, "7"), (3.0, "3")),
        45,
        ("ask_person", "external_centre"),
    ),
    Case(
        "4 department, nobody there",
        BILLING,
        "talked",
        ((3.0, "4"),),
        60,
        ("department", "centre.on_call"),
    ),
    Case(
        "0 a person, nobody there",
        BILLING,
        "talked",
        ((3.0, "0"),),
        60,
        ("person", "centre.on_call"),
    ),
    Case(
        "three wrong keys",
        BILLING,
        "talked",
        ((13.0, "7"), (6.0, "8"), (6.0, "#")),
        60,
        ("person", "centre.on_call"),
    ),
    Case("nothing pressed", BILLING, "talked", (), 90, ("department", "centre.on_call")),
    Case("council at night", COUNCIL, "talked", (), 60, ("centre.centre_queue", "centre.on_call")),
    Case(
        "national form of the number",
        "029900200",
        "talked",
        ((3.0, "3"),),
        45,
        ("external_centre",),
    ),
    Case("number without plus", "97229900200", "talked", ((3.0, "3"),), 45, ("external_centre",)),
    Case("number with 00", "0097229900200", "talked", ((3.0, "3"),), 45, ("external_centre",)),
    Case("short code 106", "106", "talked", (), 60, ("centre.on_call",)),
    Case("hang-up in the notice", BILLING, "abandoned", (), 2.0),
    Case("hang-up in the menu", BILLING, "abandoned", (), 16.0, ("welcome",)),
)


@dataclass
class Evening:
    """All calls of this module, made at once."""

    house: House
    callers: dict[str, str] = field(default_factory=dict)
    results: dict[str, SippResult] = field(default_factory=dict)

    def trace(self, case: Case) -> Mapping[str, Any]:
        return self.house.call_of(self.callers[case.name])


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    with running_house(tmp_path_factory.mktemp("lines")) as house:
        made = Evening(house)
        running: dict[str, RunningSipp] = {}
        for case in CASES:
            caller = made.callers[case.name] = fresh_caller()
            running[case.name] = house.farm.call(
                case.number,
                caller=caller,
                presses=case.presses,
                talk=case.talk,
                # SIPp's echo and its keys share one stream under two sources: keys would double.
                echo=0.0 if case.presses else 1.0,
            )
        made.results = {name: one.wait() for name, one in running.items()}
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_caller_ends_where_the_plan_says(evening: Evening, case: Case) -> None:
    result = evening.results[case.name]
    assert result.ok, result.errors
    found = evening.trace(case)
    labels = [row["label"] for row in found["trace"]]
    assert found["call"]["outcome"] == case.outcome, labels
    places = [labels.index(step) for step in case.steps]
    assert places == sorted(places), labels


def test_talks_with_the_external_centre_are_not_recorded(evening: Evening) -> None:
    assert evening.trace(CASES[2])["recordings"] == []


def test_abandoned_calls_become_work_for_somebody(evening: Evening) -> None:
    abandoned = {evening.callers[case.name] for case in CASES if case.outcome == "abandoned"}
    items = evening.house.agent("agent-301").get("/api/work")
    assert abandoned <= {item["caller_number"] for item in items}


def test_outgoing_calls_show_the_lines_own_number(evening: Evening) -> None:
    calls = evening.house.demo("calls")["calls"]
    shown = {call["caller_number"] for call in calls if call["party"] == "external-centre"}
    assert shown == {BILLING}


@pytest.mark.parametrize("number", [WHATSAPP, "0527250801", "972527250801"])
def test_the_whatsapp_number_refuses_voice(evening: Evening, number: str) -> None:
    result = evening.house.farm.expect(number, 403, caller=fresh_caller()).wait()
    assert result.ok, result.errors
    assert 200 not in result.statuses
