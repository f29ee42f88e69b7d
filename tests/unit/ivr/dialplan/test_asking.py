"""A call that is told step by step: it stops at what is not said yet, and asks for that."""

from __future__ import annotations

from dataclasses import replace

from ivr.dialplan.asking import Asks, simulate_asking
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import Press, Scenario, Service
from ivr.dialplan.simulation import End, Kind, Simulation
from ivr.ids import Label
from tests.unit.ivr.dialplan.simulating import BILLING, OPEN, SITE, answers, length, plan_of

CALLER = Scenario(at=OPEN)


def told(scenario: Scenario, plan: Dialplan = BILLING) -> tuple[Simulation, Asks | None]:
    return simulate_asking(plan, SITE, scenario, length)


def test_a_menu_is_heard_to_its_end_and_asks_for_a_key() -> None:
    simulation, asks = told(CALLER)
    assert asks is not None
    assert (asks.what, asks.label) == ("press", "welcome")
    assert {"1", "2", "3", "4", "0"} <= set(asks.options)
    assert [one.name for one in simulation.events] == [
        "recording_notice", "welcome_billing", "billing_menu",
    ]  # fmt: skip


def test_who_says_nothing_has_pressed_nothing_and_is_asked_by_the_world() -> None:
    simulation, asks = told(replace(CALLER, presses=(Press(""),)))
    assert asks == Asks("staffed", "billing", ("yes", "no"), Label("department_staffed"))
    assert simulation.events[-1].kind is Kind.SILENT


def test_each_part_of_the_world_is_asked_once_it_is_turned_to() -> None:
    at_queue = replace(CALLER, presses=(Press("4"),), staffed={"billing": True})
    _, asks = told(at_queue)
    assert asks is not None
    assert (asks.what, asks.name) == ("queue", "billing")
    assert set(asks.options) == {"talked", "no_answer", "empty", "full"}
    simulation, asks = told(replace(at_queue, answers=answers(queue_billing="talked")))
    assert asks is None
    assert simulation.end == End(Reached.PERSON, "billing")


def test_what_is_asked_for_again_wants_an_answer_again() -> None:
    again = plan_of(
        "  first: {kind: dial, number: on_call, ring_for: 5, busy: again, no_answer: bye,"
        " rejected: bye, unreachable: bye}\n"
        "  again: {kind: dial, number: on_call, ring_for: 5, busy: bye, no_answer: bye,"
        " rejected: bye, unreachable: bye}\n"
    )
    _, asks = told(replace(CALLER, answers=answers(number_on_call="busy")), again)
    assert asks is not None
    assert (asks.what, asks.label) == (Service.NUMBER, "again")


def test_a_condition_asks_for_what_it_needs_and_does_not_fail() -> None:
    plan = plan_of(
        "  first: {kind: branch, when: [{if: \"is_staffed('centre')\", then: yes_}], else: bye}\n"
        "  yes_: {kind: queue, queue: centre, no_answer: bye, empty: bye, full: bye}\n"
    )
    _, asks = told(CALLER, plan)
    assert asks is not None
    assert (asks.what, asks.name) == ("staffed", "centre")
    simulation, _ = told(replace(CALLER, staffed={"centre": False}), plan)
    assert simulation.labels == ("first", "bye")
