"""``menu``: keys, silence, wrong keys, repeats."""

import pytest
from pydantic import ValidationError

from ivr.dialplan.steps.menu import Menu
from ivr.errors import CallerHungUp
from ivr.ids import Label
from tests.fakes.caller import FakeCall
from tests.results import result_of

MENU = Menu(
    prompt="billing_menu",
    digits={"1": Label("pay"), "0": Label("person")},
    repeat_key="9",
    no_input=Label("department"),
    no_match=Label("lost"),
    tries=3,
    variable="choice",
)


@pytest.mark.parametrize(
    ("presses", "label"),
    [
        (["1"], "pay"),
        (["0"], "person"),
        ([""], "department"),
        (["9", "1"], "pay"),
        (["9", ""], "department"),
        (["5", "1"], "pay"),
        (["5", "5", "1"], "pay"),
        (["5", "*", "#"], "lost"),
        (["9", "9", "9", "1"], "pay"),
        (["9", "9", "9", "9"], "department"),
        (["5", "9", "5", "9", "5"], "lost"),
        (["5", ""], "department"),
    ],
)
def test_goes_where_the_key_points(presses: list[str], label: str) -> None:
    assert result_of(MENU.run(FakeCall(presses))) == label


def test_a_wrong_key_is_told_before_the_menu_is_said_again() -> None:
    call = FakeCall(["5", "1"])
    result_of(MENU.run(call))
    assert call.heard == ["billing_menu", "no_match", "billing_menu"]


def test_the_repeat_key_says_the_menu_alone() -> None:
    call = FakeCall(["9", "1"])
    result_of(MENU.run(call))
    assert call.heard == ["billing_menu", "billing_menu"]


def test_silence_can_be_given_a_second_chance() -> None:
    patient = MENU.model_copy(update={"silent_tries": 2})
    assert result_of(patient.run(FakeCall(["", "1"]))) == "pay"
    assert result_of(patient.run(FakeCall(["", ""]))) == "department"


def test_the_key_is_kept_for_later() -> None:
    call = FakeCall(["5", "0"])
    result_of(MENU.run(call))
    assert call.variables == {"choice": "0"}


def test_hanging_up_ends_it() -> None:
    with pytest.raises(CallerHungUp):
        result_of(MENU.run(FakeCall(["5"])))


def test_names_its_exits_and_prompts() -> None:
    assert MENU.exits() == {
        "digit 1": "pay",
        "digit 0": "person",
        "no_input": "department",
        "no_match": "lost",
    }
    assert MENU.prompts() == ("billing_menu", "no_match")
    assert MENU.writes() == ("choice",)


def test_the_repeat_key_cannot_also_be_a_choice() -> None:
    with pytest.raises(ValidationError, match="also one of the digits"):
        Menu.model_validate({**MENU.model_dump(), "repeat_key": "1"})


FULL = MENU.model_copy(
    update={"person_key": "*", "person": Label("anybody"), "slow_key": "8", "repeats": 1}
)


def test_a_key_of_its_own_leads_to_a_person() -> None:
    assert result_of(FULL.run(FakeCall(["*"]))) == "anybody"
    assert FULL.exits()["person"] == "anybody"
    assert set(FULL.inputs()) == {"1", "0", "*", "9", "8", "5"}


def test_the_slow_key_slows_the_call_down_and_says_the_menu_again() -> None:
    call = FakeCall(["8", "1"])
    assert result_of(FULL.run(call)) == "pay"
    assert call.slow
    assert call.heard == ["billing_menu", "billing_menu"]


def test_repeating_and_slowing_down_come_to_an_end() -> None:
    assert result_of(FULL.run(FakeCall(["8", "9"]))) == "department"


def test_keys_pressed_before_can_be_made_not_to_count() -> None:
    call = FakeCall(["5", "1"])
    result_of(MENU.model_copy(update={"type_ahead": False}).run(call))
    assert [what[0] for what in call.happened] == ["forget_keys", "ask"] * 2


def test_choices_are_counted_without_the_keys_every_menu_has() -> None:
    assert FULL.choices() == 1


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"person_key": "9", "person": "x"}, "repeat_key '9' is also person_key"),
        ({"slow_key": "0"}, "slow_key '0' is also one of the digits"),
        ({"person_key": "7"}, "belong together"),
        ({"person": "x"}, "belong together"),
    ],
)
def test_keys_must_fit_together(changed: dict[str, str], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        Menu.model_validate({**MENU.model_dump(), **changed})
