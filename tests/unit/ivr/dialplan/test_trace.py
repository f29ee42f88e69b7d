"""The trace of a call."""

import pytest

from ivr.dialplan.trace import MASKED, Trace
from ivr.errors import StepFailed
from ivr.ids import Label
from tests.fakes.caller import NOON


def test_notes_what_was_heard_and_pressed_in_the_running_step() -> None:
    trace = Trace()
    trace.heard("before the first step")
    with trace.step(Label("menu"), "menu", 1, NOON) as entry:
        trace.heard("billing_menu")
        trace.pressed("5")
        trace.heard("no_match", "billing_menu")
        trace.pressed("")
        entry.went_to = Label("department")
    assert trace.entries == [entry]
    assert entry.heard == ["billing_menu", "no_match", "billing_menu"]
    assert entry.pressed == ["5", ""]


def test_secret_keys_leave_not_even_their_number() -> None:
    trace = Trace()
    with trace.step(Label("pin"), "collect_digits", 1, NOON) as entry:
        trace.pressed("1234", secret=True)
        trace.pressed("12345678", secret=True)
        trace.pressed("", secret=True)
    assert entry.pressed == [MASKED, MASKED, ""]


def test_an_error_is_named_and_goes_on() -> None:
    trace = Trace()
    with pytest.raises(StepFailed), trace.step(Label("a"), "dial", 1, NOON):
        raise StepFailed("caller's own words")
    assert trace.entries[0].error == "StepFailed"
