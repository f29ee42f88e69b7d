"""Replay: the version that calls ran on changes none of them; another one tells whom it changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.outcomes import DayKind, DialOutcome, MessageOutcome, QueueOutcome, Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.recorded_call import RecordedCall
from ivr.dialplan.replay import Replay, replay
from ivr.dialplan.scenario import Answer, Press, Scenario, Service, TicketOutcome
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulation import End
from ivr.dialplan.story import replay_in_words
from ivr.ids import Label, LineName
from tests.unit.ivr.dialplan.recording import recorded
from tests.unit.ivr.dialplan.simulating import (
    BILLING,
    CLOSED,
    LOADED,
    OPEN,
    SITE,
    answers,
    length,
    plan_of,
    some_callers,
)

LINE = LineName("billing")
ANYTHING = st.sampled_from(["fails", "hangs_up"])


def outcome(kinds: type[StrEnum]) -> st.SearchStrategy[tuple[Answer, ...]]:
    one = st.builds(
        Answer,
        st.sampled_from(list(kinds)).map(str) | ANYTHING,
        st.none() | st.floats(0, 60).map(lambda seconds: round(seconds, 1)),
    )
    return st.lists(one, min_size=1, max_size=3).map(tuple)


WORLDS = st.fixed_dictionaries(
    {},
    optional={
        (Service.QUEUE, "billing"): outcome(QueueOutcome),
        (Service.QUEUE, "centre"): outcome(QueueOutcome),
        (Service.NUMBER, "external_payment_centre"): outcome(DialOutcome),
        (Service.NUMBER, "on_call"): outcome(DialOutcome),
        (Service.BOX, "centre"): outcome(MessageOutcome),
        (Service.TICKET, "centre"): outcome(TicketOutcome),
    },
)
PRESSES = st.lists(
    st.builds(
        Press,
        st.sampled_from(["", "1", "2", "3", "4", "0", "9", "5", "#", "12"]),
        st.none() | st.sampled_from([0.5, 2.0, 7.5, 20.0]),
    )
    | st.just(Press(hangs_up=True)),
    max_size=4,
).map(tuple)
SCENARIOS = st.builds(
    Scenario,
    at=st.integers(0, 7 * 24 * 60).map(lambda minutes: OPEN + timedelta(minutes=minutes)),
    presses=PRESSES,
    answers=WORLDS,
    staffed=st.dictionaries(st.sampled_from(["billing", "centre"]), st.booleans()),
    hangs_up_after=st.none() | st.floats(0.5, 150),
)


def call_of(scenario: Scenario, plan: Dialplan = BILLING, name: str = "call-1") -> RecordedCall:
    return recorded(simulate(plan, SITE, scenario, length), scenario, plan.line, name)


def replayed(draft: Dialplan, *calls: RecordedCall, ran_on: Dialplan | None = BILLING) -> Replay:
    return replay(calls, {draft.line: draft}, lambda _call: ran_on, SITE, length)


@settings(max_examples=250, deadline=None)
@given(st.lists(SCENARIOS, min_size=1, max_size=3))
def test_replaying_the_version_they_ran_on_changes_no_call(scenarios: list[Scenario]) -> None:
    calls = [call_of(scenario, name=str(place)) for place, scenario in enumerate(scenarios)]
    again = replayed(BILLING, *calls)
    assert [(one.call, one.before, one.after.end) for one in again.changed] == []
    assert again.calls == len([call for call in calls if call.outcome != "failsafe"])


@settings(max_examples=100, deadline=None)
@given(SCENARIOS)
def test_not_even_with_prompts_of_another_length(scenario: Scenario) -> None:
    call = call_of(scenario)
    again = replay([call], {LINE: BILLING}, lambda _call: BILLING, SITE, lambda _l, _p: 11.0)
    assert again.changed == ()


@pytest.mark.parametrize("line", ["billing", "council"])
def test_no_kind_of_caller_is_changed_by_the_version_they_ran_on(line: str) -> None:
    plan = LOADED.plans[LineName(line)]
    calls = [call_of(scenario, plan, str(n)) for n, scenario in enumerate(some_callers(plan))]
    again = replayed(plan, *calls, ran_on=plan)
    assert [(one.call, one.before, one.after.end) for one in again.changed] == []
    assert again.calls > 50


def test_the_kind_of_day_is_what_it_was() -> None:
    plan = plan_of(
        "  first: {kind: calendar, workday: bye, holiday: person}\n"
        "  person: {kind: dial, number: on_call, busy: bye, no_answer: bye, rejected: bye,"
        " unreachable: bye}\n"
    )
    call = call_of(Scenario(at=OPEN, day=DayKind.HOLIDAY), plan)
    assert call.outcome == "talked"
    assert replayed(plan, call, ran_on=plan).changed == ()
    days = {scenario.day for scenario in some_callers(plan)}
    assert days == set(DayKind)


def talked_outside() -> RecordedCall:
    return call_of(Scenario(at=OPEN, presses=(Press("3"),)))


def test_a_key_that_leads_elsewhere_changes_who_pressed_it() -> None:
    draft = plan_of_text(BILLING.text.replace("'3': ask_person", "'3': department"))
    other = call_of(Scenario(at=OPEN, presses=(Press("2"),)), name="call-2")
    again = replayed(draft, talked_outside(), other)
    assert [one.call.call_id for one in again.changed] == ["call-1"]
    assert again.changed[0].before == End(Reached.PERSON, "external_payment_centre")
    assert "department" in again.changed[0].after.labels


def test_a_queue_this_caller_did_not_come_to_answers_as_it_did_for_the_nearest_call() -> None:
    draft = plan_of_text(BILLING.text.replace("'3': ask_person", "'3': department"))
    near = call_of(
        Scenario(
            at=OPEN + timedelta(minutes=3),
            presses=(Press("4"),),
            answers=answers(queue_billing="talked"),
        ),
        name="near",
    )
    far = call_of(Scenario(at=OPEN + timedelta(hours=3), presses=(Press("4"),)), name="far")
    ends = [one.after.end for one in replayed(draft, talked_outside(), near, far).changed]
    assert ends == [End(Reached.PERSON, "billing")]


def test_who_gave_up_gives_up_elsewhere_when_they_stayed_as_long() -> None:
    scenario = Scenario(at=OPEN, presses=(Press("3"),), hangs_up_after=14.0)
    draft = plan_of_text(BILLING.text.replace("next: tell_external", "next: tell_department"))
    again = replayed(draft, call_of(scenario))
    assert again.changed == (), "lost before, lost now"


def test_a_menu_before_the_menu_is_answered_by_the_first_keys() -> None:
    menu = "{kind: menu, prompt: hello, digits: {'3': bye}, no_input: welcome, no_match: welcome}"
    text = BILLING.text.replace("next: welcome\\n", "next: before\\n").replace(
        "steps:\\n  notice:", f"steps:\\n  bye: {{kind: hangup}}\\n  before: {menu}\\n  notice:"
    )
    again = replayed(plan_of_text(text), talked_outside())
    assert [one.after.labels[-1] for one in again.changed] == ["bye"]


def test_recorded_hours_hold_even_if_the_schedule_is_another_one_now() -> None:
    pretended = call_of(Scenario(at=CLOSED, presses=(Press("4"),)))
    moved = [replace(step, at=step.at - timedelta(hours=10)) for step in pretended.steps]
    assert replayed(BILLING, replace(pretended, steps=tuple(moved))).changed == ()


@pytest.mark.parametrize(
    "change",
    [
        {"outcome": "failsafe"},
        {"outcome": "failed"},
        {"steps": ()},
        {"steps": (*talked_outside().steps[:-1], replace(talked_outside().steps[-1], went_to=""))},
        {"steps": (replace(talked_outside().steps[0], label=Label("gone")),)},
        {"steps": (replace(talked_outside().steps[0], error="KeyError"),)},
    ],
)
def test_calls_that_ended_by_a_fault_of_ours_are_set_aside(change: dict[str, Any]) -> None:
    again = replayed(BILLING, replace(talked_outside(), **change))
    assert (again.calls, again.set_aside) == (0, 1)


def test_calls_of_unknown_versions_and_lines_are_set_aside() -> None:
    assert replayed(BILLING, talked_outside(), ran_on=None).set_aside == 1
    assert replayed(LOADED.plans[LineName("council")], talked_outside()).set_aside == 1


@pytest.mark.parametrize("keys", ["12345", "1"])
def test_secret_digits_are_replaced_by_such_as_go_the_same_way(keys: str) -> None:
    plan = plan_of(
        "  first: {kind: collect_digits, prompt: hello, variable: secret_card, secret: true,"
        " shortest: 3, longest: 5, tries: 1, next: person, no_input: bye, no_match: bye}\n"
        "  person: {kind: dial, number: on_call, busy: bye, no_answer: bye, rejected: bye,"
        " unreachable: bye}\n"
    )
    call = call_of(Scenario(at=OPEN, presses=(Press(keys),)), plan)
    assert "12345" not in repr(call)
    assert replayed(plan, call, ran_on=plan).changed == ()


def test_a_replay_in_words() -> None:
    draft = plan_of_text(BILLING.text.replace("'3': ask_person", "'3': department"))
    assert list(replay_in_words(replayed(draft, talked_outside()))) == [
        "of 1 calls 1 would have ended elsewhere:",
        "  2026-11-24 10:30 billing call-1: was external_payment_centre, now on_call",
    ]
    same = replayed(BILLING, talked_outside(), replace(talked_outside(), outcome="failed"))
    assert list(replay_in_words(same)) == [
        "of 1 calls none would have ended elsewhere (1 could not be replayed)"
    ]
