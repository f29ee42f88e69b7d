"""The language on real calls: languages, look-ups, transfers, emergency, and what is not set up."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.calls.house import House, fresh_caller, running_house, until
from tests.calls.quarters import heard, labels
from tests.calls.sipp_runner import RunningSipp

pytestmark = [pytest.mark.calls, pytest.mark.timeout(300)]

CHOOSE = """\
  choose: {kind: language, digits: {'1': he, '2': en}, wait: 2, next: on, no_input: on}
"""
BYE = """\
  bye: {kind: hangup, prompt: goodbye, allowed: only a test}
"""
GREET = """\
  on: {kind: play, prompt: welcome_council, next: bye}
"""
LINES = {
    "speaks": ("choose", "[he, en]", CHOOSE + GREET + BYE),
    "hands": ("choose", "[he, en]", CHOOSE + "  on: {kind: transfer, line: greets}\n"),
    "greets": ("on", "[he, en]", GREET + BYE),
    "stays": (
        "choose",
        "[he, en]",
        CHOOSE
        + "  on: {kind: menu, prompt: billing_menu, digits: {'1': over}, slow_key: '8', "
        + "no_input: over, no_match: over}\n"
        + "  over: {kind: transfer, line: ends}\n",
    ),
    "ends": ("bye", "[he, en]", BYE),
    "asks": (
        "opinion",
        "[he]",
        "  opinion: {kind: survey, survey: s, done: bye, no_input: bye, not_set_up: person}\n"
        "  person: {kind: dial, number: external_payment_centre, record: false, "
        "busy: bye, no_answer: bye, rejected: bye, unreachable: bye}\n" + BYE,
    ),
    "knows": (
        "who",
        "[he]",
        "  who: {kind: lookup, source: residents, keep: {name: resident}, "
        "found: note, unknown: bye, failed: bye}\n"
        "  note: {kind: ticket, department: centre, subject: '{resident} / {site_centre_name}', "
        "text: 'מאת {caller}', opened: bye}\n" + BYE,
    ),
    "alarmed": ("first", "[he]", "  first: {kind: emergency, on: bye, off: on}\n" + GREET + BYE),
}
NUMBERS = {name: f"+9722990770{n}" for n, name in enumerate(LINES)}
KNOWN = ("+972521110002", "רחל בן דוד")  # a resident of the demonstration


def _write(site: Path) -> None:
    for name, (start, languages, steps) in LINES.items():
        on_error = "bye" if "bye:" in steps else start
        head = f"line: {name}\nnumbers: ['{NUMBERS[name]}']\nlanguage: he\n"
        head += f"languages: {languages}\nstart: {start}\non_error: {on_error}\nsteps:\n"
        (site / "dialplans" / f"{name}.yaml").write_text(head + steps)


@dataclass
class Day:
    """All calls of this module: first the usual day, then an emergency and a restart."""

    house: House
    callers: dict[str, str] = field(default_factory=dict)
    said: dict[str, subprocess.CompletedProcess[str]] = field(default_factory=dict)

    def call(
        self, name: str, line: str, *presses: tuple[float, str], talk: float = 30, caller: str = ""
    ) -> RunningSipp:
        self.callers[name] = caller or fresh_caller()
        return self.house.farm.call(
            NUMBERS[line], caller=self.callers[name], presses=presses, talk=talk
        )

    def of(self, name: str) -> dict[str, Any]:
        return self.house.call_of(self.callers[name])

    def usual(self) -> None:
        running = [
            self.call("handed over", "hands", (3.0, "2")),
            self.call("not chosen", "hands"),
            self.call("not set up", "asks", talk=12),
            self.call("known", "knows", caller=KNOWN[0]),
            self.call("stranger", "knows"),
            self.call("usual", "alarmed"),
        ]
        self.said["english"] = self.house.moked("call", "speaks", "--press", "2", "--for", "20")
        for one in running:
            assert one.wait().ok

    def emergency_and_restart(self) -> None:
        self.said["on"] = self.house.moked("emergency", "on")
        stays = self.call("restarted", "stays", (3.0, "2"), (2.0, "8"), (5.0, "1"))
        assert self.call("emergency", "alarmed").wait().ok
        until(self._has_chosen, 20, "the second step")
        self.house.kill("service")
        self.house.wait_ready()
        self.said["status"] = self.house.moked("emergency", "status")
        assert stays.wait().ok

    def _has_chosen(self) -> bool:
        rows = self.house.calls_of(self.callers["restarted"])
        if not rows:
            return False
        found = self.house.ask(f"/api/calls/{rows[0]['call']['call_id']}")
        return labels(found) == ["choose"]


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with running_house(tmp_path_factory.mktemp("language"), _write) as house:
        made = Day(house)
        made.usual()
        made.emergency_and_restart()
        yield made


def test_the_chosen_language_is_heard(day: Day) -> None:
    """``moked call`` compares what it heard with the trace, sound by sound."""
    report = day.said["english"]
    assert report.returncode == 0, report.stdout + report.stderr
    for prompt in ("he/choose_language", "en/welcome_council", "en/goodbye"):
        assert any("prompt" in row and prompt in row for row in report.stdout.splitlines()), prompt


def test_a_line_that_takes_over_speaks_the_chosen_language(day: Day) -> None:
    call = day.of("handed over")
    assert labels(call) == ["choose", "on", "on.on", "on.bye"]
    assert heard(call)[-2:] == ["en/welcome_council", "en/goodbye"]


def test_without_a_choice_it_speaks_its_own(day: Day) -> None:
    assert heard(day.of("not chosen"))[-2:] == ["welcome_council", "goodbye"]


def test_what_is_not_set_up_is_told_and_a_person_is_next(day: Day) -> None:
    call = day.of("not set up")
    assert heard(call) == ["service_not_yet"]
    assert labels(call) == ["opinion", "person"]
    assert call["call"]["outcome"] == "talked"


def test_a_known_caller_is_named_in_the_ticket(day: Day) -> None:
    assert labels(day.of("known")) == ["who", "note", "bye"]
    number = KNOWN[0].replace("+", "%2B")
    (ticket,) = day.house.ask(f"/api/tickets?number={number}")
    assert ticket["subject"] == f"{KNOWN[1]} / מוקד 106"
    assert labels(day.of("stranger")) == ["who", "bye"]


def test_an_emergency_is_heard_by_the_next_caller_and_outlives_a_restart(day: Day) -> None:
    assert day.said["on"].stdout.startswith("emergency mode is on since")
    assert labels(day.of("usual")) == ["first", "on", "bye"]
    assert labels(day.of("emergency")) == ["first", "bye"]
    assert day.said["status"].stdout == day.said["on"].stdout


def test_a_restart_of_the_service_does_not_change_the_language(day: Day) -> None:
    call = day.of("restarted")
    assert labels(call) == ["choose", "on", "over", "over.bye"]
    assert set(heard(call)[2:]) == {"en/billing_menu", "en/goodbye"}
