"""Numbers in every form carriers send, and rubbish."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.ids import LineName
from ivr.routing.numbers import LONGEST, Caller, NumberPlan, normalise_called, normalise_caller

PLAN = NumberPlan(
    {
        LineName("billing"): ["+97229900200"],
        LineName("council"): ["+97229900106", "106"],
        LineName("whatsapp-only"): ["+972527250801"],
    }
)


@pytest.mark.parametrize(
    ("did", "line"),
    [
        ("029900200", "billing"),
        ("+97229900200", "billing"),
        ("97229900200", "billing"),
        ("0097229900200", "billing"),
        ("02-990-0200", "billing"),
        ("+972-2-9900200", "billing"),
        ("+972029900200", "billing"),
        ("sip:+97229900200@203.0.113.5;user=phone", "billing"),
        ("106", "council"),
        ("029900106", "council"),
        ("0527250801", "whatsapp-only"),
        ("972527250801", "whatsapp-only"),
        ("9900200", None),
        ("", None),
        ("s", None),
    ],
)
def test_finds_the_line_of_a_called_number(did: str, line: str | None) -> None:
    assert PLAN.line_for(did) == line


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("*6565", "*6565"),
        ("100", "100"),
        ("118", "118"),
        ("1255", "1255"),
        ("1-800-123-456", "1800123456"),
        ("+972 1700 500 600", "1700500600"),
        ("050-123-4567", "+972501234567"),
        ("٠٥٠١٢٣٤٥٦٧", "+972501234567"),
        ("\u202a050-1234567\u202c", "+972501234567"),
        ("050–1234567", "+972501234567"),
        ("+442079460000", "+442079460000"),
        ("00442079460000", "+442079460000"),
        ("29900200", "29900200"),
        ("0", "0"),
        ("00", "00"),
        ("+", "+"),
        ("${SHELL(reboot)}", "${SHELL(reboot)}"),
        ("0²3", "0²3"),
    ],
)
def test_brings_a_number_to_one_form_or_keeps_it(text: str, number: str) -> None:
    assert normalise_called(text) == number


@pytest.mark.parametrize(
    ("text", "caller"),
    [
        ("0501110001", Caller("+972501110001", "050-111-0001", anonymous=False)),
        ("+442079460000", Caller("+442079460000", "+44 20 7946 0000", anonymous=False)),
        ("anonymous", Caller("", "", anonymous=True)),
        ("Restricted", Caller("", "", anonymous=True)),
        ('"Anonymous" <sip:anonymous@anonymous.invalid>', Caller("", "", anonymous=True)),
        ("", Caller("", "", anonymous=True)),
        ("201", Caller("201", "201", anonymous=False)),
        ("דני", Caller("דני", "דני", anonymous=False)),
        (
            "'; DROP TABLE calls",
            Caller("; DROP TABLE calls", "; DROP TABLE calls", anonymous=False),
        ),
    ],
)
def test_tells_who_calls(text: str, caller: Caller) -> None:
    assert normalise_caller(text) == caller


@given(st.text(max_size=400) | st.from_regex(r"[+0-9*# ()-]{0,40}", fullmatch=True))
def test_nothing_that_arrives_is_a_reason_to_lose_a_call(text: str) -> None:
    caller = normalise_caller(text)
    assert caller.anonymous == (caller.number == "")
    for shown in (caller.number, caller.shown, normalise_called(text)):
        assert shown.isprintable()
        assert len(shown) <= LONGEST
    PLAN.line_for(text)


@given(st.integers(min_value=20_000_000, max_value=99_999_999))
def test_all_forms_of_a_national_number_are_one_number(national: int) -> None:
    forms = [f"0{national}", f"+972{national}", f"972{national}", f"00972{national}"]
    assert len({normalise_called(form) for form in forms}) == 1


@given(st.text(max_size=60))
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise_called(text)
    assert normalise_called(once) == once
