"""``collect_digits``: length, silence, tries, secrets."""

import pytest
from pydantic import ValidationError

from ivr.dialplan.steps.collect_digits import CollectDigits
from ivr.dialplan.trace import MASKED
from ivr.ids import Label
from tests.fakes.caller import NOON, FakeCall
from tests.results import result_of

ASK = CollectDigits(
    prompt="ask_account_number",
    variable="account",
    shortest=3,
    longest=5,
    next=Label("found"),
    no_input=Label("silent"),
    no_match=Label("short"),
    tries=2,
)


@pytest.mark.parametrize(
    ("presses", "label", "kept"),
    [
        (["123"], "found", "123"),
        (["12345"], "found", "12345"),
        (["1234567"], "found", "12345"),
        (["123#9"], "found", "123"),
        (["12", "1234"], "found", "1234"),
        (["", "123"], "found", "123"),
        (["12", "12"], "short", None),
        (["12", ""], "silent", None),
        (["", "#"], "silent", None),
        (["1*3", "12*"], "short", None),
    ],
)
def test_takes_a_number_of_the_right_length(
    presses: list[str], label: str, kept: str | None
) -> None:
    call = FakeCall(presses)
    assert result_of(ASK.run(call)) == label
    assert call.variables.get("account") == kept


def test_too_short_is_told_silence_is_not() -> None:
    short, silent = FakeCall(["1", "123"]), FakeCall(["", "123"])
    result_of(ASK.run(short))
    result_of(ASK.run(silent))
    assert short.heard == ["ask_account_number", "no_match", "ask_account_number"]
    assert silent.heard == ["ask_account_number", "ask_account_number"]


def test_secret_digits_are_masked_in_the_trace() -> None:
    secret = ASK.model_copy(update={"secret": True, "variable": "secret_code"})
    call = FakeCall(["1234"])
    with call.trace.step(Label("ask"), "collect_digits", 1, NOON):
        result_of(secret.run(call))
    assert call.trace.entries[0].pressed == [MASKED]
    assert call.variables == {"secret_code": "1234"}


@pytest.mark.parametrize(
    "change",
    [
        {"shortest": 6},
        {"secret": True},
        {"variable": "secret_code"},
        {"variable": "caller"},
        {"longest": 41},
    ],
)
def test_refuses_what_does_not_fit_together(change: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        CollectDigits.model_validate({**ASK.model_dump(), **change})
