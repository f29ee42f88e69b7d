"""``language``: one choice for the whole call, asked in each language."""

import pytest

from ivr.dialplan.steps.language import Language
from ivr.ids import Label
from tests.fakes.caller import FakeCall
from tests.results import result_of

CHOOSE = Language(
    digits={"1": "he", "2": "en"}, tries=2, next=Label("on"), no_input=Label("as_it_is")
)


@pytest.mark.parametrize(
    ("presses", "label", "language"),
    [
        (["2"], "on", "en"),
        (["1"], "on", "he"),
        (["", "2"], "on", "en"),
        (["7", "2"], "on", "en"),
        (["", ""], "as_it_is", "he"),
        (["7", "7"], "as_it_is", "he"),
    ],
)
def test_the_key_chooses_and_silence_keeps_the_default(
    presses: list[str], label: str, language: str
) -> None:
    call = FakeCall(presses)
    assert result_of(CHOOSE.run(call)) == label
    assert call.language == language


def test_each_language_asks_for_itself() -> None:
    call = FakeCall(["1"])
    result_of(CHOOSE.run(call))
    assert call.heard == ["he/choose_language", "en/choose_language"]


def test_tells_what_it_offers() -> None:
    assert CHOOSE.languages() == ("he", "en")
    assert CHOOSE.prompts() == ("choose_language",)
    assert CHOOSE.inputs() == ("1", "2", "5")
