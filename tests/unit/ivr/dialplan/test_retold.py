"""What the proof found is what the engine does: a lost caller is lost again when played."""

from __future__ import annotations

import pytest

from ivr.dialplan.outcomes import DayKind, Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.prove import Counterexample, Prover
from ivr.dialplan.proof.retold import scenario_of
from ivr.dialplan.proof.rules import Rule
from ivr.dialplan.scenario import Service
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulation import Kind
from tests.unit.ivr.dialplan.simulating import HEAD, OPEN, SITE, length, plan_of

QUEUE = "{kind: queue, queue: centre, wait: 20, no_answer: %s, empty: %s, full: %s}\n"
DIAL = (
    "{kind: dial, number: on_call, ring_for: 20, busy: %s, no_answer: %s, rejected: %s,"
    " unreachable: %s}\n"
)
MENU = "{kind: menu, prompt: billing_menu, digits: {'1': %s, '2': %s}, no_input: %s, no_match: %s}"
BROKEN = {
    "hung up on at once": "  first: {kind: play, prompt: goodbye, next: bye}\n",
    "a key": f"  first: {MENU % ('q', 'bye', 'q', 'q')}\n  q: {QUEUE % ('t', 't', 't')}",
    "silence": f"  first: {MENU % ('q', 'q', 'bye', 'q')}\n  q: {QUEUE % ('t', 't', 't')}",
    "a wrong key": f"  first: {MENU % ('q', 'q', 'q', 'bye')}\n  q: {QUEUE % ('t', 't', 't')}",
    "a queue without anybody": f"  first: {QUEUE % ('t', 'bye', 't')}",
    "a full queue": f"  first: {QUEUE % ('t', 't', 'bye')}",
    "nobody answers": f"  first: {QUEUE % ('d', 'd', 'd')}  d: {DIAL % ('t', 'bye', 't', 't')}",
    "busy": f"  first: {DIAL % ('bye', 't', 't', 't')}",
    "when closed": "  first: {kind: hours, hours: billing_department, open: t, closed: bye}\n",
    "in an emergency": "  first: {kind: emergency, on: bye, off: t}\n",
    "nobody signed in": (
        "  first: {kind: branch, when: [{if: \"is_staffed('centre')\", then: t}], else: bye}\n"
    ),
    "no message": (
        "  first: {kind: voicemail, box: centre, prompt: leave_message, accepted: bye, empty: bye,"
        " impossible: t}\n"
    ),
}
TICKET = (
    "  t: {kind: ticket, department: centre, subject: x, text: y, opened: bye, impossible: bye}\n"
)


def broken(name: str) -> Dialplan:
    text = BROKEN[name]
    used = " t}" in text or " t," in text or ": t" in text
    return plan_of(text + (TICKET if used else ""), HEAD)


def lost(plan: Dialplan) -> list[Counterexample]:
    prover = Prover(
        site=SITE,
        length=length,
        day_kind=lambda moment: SITE.calendar.at(moment).kind,
        now=OPEN,
    )
    found = [one for one in prover.prove(plan).counterexamples if one.rule is Rule.LOST]
    assert found
    return found


@pytest.mark.parametrize("name", BROKEN)
def test_a_lost_caller_is_lost_again(name: str) -> None:
    plan = broken(name)
    for example in lost(plan):
        played = simulate(plan, SITE, scenario_of(example), length)
        assert played.end.reached is Reached.LOST, example
        happened = list(dict.fromkeys(one.label for one in example.story))
        assert [label for label in played.labels if label in happened] == happened
        assert played.ended_at == example.label


def test_the_call_takes_the_time_that_the_proof_says() -> None:
    plan = broken("nobody answers")
    (example,) = [one for one in lost(plan) if len(one.story) > 2]
    played = simulate(plan, SITE, scenario_of(example), length)
    assert played.seconds == pytest.approx(example.seconds, abs=1.0)
    turned = [(one.service, one.name) for one in played.events if one.kind is Kind.TURNED]
    assert turned == [(Service.QUEUE, "centre"), (Service.NUMBER, "on_call")]


def test_the_day_is_the_calendars_own() -> None:
    (example, *_) = lost(broken("when closed"))
    assert scenario_of(example).day is None
    assert SITE.calendar.at(example.moment).kind in DayKind
