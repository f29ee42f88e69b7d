"""Steps that ask something of the house: services that may not be set up, look-ups, emergency."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from ivr.dialplan.loader import KINDS
from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    LookedUp,
    LookupOutcome,
    PayOutcome,
    SendOutcome,
    SurveyOutcome,
)
from ivr.dialplan.step import ENTER, Step
from ivr.errors import CallerHungUp
from ivr.ids import Label
from tests.fakes.caller import FakeCall
from tests.results import result_of

SERVICES: list[tuple[dict[str, str], type[StrEnum], tuple[str, ...]]] = [
    ({"kind": "pay", "account": "{account}"}, PayOutcome, ("pay", "77")),
    ({"kind": "message", "template": "link"}, SendOutcome, ("message", "link", "+972501110001")),
    ({"kind": "survey", "survey": "service"}, SurveyOutcome, ("survey", "service")),
    ({"kind": "callback", "queue": "billing"}, CallbackOutcome, ("callback", "billing")),
    ({"kind": "agi", "script": "meter"}, AgiOutcome, ("agi", "meter")),
]
IDS = [written["kind"] for written, _, _ in SERVICES]


def step(written: Mapping[str, Any]) -> Step:
    return KINDS[written["kind"]].model_validate(written)


def with_exits(written: Mapping[str, str], outcomes: type[StrEnum]) -> Step:
    return step({**written, **{outcome.value: f"was_{outcome.value}" for outcome in outcomes}})


@pytest.mark.parametrize(("written", "outcomes", "done"), SERVICES, ids=IDS)
def test_a_service_has_an_exit_for_each_outcome(
    written: dict[str, str], outcomes: type[StrEnum], done: tuple[str, ...]
) -> None:
    service = with_exits(written, outcomes)
    for outcome in outcomes:
        call = FakeCall(services={written["kind"]: outcome}, variables={"account": "77"})
        assert result_of(service.run(call)) == f"was_{outcome.value}"
        assert call.happened[0] == done
    assert set(service.exits()) == {outcome.value for outcome in outcomes}


@pytest.mark.parametrize(("written", "outcomes", "done"), SERVICES, ids=IDS)
def test_who_wants_what_is_not_set_up_is_told_before_going_on(
    written: dict[str, str], outcomes: type[StrEnum], done: tuple[str, ...]
) -> None:
    call = FakeCall()
    service = with_exits(written, outcomes)
    assert result_of(service.run(call)) == "was_not_set_up"
    assert call.heard == ["service_not_yet"]
    assert service.prompts() == ("service_not_yet",)
    assert done not in call.happened


def test_what_is_told_can_be_said_in_words_of_its_own() -> None:
    pay = with_exits({"kind": "pay", "not_set_up_prompt": "automated_payment_not_yet"}, PayOutcome)
    call = FakeCall()
    result_of(pay.run(call))
    assert call.heard == ["automated_payment_not_yet"]


def test_services_tell_what_they_need() -> None:
    callback = with_exits({"kind": "callback", "queue": "billing"}, CallbackOutcome)
    assert callback.uses() == {"queue": ("billing",)}
    assert with_exits({"kind": "pay", "account": "{account}"}, PayOutcome).reads() == ("account",)
    assert with_exits({"kind": "message", "template": "link"}, SendOutcome).reads() == ("caller",)


LOOKUP = {
    "kind": "lookup",
    "source": "residents",
    "about": "{number}",
    "keep": {"name": "resident", "address": "street"},
    "found": "known",
    "unknown": "stranger",
    "failed": "dark",
}


@pytest.mark.parametrize(
    ("outcome", "label"),
    [
        (LookupOutcome.FOUND, "known"),
        (LookupOutcome.UNKNOWN, "stranger"),
        (LookupOutcome.FAILED, "dark"),
    ],
)
def test_a_look_up_has_an_exit_for_each_outcome(outcome: LookupOutcome, label: str) -> None:
    call = FakeCall(variables={"number": "+972501"}, lookups={"residents": LookedUp(outcome)})
    assert result_of(step(LOOKUP).run(call)) == label
    assert call.happened == [("look_up", "residents", "+972501")]


def test_what_was_found_is_kept_and_what_was_not_leaves_nothing_behind() -> None:
    found = LookedUp(LookupOutcome.FOUND, {"name": "רות", "note": "private"})
    variables = {"number": "+972501", "street": "from before"}
    call = FakeCall(variables=variables, lookups={"residents": found})
    result_of(step(LOOKUP).run(call))
    assert call.variables == {"number": "+972501", "resident": "רות", "street": ""}


def test_a_look_up_tells_what_it_needs() -> None:
    lookup = step(LOOKUP)
    values = ("residents.name", "residents.address")
    assert lookup.uses() == {"lookup": ("residents",), "value": values}
    assert (lookup.reads(), lookup.writes()) == (("number",), ("resident", "street"))


@pytest.mark.parametrize(("on", "label"), [(True, "alarm"), (False, "usual")])
def test_emergency(on: bool, label: str) -> None:
    emergency = step({"kind": "emergency", "on": "alarm", "off": "usual"})
    assert result_of(emergency.run(FakeCall(emergency=on))) == label


def test_a_transfer_goes_into_the_other_line() -> None:
    transfer = step({"kind": "transfer", "line": "council"})
    call = FakeCall()
    assert result_of(transfer.run(call)) == ENTER
    assert call.happened == [("hand_over", "council")]
    assert transfer.uses() == {"line": ("council",)}
    assert transfer.exits() == {}


def test_answer() -> None:
    call = FakeCall()
    assert result_of(step({"kind": "answer", "next": "on"}).run(call)) == "on"
    assert call.happened == [("answer",)]


@pytest.mark.parametrize("written", [LOOKUP, {"kind": "answer", "next": "on"}], ids=str)
def test_a_caller_who_leaves_is_nothing_a_step_looks_at(written: Mapping[str, Any]) -> None:
    with pytest.raises(CallerHungUp):
        result_of(step(written).run(FakeCall(leaves_at=Label("start"))))
