"""The other step kinds: what they ask of the call, and where they go for each outcome."""

from collections.abc import Mapping
from typing import Any

import pytest

from ivr.dialplan.context import Spoken
from ivr.dialplan.loader import KINDS
from ivr.dialplan.outcomes import DialOutcome, MessageOutcome, QueueOutcome
from ivr.dialplan.step import END, ENTER, Step
from ivr.errors import CallerHungUp, StepFailed
from ivr.ids import Label
from tests.fakes.caller import FakeCall
from tests.results import result_of

DIAL = {
    "kind": "dial",
    "number": "on_call",
    "ring_for": 30,
    "confirm": "on_call_accept",
    "busy": "was_busy",
    "no_answer": "was_silent",
    "rejected": "was_rejected",
    "unreachable": "was_away",
}
QUEUE = {
    "kind": "queue",
    "queue": "billing",
    "wait": 25,
    "no_answer": "nobody",
    "empty": "deserted",
    "full": "crowded",
}
VOICEMAIL = {
    "kind": "voicemail",
    "box": "centre",
    "accepted": "thank",
    "empty": "again",
    "impossible": "sorry",
}
BRANCH = {
    "kind": "branch",
    "when": [
        {"if": "vars.choice == '3'", "then": "third"},
        {"if": "is_open('billing_department') && is_staffed('billing')", "then": "department"},
    ],
    "else": "centre",
}


def step(written: Mapping[str, Any]) -> Step:
    return KINDS[written["kind"]].model_validate(written)


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        (DialOutcome.TALKED, END),
        (DialOutcome.BUSY, "was_busy"),
        (DialOutcome.NO_ANSWER, "was_silent"),
        (DialOutcome.REJECTED, "was_rejected"),
        (DialOutcome.UNREACHABLE, "was_away"),
    ],
)
def test_dial_has_an_exit_for_each_outcome(outcome: DialOutcome, label: str) -> None:
    call = FakeCall(numbers={"on_call": [outcome]})
    assert result_of(step(DIAL).run(call)) == label
    assert call.happened == [("dial", "on_call", "30.0", "on_call_accept", "True")]


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        (QueueOutcome.TALKED, END),
        (QueueOutcome.NO_ANSWER, "nobody"),
        (QueueOutcome.EMPTY, "deserted"),
        (QueueOutcome.FULL, "crowded"),
    ],
)
def test_queue_has_an_exit_for_each_outcome(outcome: QueueOutcome, label: str) -> None:
    call = FakeCall(queues={"billing": [outcome]})
    assert result_of(step(QUEUE).run(call)) == label
    assert call.happened == [("enqueue", "billing", "25.0")]


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        (MessageOutcome.ACCEPTED, "thank"),
        (MessageOutcome.EMPTY, "again"),
        (MessageOutcome.IMPOSSIBLE, "sorry"),
    ],
)
def test_voicemail_has_an_exit_for_each_outcome(outcome: MessageOutcome, label: str) -> None:
    call = FakeCall(messages=[outcome])
    assert result_of(step(VOICEMAIL).run(call)) == label
    assert call.heard == ["leave_message"]


@pytest.mark.parametrize(
    ("choice", "open_hours", "staffed", "label"),
    [
        ("3", False, False, "third"),
        ("2", True, True, "department"),
        ("2", True, False, "centre"),
        ("2", False, True, "centre"),
        ("", False, False, "centre"),
    ],
)
def test_branch_takes_the_first_true_condition(
    choice: str, open_hours: bool, staffed: bool, label: str
) -> None:
    call = FakeCall(
        open_hours=frozenset(["billing_department"] if open_hours else []),
        staffed=frozenset(["billing"] if staffed else []),
        variables={"choice": choice} if choice else {},
    )
    assert result_of(step(BRANCH).run(call)) == label


def test_branch_fails_on_a_condition_that_cannot_be_decided() -> None:
    when = [{"if": "int(vars.choice) > 2", "then": "a"}]
    branch = step({"kind": "branch", "when": when, "else": "b"})
    with pytest.raises(StepFailed):
        result_of(branch.run(FakeCall()))


def test_branch_tells_what_it_needs() -> None:
    branch = step(BRANCH)
    assert branch.uses() == {"hours": ("billing_department",), "queue": ("billing",)}
    assert branch.reads() == ("choice",)
    assert branch.exits() == {"if 1": "third", "if 2": "department", "else": "centre"}


@pytest.mark.parametrize(("is_open", "label"), [(True, "in"), (False, "out")])
def test_hours(is_open: bool, label: str) -> None:
    hours = step({"kind": "hours", "hours": "billing_department", "open": "in", "closed": "out"})
    call = FakeCall(open_hours=frozenset(["billing_department"] if is_open else []))
    assert result_of(hours.run(call)) == label


