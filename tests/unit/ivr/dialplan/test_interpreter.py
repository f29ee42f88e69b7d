"""The interpreter: follows, comes back from failures, ends, goes on after a restart."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ivr.dialplan.interpreter import MAX_STEPS, Ending, Place, run_dialplan
from ivr.dialplan.loader import KINDS
from ivr.dialplan.outcomes import QueueOutcome
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.step import END
from ivr.ids import Label, LineName
from tests.fakes.caller import FakeCall
from tests.results import result_of

QUEUE = {
    "kind": "queue",
    "queue": "centre",
    "no_answer": "sorry",
    "empty": "sorry",
    "full": "sorry",
}


def plan(
    steps: Mapping[str, Mapping[str, Any]], entries: Mapping[str, str] | None = None
) -> Dialplan:
    return Dialplan(
        line=LineName("test"),
        numbers=("+97229900999",),
        language="he",
        start=Label(next(iter(steps))),
        on_error=Label("sorry"),
        steps={Label(k): KINDS[v["kind"]].model_validate(v) for k, v in steps.items()},
        entries={Label(k): Label(v) for k, v in (entries or {}).items()},
    )


def run(dialplan: Dialplan, call: FakeCall, start: Place | None = None) -> Ending:
    return result_of(run_dialplan(dialplan, call, call.trace, start=start, at_step=call.at_step))


HELLO = {"kind": "play", "prompt": "hello", "next": "queue"}
SORRY = {"kind": "play", "prompt": "sorry", "next": "bye"}
BYE = {"kind": "hangup"}
PLAN = plan({"hello": HELLO, "queue": QUEUE, "sorry": SORRY, "bye": BYE})


def test_follows_the_steps_and_leaves_a_trace() -> None:
    call = FakeCall()
    assert run(PLAN, call) is Ending.FINISHED
    assert [(e.label, e.went_to, e.visit) for e in call.trace.entries] == [
        ("hello", "queue", 1),
        ("queue", "sorry", 2),
        ("sorry", "bye", 3),
        ("bye", END, 4),
    ]
    assert call.trace.entries[0].heard == ["hello"]
    assert call.trace.entries[0].at == call.moment


def test_a_caller_who_hangs_up_ends_it_and_is_traced() -> None:
    call = FakeCall(leaves_at=Label("queue"))
    assert run(PLAN, call) is Ending.CALLER_HUNG_UP
    assert call.trace.entries[-1].error == "CallerHungUp"
    assert call.trace.entries[-1].went_to is None


def test_a_step_that_failed_goes_to_on_error() -> None:
    call = FakeCall(fails=frozenset(["enqueue"]))
    assert run(PLAN, call) is Ending.FINISHED
    assert [e.label for e in call.trace.entries] == ["hello", "queue", "sorry", "bye"]
    assert call.trace.entries[1].error == "StepFailed"


def test_a_failing_on_error_step_asks_for_the_failsafe() -> None:
    call = FakeCall(fails=frozenset(["play"]))
    assert run(PLAN, call) is Ending.FAILED
    assert [e.label for e in call.trace.entries] == ["hello", "sorry"]


def test_failing_again_and_again_asks_for_the_failsafe() -> None:
    loop = plan({"queue": QUEUE, "sorry": {**SORRY, "next": "queue"}})
    call = FakeCall(fails=frozenset(["enqueue"]))
    assert run(loop, call) is Ending.FAILED
    assert [e.label for e in call.trace.entries].count(Label("queue")) == 3


def test_a_loop_comes_to_an_end() -> None:
    loop = plan({"sorry": {"kind": "set", "values": {"a": "b"}, "next": "sorry"}})
    call = FakeCall()
    assert run(loop, call) is Ending.LOOPED
    assert len(call.trace.entries) == MAX_STEPS


def test_goes_on_from_where_a_call_stood() -> None:
    call = FakeCall(queues={"centre": [QueueOutcome.TALKED]})
    assert run(PLAN, call, Place(Label("queue"), 7)) is Ending.FINISHED
    assert [(e.label, e.visit) for e in call.trace.entries] == [("queue", 7)]


def test_the_place_is_told_before_each_step() -> None:
    told: list[Place] = []
    call = FakeCall()
    result_of(run_dialplan(PLAN, call, call.trace, at_step=told.append))
    assert told == [Place(Label(name), n) for n, name in enumerate(PLAN.steps, 1)]


SUB = {
    "first": {"kind": "subroutine", "dialplan": "greet", "next": "second"},
    "second": {"kind": "subroutine", "dialplan": "greet", "next": "sorry"},
    "sorry": SORRY,
    "bye": BYE,
    "first.hello": {"kind": "play", "prompt": "hello", "next": "deeper"},
    "first.deeper": {"kind": "subroutine", "dialplan": "nested", "next": "return"},
    "first.deeper.low": {"kind": "play", "prompt": "low", "next": "return"},
    "second.hello": {"kind": "play", "prompt": "hello", "next": "end"},
}
ENTRIES = {"first": "first.hello", "first.deeper": "first.deeper.low", "second": "second.hello"}


def test_sub_dialplans_return_to_their_caller_or_end_the_call() -> None:
    call = FakeCall()
    assert run(plan(SUB, ENTRIES), call) is Ending.FINISHED
    assert [e.label for e in call.trace.entries] == [
        "first",
        "first.hello",
        "first.deeper",
        "first.deeper.low",
        "second",
        "second.hello",
    ]
    assert call.trace.entries[3].went_to == "second"
    assert call.heard == ["hello", "low", "hello"]


def test_goes_on_inside_a_sub_dialplan() -> None:
    call = FakeCall()
    assert run(plan(SUB, ENTRIES), call, Place(Label("first.deeper.low"), 4)) is Ending.FINISHED
    assert call.heard == ["low", "hello"]


def test_counters_can_be_asked_for_before_they_count() -> None:
    call = FakeCall(variables={"again": "2"})
    run(replace(PLAN, counters={"again": 3, "silent": 1}), call)
    assert (call.variables["again"], call.variables["silent"]) == ("2", "0")
