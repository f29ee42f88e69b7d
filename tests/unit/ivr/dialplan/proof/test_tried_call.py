"""What the proof's call offers a step: each outcome once, with its worst time."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from enum import StrEnum

import pytest

from ivr.dialplan.context import Spoken, StepContext
from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    DayKind,
    DialOutcome,
    LookupOutcome,
    MessageOutcome,
    PayOutcome,
    QueueOutcome,
    Reached,
    SendOutcome,
    SurveyOutcome,
)
from ivr.dialplan.proof.tried_call import UNKNOWN_VALUE, VALUE_SPOKEN
from ivr.dialplan.proof.ways import Way
from ivr.dialplan.step import Step
from ivr.errors import StepFailed
from ivr.ids import Label
from tests.unit.ivr.dialplan.proof.trying import ways_of


class Does(Step):
    """Does what the test says, and goes where that came to."""

    kind: str = "does"
    work: Callable[[StepContext], Awaitable[object]]

    def exits(self) -> dict[str, Label]:
        return {}

    def inputs(self) -> tuple[str, ...]:
        return ("1", "5")

    def takes(self, pressed: str) -> bool:
        return pressed == "1"

    async def run(self, call: StepContext) -> Label:
        return Label(str(await self.work(call)))


def tried(work: Callable[[StepContext], Awaitable[object]]) -> dict[str | None, Way]:
    """Return the way to each label; a step that failed goes to ``None``."""
    return {way.goes_to: way for way in ways_of(Does(work=work))}


def now(work: Callable[[StepContext], object]) -> dict[str | None, Way]:
    async def at_once(call: StepContext) -> object:
        return work(call)

    return tried(at_once)


async def _found(call: StepContext) -> object:
    return (await call.look_up("x", "y")).outcome


@pytest.mark.parametrize(
    ("work", "outcomes"),
    [
        (lambda call: call.enqueue("billing", wait=None), QueueOutcome),
        (lambda call: call.dial("on_call", ring_for=20), DialOutcome),
        (lambda call: call.take_message("centre", longest=60), MessageOutcome),
        (_found, LookupOutcome),
        (lambda call: call.pay(""), PayOutcome),
        (lambda call: call.send_message("x", "y"), SendOutcome),
        (lambda call: call.survey("x"), SurveyOutcome),
        (lambda call: call.promise_callback("billing"), CallbackOutcome),
        (lambda call: call.run_agi("x"), AgiOutcome),
    ],
)
def test_every_outcome_comes(
    work: Callable[[StepContext], Awaitable[object]], outcomes: type[StrEnum]
) -> None:
    assert set(tried(work)) == {str(one) for one in outcomes}


@pytest.mark.parametrize(
    ("work", "seconds"),
    [
        (lambda call: call.enqueue("billing", wait=None), {"talked": 60, "full": 0, "empty": 0}),
        (lambda call: call.enqueue("billing", wait=7), {"talked": 7, "no_answer": 7}),
        (lambda call: call.dial("x", ring_for=20), {"talked": 20, "no_answer": 20, "busy": 3}),
        (lambda call: call.dial("x", ring_for=20, confirm="talk_10s"), {"rejected": 38}),
        (lambda call: call.play("talk_10s", "talk_20s"), {"None": 30}),
        (
            lambda call: call.play(Spoken.model_validate({"say": "1", "as": "digits"})),
            {"None": VALUE_SPOKEN},
        ),
        (lambda call: call.ask("talk_10s", wait=5), {"1": 15, "5": 15, "": 15}),
        (lambda call: call.ask("talk_10s", digits=3, wait=5, between=4), {"1": 19, "": 15}),
    ],
)
def test_it_takes_the_longest_that_it_can(
    work: Callable[[StepContext], Awaitable[object]], seconds: dict[str, float]
) -> None:
    ways = tried(work)
    assert {label: ways[label].progress.seconds for label in seconds} == seconds


@pytest.mark.parametrize(
    ("work", "outcome", "reached"),
    [
        (lambda call: call.enqueue("billing", wait=5), "talked", Reached.PERSON),
        (lambda call: call.enqueue("billing", wait=5), "no_answer", None),
        (lambda call: call.dial("x", ring_for=20), "talked", Reached.PERSON),
        (lambda call: call.dial("x", ring_for=20), "rejected", None),
        (lambda call: call.take_message("centre", longest=60), "accepted", Reached.MESSAGE),
        (lambda call: call.take_message("centre", longest=60), "empty", None),
        (lambda call: call.pay(""), "paid", Reached.PAID),
        (lambda call: call.pay(""), "unknown", None),
        (lambda call: call.promise_callback("billing"), "promised", Reached.CALLBACK),
        (lambda call: call.hang_up(), "None", None),
        (lambda call: call.hang_up(allowed="a rule"), "None", Reached.REFUSED),
    ],
)
def test_what_a_caller_got(
    work: Callable[[StepContext], Awaitable[object]], outcome: str, reached: Reached | None
) -> None:
    assert tried(work)[outcome].progress.reached is reached


def test_a_call_can_be_refused_until_it_is_answered() -> None:
    async def refuse(call: StepContext) -> object:
        await call.refuse(21)
        return "refused"

    async def too_late(call: StepContext) -> object:
        await call.play("hello")
        return await refuse(call)

    either = ways_of(Does(work=refuse))
    assert {(one.progress.guards["answered", ""], one.progress.reached) for one in either} == {
        (False, Reached.REFUSED),
        (True, None),
    }
    assert tried(too_late)["refused"].progress.reached is None


def test_storage_can_fail() -> None:
    ways = tried(lambda call: call.open_ticket(subject="a", text="b", department="centre"))
    assert set(ways) == {None, UNKNOWN_VALUE}
    assert ways[None].progress.faults == 1
    assert ways[UNKNOWN_VALUE].progress.reached is Reached.TICKET


def test_a_person_is_asked_for_when_the_phone_rings_and_not_before() -> None:
    async def late(call: StepContext) -> object:
        await call.play("talk_10s")
        return await call.dial("x", ring_for=20)

    ways = tried(late)
    assert ways["no_answer"].progress.asked_at == 10
    assert ways["unreachable"].progress.asked_at is None


def test_pressing_the_wrong_key_or_nothing_is_a_mistake() -> None:
    ways = tried(lambda call: call.ask("hello"))
    assert [ways[key].progress.mistaken for key in ("1", "5", "")] == [False, True, True]
    assert [ways[key].progress.silent for key in ("1", "5", "")] == [False, False, True]


def test_the_house_is_as_it_is_taken_for_all_through_the_step() -> None:
    ways = now(lambda call: (call.is_open("office"), call.is_open("office"), call.is_emergency()))
    assert len(ways) == 4
    for way in ways.values():
        assert set(way.progress.guards) == {("hours", "office"), ("emergency", "")}


def test_every_kind_of_day_comes() -> None:
    assert set(now(lambda call: call.day_kind())) == set(DayKind)


def test_other_people_do_what_they_want() -> None:
    assert set(now(lambda call: call.is_staffed("billing"))) == {"True", "False"}
    assert "0" in now(lambda call: call.queue_waiting("billing"))


def test_a_condition_holds_or_not_or_fails_and_is_the_same_when_asked_again() -> None:
    ways = now(lambda call: (call.holds("vars.topic == ''"), call.holds("vars.topic == ''")))
    assert set(ways) == {"(True, True)", "(False, False)", None}


def test_what_the_step_writes_is_known_unless_it_came_from_the_caller() -> None:
    async def write(call: StepContext) -> object:
        call.variables["topic"] = "taxes"
        call.variables["choice"] = f"from {call.caller_number}"
        call.variables["ticket"] = f"again {call.variables['account']}"
        call.variables["account"] = await call.ask("hello", digits=3)
        return "done"

    wrote = [way.progress.wrote for way in ways_of(Does(work=write))]
    assert {(one["topic"], one["choice"], one["ticket"]) for one in wrote} == {
        ("taxes", None, None)
    }
    assert {one["account"] for one in wrote} == {None, ""}


def test_a_variable_that_is_taken_away_is_empty() -> None:
    def forget(call: StepContext) -> object:
        del call.variables["topic"]
        return "topic" in call.variables

    assert now(forget)["False"].progress.wrote == {"topic": ""}


def test_another_language_is_spoken_from_then_on() -> None:
    def speak(call: StepContext) -> object:
        call.speak("ar")
        return call.language

    assert now(speak)["ar"].progress.language == "ar"


def test_a_failure_of_the_step_itself_is_a_way_out() -> None:
    def fail(_call: StepContext) -> object:
        raise StepFailed("as told")

    assert set(now(fail)) == {None}
