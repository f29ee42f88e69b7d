"""Callers on paper and the same callers for real: they go through the same steps.

A line of short prompts is simulated and then called through Asterisk, all callers side by side; the
real calls are then replayed on the version that they ran on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ivr.dialplan.check import LoadedSite, load_site
from ivr.dialplan.scenario import Press, Scenario, read_world
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulation import Simulation
from ivr.ids import LineName
from tests.calls.house import House, fresh_caller, running_house

pytestmark = [pytest.mark.calls, pytest.mark.timeout(600)]

NUMBER, LINE = "+97229900777", LineName("rehearsed")
OPEN, CLOSED = "202611241030", "202611242130"  # a Tuesday: billing is open 08:00-19:00
PLAN = f"""\
line: rehearsed
numbers: ['{NUMBER}']
language: he
start: choose
on_error: bye
steps:
  choose:
    kind: menu
    prompt: digit_1
    digits: {{'1': person, '2': department, '3': account}}
    repeat_key: '9'
    wait: 4
    tries: 2
    no_input: open_ticket
    no_match: person
  department: {{kind: hours, hours: billing_department, open: waiting, closed: person}}
  waiting:
    {{kind: queue, queue: billing, wait: 5, no_answer: person, empty: open_ticket, full: person}}
  account:
    kind: collect_digits
    prompt: digit_2
    variable: account
    shortest: 2
    longest: 3
    wait: 5
    between: 3
    tries: 1
    next: known
    no_input: person
    no_match: person
  known:
    kind: branch
    when: [{{if: "vars.account.startsWith('77')", then: open_ticket}}]
    else: person
  person:
    kind: dial
    number: external_payment_centre
    ring_for: 20
    busy: bye
    no_answer: bye
    rejected: bye
    unreachable: bye
  open_ticket: {{kind: ticket, department: centre, subject: s, text: t, opened: bye}}
  bye: {{kind: hangup, prompt: digit_3}}
"""


@dataclass(frozen=True)
class Case:
    """One caller: real keys, each after a wait in seconds, and what they are as answers."""

    name: str
    keys: tuple[tuple[float, str], ...] = ()
    answers: tuple[str, ...] = ()
    at: str = OPEN
    hangs_up_after: float | None = None

    def scenario(self) -> Scenario:
        return Scenario(
            at=datetime.strptime(self.at, "%Y%m%d%H%M").replace(tzinfo=ZoneInfo("Asia/Jerusalem")),
            presses=tuple(map(Press, self.answers)),
            answers=read_world({"queue.billing": "nobody"}),
            hangs_up_after=self.hangs_up_after,
        )


CASES = (
    Case("a person at once", ((1.0, "1"),), ("1",)),
    Case("nothing pressed"),
    Case("again, then the open department", ((1.0, "9"), (1.0, "2")), ("9", "2")),
    Case("the closed department", ((1.0, "2"),), ("2",), CLOSED),
    Case("two wrong keys", ((1.0, "7"), (2.5, "8")), ("7", "8")),
    Case("a known account", ((1.0, "3"), (2.0, "774")), ("3", "774")),
    Case("an account of two digits, unknown", ((1.0, "3"), (2.0, "12")), ("3", "12")),
    Case("typed ahead", ((1.0, "312#"),), ("312#",)),
    Case("no account", ((1.0, "3"),), ("3",)),
    Case("hang-up in the menu", hangs_up_after=2.0),
)


@dataclass
class Rehearsal:
    """All callers of this module, on paper and for real."""

    house: House
    loaded: LoadedSite
    callers: dict[str, str] = field(default_factory=dict)

    def real(self, case: Case) -> Mapping[str, Any]:
        return self.house.call_of(self.callers[case.name])

    def on_paper(self, case: Case) -> Simulation:
        plan = self.loaded.plans[LINE]
        return simulate(plan, self.loaded.site, case.scenario(), lambda _language, _name: 0.6)


def add_line(site: Path) -> None:
    (site / "dialplans" / f"{LINE}.yaml").write_text(PLAN)


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    with running_house(tmp_path_factory.mktemp("rehearsal"), add_line) as house:
        made = Rehearsal(house, load_site(house.home / "site" / "dialplans"))
        running = []
        for case in CASES:
            caller = made.callers[case.name] = fresh_caller()
            talk = case.hangs_up_after or 14.0
            call = house.farm.call(
                NUMBER, caller=caller, presses=case.keys, talk=talk, at=case.at, echo=0.0
            )
            running.append(call)
        for one in running:
            result = one.wait()
            assert result.ok, result.errors
        yield made


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_real_call_takes_the_steps_that_were_simulated(rehearsal: Rehearsal, case: Case) -> None:
    real, paper = rehearsal.real(case), rehearsal.on_paper(case)
    assert [row["label"] for row in real["trace"]] == list(paper.labels)
    told = {"person": "talked", "ticket": "ticket", "lost": "abandoned"}
    assert real["call"]["outcome"] == told[paper.end.reached]


def test_replaying_these_calls_changes_none(rehearsal: Rehearsal) -> None:
    for case in CASES:
        rehearsal.real(case)
    told = rehearsal.house.moked("dialplan", "replay", "--days", "1")
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout == f"of {len(CASES)} calls none would have ended elsewhere\n"


def test_a_changed_file_is_told_by_what_it_changes_for_callers(rehearsal: Rehearsal) -> None:
    file = rehearsal.house.home / "site" / "dialplans" / f"{LINE}.yaml"
    file.write_text(PLAN.replace("'1': person", "'1': open_ticket"))
    try:
        diff = rehearsal.house.moked("dialplan", "diff").stdout
        replayed = rehearsal.house.moked("dialplan", "replay").stdout
    finally:
        file.write_text(PLAN)
    assert "billing: as it is published\n" in diff
    assert "presses 1, " in diff
    assert "was external_payment_centre, now ticket (centre)" in diff
    assert f"of {len(CASES)} calls 1 would have ended elsewhere:" in replayed
    assert "was external_payment_centre, now ticket (centre)" in replayed
