"""Simulated calls: what takes how long, what keys do, who is reached and who leaves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.dialplan.interpreter import Ending
from ivr.dialplan.on_paper import result_of
from ivr.dialplan.outcomes import DayKind, LookupOutcome, Reached
from ivr.dialplan.scenario import Answer, Press, Scenario, Service, TicketOutcome
from ivr.dialplan.simulated_call import SimulatedCall
from ivr.dialplan.simulation import End, Kind
from ivr.dialplan.world import ScriptedWorld
from ivr.ids import Label
from tests.unit.ivr.dialplan.simulating import (
    BILLING,
    CLOSED,
    LOADED,
    OPEN,
    SITE,
    answers,
    heard,
    length,
    of_kind,
    plan_of,
    simulated,
)

MENU = """\
  first:
    kind: menu
    prompt: hello
    digits: {'1': second, '2': bye}
    no_input: bye
    no_match: bye
    barge_in: %s
  second: {kind: menu, prompt: again, digits: {'1': bye}, no_input: bye, no_match: bye}
"""
MENUS = plan_of(MENU % "true")
QUEUE = plan_of(
    "  first: {kind: queue, queue: billing, wait: 25, no_answer: bye, empty: bye, full: bye}\n"
)
DIAL = plan_of(
    "  first: {kind: dial, number: on_call, ring_for: 20, confirm: hello,"
    " busy: bye, no_answer: bye, rejected: bye, unreachable: bye}\n"
)
MESSAGE = plan_of(
    "  first: {kind: voicemail, box: centre, accepted: bye, empty: bye, impossible: bye}\n"
)


def test_a_caller_who_listens_presses_after_the_prompt() -> None:
    call = simulated(MENUS, "2")
    assert heard(call) == [(0.0, "hello", 3.0)]
    assert [(one.at, one.name) for one in of_kind(call, Kind.PRESSED)] == [(3.5, "2")]


def test_a_key_during_the_prompt_cuts_it() -> None:
    call = simulated(MENUS, Press("2", after=1.25))
    assert heard(call) == [(0.0, "hello", 1.25)]
    assert call.seconds == 1.25


def test_without_barge_in_the_prompt_is_heard_to_the_end_and_the_key_counts_at_once() -> None:
    call = simulated(plan_of(MENU % "false"), Press("2", after=1.25))
    assert heard(call) == [(0.0, "hello", 3.0)]
    assert call.seconds == 3.0


def test_keys_pressed_ahead_answer_the_next_question_unheard() -> None:
    call = simulated(MENUS, Press("11", after=1.0))
    assert heard(call) == [(0.0, "hello", 1.0), (1.0, "again", pytest.approx(0.4))]
    assert [one.name for one in of_kind(call, Kind.PRESSED)] == ["1", "1"]


def test_silence_takes_the_prompt_and_the_wait() -> None:
    call = simulated(MENUS)
    assert of_kind(call, Kind.SILENT)[0].at == 8.0
    assert call.labels == ("first", "bye")


def test_a_key_that_comes_too_late_is_silence_and_falls_into_the_next_question() -> None:
    plan = plan_of(
        (MENU % "true").replace("no_input: bye\n    no_match", "no_input: second\n    no_match")
    )
    call = simulated(plan, Press("1", after=9.0))
    assert heard(call) == [(0.0, "hello", 3.0), (8.0, "again", 1.0)]
    assert call.labels == ("first", "second", "bye")


@pytest.mark.parametrize(
    ("keys", "taken", "seconds"),
    [("123", "123", 8.3), ("123#", "123", 4.7), ("12345", "12345", 5.1)],
)
def test_a_number_ends_with_its_last_digit_a_key_or_a_pause(
    keys: str, taken: str, seconds: float
) -> None:
    plan = plan_of(
        "  first: {kind: collect_digits, prompt: hello, variable: account, longest: 5,"
        " next: bye, no_input: bye, no_match: bye}\n"
    )
    call = simulated(plan, keys)
    assert of_kind(call, Kind.PRESSED)[0].name == taken
    assert call.seconds == pytest.approx(seconds)


def test_secret_digits_are_masked_in_everything_that_is_told() -> None:
    plan = plan_of(
        "  first: {kind: collect_digits, prompt: hello, variable: secret_card, secret: true,"
        " longest: 5, next: bye, no_input: bye, no_match: bye}\n"
    )
    assert "123" not in repr(simulated(plan, "123"))


@pytest.mark.parametrize(
    ("given", "seconds", "end"),
    [
        ("empty", 0.0, End()),
        ("full", 0.0, End()),
        ("no_answer", 25.0, End()),
        (Answer("talked", 12.0), 12.0, End(Reached.PERSON, "billing")),
        (Answer("talked", 40.0), 25.0, End()),
    ],
)
def test_waiting_in_a_queue(given: str | Answer, seconds: float, end: End) -> None:
    call = simulated(QUEUE, answers=answers(queue_billing=given))
    assert (call.seconds, call.end) == (seconds, end)


@pytest.mark.parametrize(
    ("given", "seconds", "reached"),
    [
        (Answer("talked", 5.0), 8.5, Reached.PERSON),  # and the person called takes the call
        (Answer("talked", 21.0), 20.0, Reached.LOST),
        ("no_answer", 20.0, Reached.LOST),
        (Answer("busy", 0.5), 0.5, Reached.LOST),
    ],
)
def test_calling_outside(given: str | Answer, seconds: float, reached: Reached) -> None:
    call = simulated(DIAL, answers=answers(number_on_call=given))
    assert (call.seconds, call.end.reached) == (seconds, reached)


def test_what_is_not_said_is_nobody_at_queues_and_numbers_that_answer() -> None:
    assert simulated(QUEUE).end == End()
    assert simulated(DIAL).end == End(Reached.PERSON, "on_call")


@pytest.mark.parametrize(("after", "reached"), [(1.0, Reached.LOST), (9.0, Reached.MESSAGE)])
def test_who_hangs_up_in_a_message_leaves_it_if_they_spoke(after: float, reached: Reached) -> None:
    call = simulated(MESSAGE, answers=answers(box_centre=Answer("hangs_up", after)))
    assert (call.ending, call.end.reached) == (Ending.CALLER_HUNG_UP, reached)
    assert call.seconds == 4.0 + after


@pytest.mark.parametrize("seconds", [0.5, 3.0, 5.0])
def test_a_caller_hangs_up_after_so_many_seconds(seconds: float) -> None:
    call = simulated(MENUS, hangs_up_after=seconds)
    assert (call.ending, call.seconds) == (Ending.CALLER_HUNG_UP, seconds)
    assert call.steps[-1].error == "CallerHungUp"


def test_a_caller_hangs_up_instead_of_answering() -> None:
    call = simulated(MENUS, "1", Press(hangs_up=True, after=2.0))
    assert (call.ending, call.seconds) == (Ending.CALLER_HUNG_UP, 5.5)
    assert heard(call)[-1] == (3.5, "again", 2.0)


def test_a_hangup_that_may_be_is_refused_another_one_is_lost() -> None:
    plan = plan_of("  first: {kind: hangup, allowed: closed for good}\n")
    assert simulated(plan).end == End(Reached.REFUSED)
    assert simulated(MENUS, "2").end == End()


def test_a_step_that_fails_goes_on_where_the_plan_says() -> None:
    call = simulated(BILLING, "3", answers=answers(number_external_payment_centre="fails"))
    assert call.labels[5:8] == ("external_centre", "sorry", "sorry_centre")
    assert call.end == End(Reached.PERSON, "on_call")


def test_the_clock_goes_on_while_the_caller_listens() -> None:
    closing = OPEN.replace(hour=18, minute=59, second=51)
    early, late = (simulated(BILLING, "4", at=closing + timedelta(seconds=s)) for s in (-1, 0))
    assert "department_staffed" in early.labels
    assert "tell_closed" in late.labels, "9.5 seconds later it is 19:00"


def test_the_day_is_what_the_calendar_says_unless_the_scenario_does() -> None:
    plan = plan_of(
        "  first: {kind: calendar, workday: bye, shabbat: last}\n  last: {kind: hangup}\n"
    )
    shabbat = OPEN.replace(day=27, hour=22)
    assert simulated(plan).labels == ("first", "bye")
    assert simulated(plan, at=shabbat).labels == ("first", "last")
    assert simulated(plan, at=shabbat, day=DayKind.WORKDAY).labels == ("first", "bye")


def test_jumping_to_a_step() -> None:
    call = simulated(BILLING, at=CLOSED, start=Label("centre.on_call"))
    assert call.labels == ("centre.on_call",)


def test_the_best_that_happened_counts_and_its_moment() -> None:
    call = simulated(LOADED.plans["council"], answers=answers(number_on_call="busy"))  # type: ignore[index]
    assert call.end == End(Reached.MESSAGE, "centre")
    assert call.reached_at < call.seconds
    assert call.ended_at == "centre.good_bye"


def test_every_service_of_the_world_answers_by_script() -> None:
    values = {"debt": "120"}
    script = {
        (Service.LOOKUP, "debts"): (Answer("found", 1.0, values), Answer("failed")),
        (Service.PAY, ""): (Answer("paid"),),
        (Service.SEND, "link"): (Answer("sent"),),
        (Service.SURVEY, "short"): (Answer("done"),),
        (Service.CALLBACK, "billing"): (Answer("promised"),),
        (Service.AGI, "old"): (Answer("done"),),
        (Service.TICKET, "centre"): (Answer(TicketOutcome.IMPOSSIBLE),),
    }
    scenario = Scenario(
        at=OPEN, answers=script, emergency=True, day=DayKind.EVE, waiting={"billing": 3}
    )
    call = SimulatedCall(BILLING, SITE, scenario, ScriptedWorld(scenario), length)
    assert result_of(call.look_up("debts", "1")).values == values
    assert result_of(call.look_up("debts", "1")).outcome is LookupOutcome.FAILED
    done = [
        result_of(call.pay("1")),
        result_of(call.send_message("link", "")),
        result_of(call.survey("short")),
        result_of(call.promise_callback("billing")),
        result_of(call.run_agi("old")),
    ]
    assert list(map(str, done)) == ["paid", "sent", "done", "promised", "done"]
    assert (call.is_emergency(), call.day_kind(), call.queue_waiting("billing")) == (True, "eve", 3)
    assert call.end.reached is Reached.PAID


def test_a_step_that_waits_for_the_world_outside_is_a_fault() -> None:
    class Forever:
        def __await__(self) -> object:
            yield self

    async def step() -> None:
        await Forever()  # type: ignore[misc]

    with pytest.raises(RuntimeError, match="outside of its StepContext"):
        result_of(step())


def test_refusing_is_no_harm_before_the_answer_and_losing_the_caller_after_it() -> None:
    refused = simulated(plan_of("  first: {kind: refuse}\n"))
    lost = simulated(
        plan_of("  first: {kind: play, prompt: hello, next: no}\n  no: {kind: refuse}\n")
    )
    assert (refused.end, lost.end) == (End(Reached.REFUSED), End(Reached.LOST))