def test_set_fills_names_with_values_of_the_call() -> None:
    values = {"topic": "{caller} → {called} ({menu_choice}{unset})", "fixed": "שלום"}
    call = FakeCall(variables={"menu_choice": "3"})
    assert result_of(step({"kind": "set", "values": values, "next": "on"}).run(call)) == "on"
    assert call.variables["topic"] == "+972501110001 → +97229900200 (3)"
    assert call.variables["fixed"] == "שלום"


def test_set_does_not_expand_what_a_caller_brought() -> None:
    call = FakeCall(
        caller_number="{menu_choice}{0.__class__}\n${X}", variables={"menu_choice": "3"}
    )
    result_of(step({"kind": "set", "values": {"a": "{caller}"}, "next": "on"}).run(call))
    assert call.variables["a"] == "{menu_choice}{0.__class__} ${X}"


def test_say_fills_values_and_leaves_out_empty_ones() -> None:
    speech = ["ticket_opened", {"say": "{ticket}", "as": "digits"}, {"say": "{no}", "as": "place"}]
    call = FakeCall(variables={"ticket": "10-42"})
    assert result_of(step({"kind": "say", "speech": speech, "next": "on"}).run(call)) == "on"
    said = Spoken.model_validate({"say": "1042", "as": "digits"})
    assert call.heard == ["ticket_opened", said]


def test_play() -> None:
    call = FakeCall()
    play = step({"kind": "play", "prompt": "welcome_council", "next": "on"})
    assert result_of(play.run(call)) == "on"
    assert call.heard == ["welcome_council"]


TICKET = {
    "kind": "ticket",
    "department": "centre",
    "subject": "לחזור אל {caller}",
    "text": "נושא: {topic}",
    "opened": "tell",
    "impossible": "go_on",
}


def test_ticket_keeps_its_reference() -> None:
    ticket = step(TICKET)
    call = FakeCall(variables={"topic": "גבייה"})
    assert result_of(ticket.run(call)) == "tell"
    assert call.happened == [("open_ticket", "לחזור אל +972501110001", "נושא: גבייה", "centre")]
    assert call.variables["ticket"] == "1042"
    assert (ticket.reads(), ticket.writes()) == (("caller", "topic"), ("ticket",))


def test_a_ticket_that_cannot_be_opened_leaves_no_reference() -> None:
    call = FakeCall(variables={"ticket": "from before"}, fails=frozenset(["open_ticket"]))
    assert result_of(step(TICKET).run(call)) == "go_on"
    assert call.variables["ticket"] == ""


def test_without_an_exit_a_ticket_that_cannot_be_opened_fails_the_step() -> None:
    ticket = step({key: value for key, value in TICKET.items() if key != "impossible"})
    assert set(ticket.exits()) == {"opened"}
    with pytest.raises(StepFailed):
        result_of(ticket.run(FakeCall(fails=frozenset(["open_ticket"]))))


def test_subroutine_enters() -> None:
    subroutine = step({"kind": "subroutine", "dialplan": "centre", "next": "on"})
    assert result_of(subroutine.run(FakeCall())) == ENTER
    assert subroutine.uses() == {"dialplan": ("centre",)}


@pytest.mark.parametrize(
    ("cause", "q850"), [("rejected", 21), ("busy", 17), ("congestion", 34), ("unallocated", 1)]
)
def test_refuse_names_the_cause(cause: str, q850: int) -> None:
    call = FakeCall()
    assert result_of(step({"kind": "refuse", "cause": cause}).run(call)) == END
    assert call.happened == [("refuse", str(q850))]


def test_hangup_says_its_last_prompt() -> None:
    call = FakeCall()
    assert result_of(step({"kind": "hangup", "prompt": "goodbye"}).run(call)) == END
    assert call.happened == [("play",), ("hang_up",)]
    assert call.heard == ["goodbye"]


@pytest.mark.parametrize(
    "written", [DIAL, QUEUE, VOICEMAIL, {"kind": "hangup"}, {"kind": "refuse"}], ids=str
)
def test_a_caller_who_leaves_is_nothing_a_step_looks_at(written: Mapping[str, Any]) -> None:
    with pytest.raises(CallerHungUp):
        result_of(step(written).run(FakeCall(leaves_at=Label("start"))))


def test_every_kind_is_documented_for_authors() -> None:
    for name, kind in KINDS.items():
        text = kind.documentation()
        assert text.startswith(f"``{name}``: "), name
        assert "\nExit" in text, name
        assert f"kind: {name}" in text, name
