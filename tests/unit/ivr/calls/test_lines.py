"""Lines: swapped as a whole, while calls keep the version they started with."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from twisted.internet.task import Clock

from ivr.calls.lines import Lines, Published
from ivr.clock import SystemClock
from ivr.dialplan.check import load_site
from ivr.ids import AuthorityId, LineName
from ivr.storage.database import Database
from ivr.storage.plans import Plans
from ivr.storage.records import NewVersion, PublishOrder
from tests.fakes.same_thread import SameThread
from tests.results import result_of

BILLING = LineName("billing")
PLAN = load_site(Path(__file__).parents[4] / "dialplans").plans[BILLING]
MOVED = replace(PLAN, numbers=("+97229900999",))


def lines_on(tmp_path: Path) -> tuple[Lines, Plans]:
    database = Database(f"sqlite:///{tmp_path}/db", Clock(), threads=SameThread)
    result_of(database.start())
    plans = Plans(database, SystemClock(), AuthorityId("town"))
    return Lines(plans), plans


def test_a_swap_changes_numbers_and_versions_together(tmp_path: Path) -> None:
    lines, _ = lines_on(tmp_path)
    lines.swap({BILLING: Published(1, PLAN)})
    assert lines.line_for("02-990-0200") == BILLING
    lines.swap({BILLING: Published(2, MOVED)})
    assert lines.line_for("02-990-0200") is None
    assert lines.line_for("+97229900999") == BILLING
    assert lines.live[BILLING] == Published(2, MOVED)


def test_calls_keep_the_plan_they_started_with(tmp_path: Path) -> None:
    lines, _ = lines_on(tmp_path)
    lines.swap({BILLING: Published(1, PLAN)})
    lines.swap({BILLING: Published(2, MOVED)})
    assert result_of(lines.pinned(BILLING, 1)) is PLAN


def test_a_version_of_before_the_start_is_read_from_the_database(tmp_path: Path) -> None:
    lines, plans = lines_on(tmp_path)
    result_of(plans.publish([NewVersion(line=BILLING, text=PLAN.text)], PublishOrder(by="dana")))
    assert result_of(lines.pinned(BILLING, 1)) == PLAN


def test_a_line_that_was_withdrawn_shows_no_number_of_its_own(tmp_path: Path) -> None:
    lines, _ = lines_on(tmp_path)
    lines.swap({BILLING: Published(1, PLAN)})
    lines.swap({})
    assert lines.own_number(BILLING) == ""
    assert lines.line_for("02-990-0200") is None
