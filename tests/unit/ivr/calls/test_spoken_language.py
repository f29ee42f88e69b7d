"""Which language a call is in: the line's, the caller's choice, another line's."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from ivr.calls.context import CallContext
from ivr.calls.speech import Speaker
from ivr.dialplan.context import Spoken
from tests.unit.ivr.calls.test_visit import visit

SPOKEN = {"billing": ("he", "en"), "tourists": ("en", "ar"), "council": ("he",)}


class Catalogue:
    def resolve(self, language: str, name: str) -> list[str]:
        return [f"sound:{language}/{name}"]

    def length(self, _language: str, _name: str) -> float:
        return 2.0


def call_in(language: str, *, chosen: bool = False) -> CallContext:
    one = visit()
    one.language, one.language_chosen = language, chosen
    one.plan = cast("Any", SimpleNamespace(language="he", languages=SPOKEN))
    speaker = Speaker(cast("Any", Catalogue()), {"en": cast("Any", English())})
    return CallContext(one, cast("Any", SimpleNamespace(speaker=speaker)))


class English:
    def digits(self, value: str) -> list[str]:
        return [f"digit_{digit}" for digit in value]


@pytest.mark.parametrize(
    ("language", "chosen", "line", "then"),
    [
        ("he", False, "tourists", "en"),
        ("he", True, "tourists", "en"),  # which the caller chose, but that line does not speak
        ("he", True, "council", "he"),
        ("en", True, "billing", "en"),
        ("en", True, "council", "he"),
        ("en", False, "billing", "he"),
    ],
)
def test_another_line_speaks_its_own_language_or_the_chosen_one(
    language: str, chosen: bool, line: str, then: str
) -> None:
    call = call_in(language, chosen=chosen)
    call.hand_over(line)
    assert call.language == then


def test_a_choice_stays_a_choice() -> None:
    call = call_in("he")
    call.speak("en")
    call.hand_over("tourists")
    call.hand_over("billing")
    assert call.language == "en"


def test_the_trace_says_when_it_is_not_the_language_of_the_line() -> None:
    number = Spoken.model_validate({"say": "12", "as": "digits"})
    said = call_in("en")._names(["hello", "he/choose", number])
    assert said == ["en/hello", "he/choose", "en/digit_1", "en/digit_2"]
    assert call_in("he")._names(["hello", "he/choose"]) == ["hello", "he/choose"]


def test_a_prompt_can_name_its_language() -> None:
    media = Speaker(cast("Any", Catalogue()), {}).media("he", ["hello", "en/hello"])
    assert media.uris == ("sound:he/hello", "sound:en/hello")
    assert media.seconds == 4.0
