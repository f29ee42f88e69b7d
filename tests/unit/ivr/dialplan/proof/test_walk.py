"""Every caller walks: states, values, counters, failures, and the house that turns meanwhile."""

from __future__ import annotations

from typing import Any

import pytest

from ivr.dialplan.proof.prove import Proof
from ivr.dialplan.proof.rules import Rule
from tests.unit.ivr.dialplan.proof.proving import PROVER, plan_of

PERSON = {"kind": "queue", "queue": "billing", "no_answer": "m", "empty": "m", "full": "m"}
MESSAGE = {
    "kind": "voicemail",
    "box": "centre",
    "accepted": "end",
    "empty": "bye",
    "impossible": "bye",
}
BYE = {"kind": "hangup", "allowed": "a test"}


def prove(
    start: str, on_error: str = "p", counters: dict[str, int] | None = None, **steps: Any
) -> Proof:
    written = {
        "line": "walked",
        "numbers": ["+97229900777"],
        "language": "he",
        "start": start,
        "on_error": on_error,
        "counters": counters or {},
        "variables": ["x"],
        "steps": {**steps, "p": PERSON, "m": MESSAGE, "bye": BYE},
    }
    return PROVER.prove(plan_of({"walked": written}))


def branch(condition: str, then: str, otherwise: str) -> dict[str, Any]:
    return {"kind": "branch", "when": [{"if": condition, "then": then}], "else": otherwise}


def play(following: str, prompt: str = "hello") -> dict[str, Any]:
    return {"kind": "play", "prompt": prompt, "next": following}


def lost(proof: Proof) -> list[str]:
    return [str(one.label) for one in proof.counterexamples if one.rule is Rule.LOST]


def test_a_counter_stays_at_its_most() -> None:
    count = {"kind": "set", "count": "again", "next": "b"}
    right = prove("c", counters={"again": 2}, c=count, b=branch("int(vars.again) >= 2", "p", "c"))
    wrong = prove("c", counters={"again": 2}, c=count, b=branch("int(vars.again) >= 3", "p", "c"))
    assert right.holds
    assert [one.rule for one in wrong.counterexamples] == [Rule.ENDLESS]


def test_a_value_is_forgotten_when_another_is_written() -> None:
    first = {"kind": "set", "values": {"x": "a"}, "next": "second"}
    second = {"kind": "set", "values": {"x": "b"}, "next": "split"}
    steps: dict[str, Any] = {"first": first, "second": second}
    assert prove("first", **steps, split=branch("vars.x == 'b'", "p", "end")).holds
    assert lost(prove("first", **steps, split=branch("vars.x == 'a'", "p", "end"))) == ["split"]


def test_storage_fails_once_in_a_call_and_not_twice() -> None:
    ticket = {"kind": "ticket", "department": "centre", "subject": "a", "text": "b"}
    first = {**ticket, "opened": "bye", "impossible": "second"}
    assert prove(
        "first", first=first, second={**ticket, "opened": "bye", "impossible": "end"}
    ).holds


def test_a_failure_where_failures_go_ends_at_the_failsafe() -> None:
    failing = branch("int(vars.x) > 1", "end", "end")
    assert prove("failing", on_error="failing", failing=failing).holds
    assert lost(prove("failing", on_error="wait", failing=failing, wait=play("end"))) == ["wait"]


def test_whoever_was_served_is_not_lost_any_more() -> None:
    message = {**MESSAGE, "accepted": "thank"}
    assert prove("message", message=message, thank=play("end")).holds


@pytest.mark.parametrize(("talk", "holds"), [("talk_40s", False), ("nothing_0s", True)])
def test_the_hours_close_only_while_time_goes_by(talk: str, holds: bool) -> None:
    hours = {"kind": "hours", "hours": "office"}
    proof = prove(
        "first",
        first={**hours, "open": "talk", "closed": "p"},
        talk=play("second", talk),
        second={**hours, "open": "p", "closed": "end"},
    )
    assert proof.holds is holds
    for one in proof.counterexamples:
        assert f"{one.moment:%A %H:%M}" == "Sunday 15:59"


def test_the_hours_turn_once_in_a_call_and_not_twice() -> None:
    hours = {"kind": "hours", "hours": "office"}
    proof = prove(
        "first",
        first={**hours, "open": "talk", "closed": "p"},
        talk=play("second", "talk_40s"),
        second={**hours, "open": "p", "closed": "more"},
        more=play("third", "talk_20s"),
        third={**hours, "open": "end", "closed": "p"},
    )
    assert proof.holds


def test_an_emergency_that_begins_meanwhile_is_told_in_the_story() -> None:
    proof = prove(
        "first",
        first=branch("is_emergency()", "p", "talk"),
        talk=play("second", "talk_40s"),
        second=branch("is_emergency()", "end", "p"),
    )
    (example,) = proof.counterexamples
    assert not example.emergency
    assert [one.outcome for one in example.story] == ["false", "", "true"]


def test_a_caller_without_a_turn_is_shown_rather_than_one_with() -> None:
    hours = {"kind": "hours", "hours": "office"}
    proof = prove(
        "first",
        first={**hours, "open": "talk", "closed": "talk"},
        talk=play("second", "talk_40s"),
        second={**hours, "open": "p", "closed": "end"},
    )
    (example,) = proof.counterexamples
    assert [one.outcome for one in example.story] == ["closed", "", "closed"]
