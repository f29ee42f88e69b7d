"""What a change means for callers: those who end elsewhere are found, and only those."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.dialplan.callers import telling_moments
from ivr.dialplan.difference import Difference, difference
from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulation import End
from ivr.dialplan.story import difference_in_words
from ivr.ids import LineName
from tests.unit.ivr.dialplan.simulating import (
    BILLING,
    LOADED,
    OPEN,
    SITE,
    length,
    plan_of,
    some_callers,
)

COUNCIL = LOADED.plans[LineName("council")]
LINES = [LineName("billing"), LineName("council")]


def changed(old: str, new: str, live: Dialplan = BILLING) -> Dialplan:
    assert old in live.text
    return plan_of_text(live.text.replace(old, new))


def found(draft: Dialplan, live: Dialplan = BILLING) -> Difference:
    return difference(live, draft, SITE, length, after=OPEN)


@pytest.mark.parametrize("line", LINES)
def test_callers_take_every_exit_of_every_step(line: LineName) -> None:
    plan = LOADED.plans[line]
    taken = set()
    for scenario in some_callers(plan):
        taken |= {(one.label, one.went_to) for one in simulate(plan, SITE, scenario, length).steps}
    for label, step in plan.steps.items():
        if step.kind != "subroutine":
            for name, target in step.exits().items():
                assert (label, plan.target(label, target)) in taken, f"{label}: {name}"


def test_the_same_plan_has_no_difference() -> None:
    same = found(COUNCIL, COUNCIL)
    assert (same.changed, same.whole) == ((), True)
    assert same.paths == len(some_callers(COUNCIL))


def test_a_changed_key_is_found_with_the_caller_who_presses_it() -> None:
    one = found(changed("'3': ask_person", "'3': department"))
    ends = {way.ends for way in one.changed}
    outside, inside = (End(Reached.PERSON, whom) for whom in ("external_payment_centre", "billing"))
    assert (outside, inside) in ends
    assert all("3" in {press.keys for press in way.scenario.presses} for way in one.changed)


def test_a_changed_text_changes_nobody() -> None:
    assert found(changed("prompt: department_closed", "prompt: sorry_technical")).changed == ()


def test_an_exit_deep_in_a_sub_dialplan_is_found() -> None:
    ways = found(changed("rejected: open_ticket", "rejected: good_bye", COUNCIL), COUNCIL).changed
    assert End() in {way.ends[1] for way in ways}
    assert all(way.ends[0].reached is Reached.MESSAGE for way in ways)


def test_a_key_that_only_the_draft_has_is_pressed() -> None:
    ways = found(changed("'4': department", "'4': department, '5': external_centre")).changed
    assert {way.scenario.presses[-1].keys for way in ways} >= {"5"}


def test_only_callers_at_the_changed_hour_end_elsewhere() -> None:
    draft = changed(
        "open: department_staffed\\n    closed: tell_closed",
        "open: department_staffed\\n    closed: tell_department",
    )
    hours = SITE.hours["billing_department"]
    assert all(not hours.is_open(way.scenario.at) for way in found(draft).changed)


def test_a_difference_in_words() -> None:
    draft = changed("rejected: open_ticket", "rejected: good_bye", COUNCIL)
    told = list(difference_in_words(found(draft, COUNCIL)))
    assert told[0].startswith("of ")
    assert told[0].endswith(" end elsewhere:")
    assert any("number on_call rejected: was message (centre), now lost" in line for line in told)


def test_moments_show_every_state_of_the_hours() -> None:
    moments = telling_moments([BILLING], SITE, OPEN)
    hours = SITE.hours["billing_department"]
    assert sorted(hours.is_open(moment) for moment in moments) == [False, True]
    assert all(OPEN < moment < OPEN + timedelta(days=7) for moment in moments)
    assert telling_moments([plan_of("  first: {kind: hangup}\n")], SITE, OPEN) == [OPEN]


def test_a_plan_without_counters_that_goes_round_for_ever_comes_to_an_end() -> None:
    plan = plan_of("  first: {kind: play, prompt: hello, next: first}\n")
    assert found(plan, plan).changed == ()
