"""A dialplan is changed while calls run: who started before keeps the old one, the next follows.

Files alone change nothing for callers, whatever they say; publishing does, and there is a way back.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.calls.house import House, fresh_caller, running_house, until
from tests.calls.sipp_runner import RunningSipp

pytestmark = [pytest.mark.calls, pytest.mark.timeout(300)]

NUMBER, NEW_NUMBER = "+97229900777", "+97229900778"
LINE = f"""\
line: asking
numbers: ['{NUMBER}']
language: he
start: ask
on_error: old_way
steps:
  ask:
    kind: menu
    prompt: goodbye
    digits: {{'1': old_way}}
    no_input: old_way
    no_match: old_way
    wait: 30
  old_way:
    kind: hangup
    prompt: goodbye
"""
WHY = "a test line: nobody is reached on purpose"
CHANGED = (
    LINE.replace(f"'{NUMBER}'", f"'{NUMBER}', '{NEW_NUMBER}'").replace("'1': old_way", "'1': look")
    + """\
  look:
    kind: hours
    hours: never
    open: old_way
    closed: new_way
  new_way:
    kind: hangup
    prompt: goodbye
"""
)


def add_line(site: Path) -> None:
    (site / "dialplans" / "asking.yaml").write_text(LINE)


@dataclass
class Day:
    """What happened, in order."""

    house: House
    early_ran_on: bool = False  # the early call, when another version was live
    ways: dict[str, str] = field(default_factory=dict)  # call -> the last step it took
    versions: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)  # command -> what it printed

    def dialplan(self, *words: str, name: str = "", code: int = 0) -> None:
        done = self.house.moked("dialplan", *words)
        assert done.returncode == code, done.stdout + done.stderr
        self.said[name or words[0]] = done.stdout + done.stderr

    def write(self, file: str, text: str) -> None:
        (self.house.home / "site" / "dialplans" / file).write_text(text)

    def ring(self, number: str = NUMBER, *, press_after: float = 1.0) -> tuple[str, RunningSipp]:
        caller = fresh_caller()
        running = self.house.farm.call(
            number, caller=caller, presses=[(press_after, "1")], talk=20.0
        )
        return caller, running

    def ended(self, name: str, call: tuple[str, RunningSipp]) -> None:
        caller, running = call
        result = running.wait()
        assert result.ok, result.errors
        found = self.house.call_of(caller)
        self.ways[name] = found["trace"][-1]["label"]
        self.versions[name] = found["call"]["plan_version"]


def restarts(house: House) -> int:
    status = json.loads((house.home / "run" / "status.json").read_text())
    return int(status["children"]["service"]["restarts"])


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    with running_house(tmp_path_factory.mktemp("publishing"), add_line) as house:
        made = Day(house)
        made.write("asking.yaml", CHANGED)
        site = (house.home / "site" / "dialplans" / "site.yaml").read_text()
        made.write("site.yaml", site.replace("\nhours:\n", "\nhours:\n  never: {}\n"))
        early = made.ring(press_after=13.0)
        until(lambda: house.calls_of(early[0]), 10, "the early call")
        made.dialplan("publish", name="refused", code=1)
        made.dialplan("publish", "--note", "another way", "--override", WHY)
        made.early_ran_on = not house.calls_of(early[0])[0]["call"]["outcome"]
        late = made.ring(NEW_NUMBER)
        made.ended("during publish", early)
        made.ended("after publish", late)
        made.dialplan("rollback", "asking", "1", "--override", WHY)
        made.write("asking.yaml", CHANGED)
        made.write("site.yaml", "authority: [half edited")
        house.kill("service")
        until(lambda: restarts(house), 10, "another service")
        house.wait_ready()
        made.ended("after restart", made.ring())
        made.dialplan("status")
        made.dialplan("versions", "asking")
        yield made


def test_a_failing_proof_is_refused_and_the_lost_caller_told(day: Day) -> None:
    assert "asking: the proof fails" in day.said["refused"]
    assert "asking.yaml:" in day.said["refused"]


def test_a_call_that_began_before_the_publish_keeps_its_version(day: Day) -> None:
    assert day.early_ran_on
    assert (day.ways["during publish"], day.versions["during publish"]) == ("old_way", 1)


def test_the_next_call_follows_the_new_one_by_its_new_number_and_new_hours(day: Day) -> None:
    said = day.said["publish"].splitlines()  # with no remark: all is done
    assert said == ["published: asking, version 2", "published: site.yaml, version 2"]
    assert (day.ways["after publish"], day.versions["after publish"]) == ("new_way", 2)


def test_rolled_back_and_restarted_it_serves_what_is_published_not_the_files(day: Day) -> None:
    assert (day.ways["after restart"], day.versions["after restart"]) == ("old_way", 3)


def test_files_changed_on_disk_show_as_drafts(day: Day) -> None:
    assert "asking: version 3, draft differs\n" in day.said["status"]
    assert "billing: version 1, draft same\n" in day.said["status"]
    assert "site.yaml: version 2, draft differs, " in day.said["status"]


def test_versions_tell_who_published_what_and_from_which(day: Day) -> None:
    third, second, first = (line.split(maxsplit=3) for line in day.said["versions"].splitlines())
    assert (first[0], second[0], third[0]) == ("1", "2", "3")
    assert f"another way  override: {WHY}" in second[3]
    assert "(from 1)  back to version 1" in third[3]


def test_every_publish_is_in_the_audit_table(day: Day) -> None:
    rows: list[dict[str, Any]] = day.house.ask("/api/audit?action=dialplan_published")
    mine = [(row["details"]["version"], row["who"][:7]) for row in rows
            if row["subject"] == "asking"]  # fmt: skip
    assert mine == [(3, "service"), (2, "service"), (1, "machine")]
