"""Texts with names in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from ivr.dialplan.template import TemplateText, VariableName, names_in, render, storable

TEXT = TypeAdapter(TemplateText)
NAME = TypeAdapter(VariableName)


def test_replaces_names_and_nothing_else() -> None:
    assert render("{a}-{b}-{a}", {"a": "1", "b": "2"}) == "1-2-1"
    assert render("{never}", {}) == ""
    assert names_in("{a} {b} {a}") == ("a", "b")


@pytest.mark.parametrize(
    "text",
    ["{0}", "{a.b}", "{a!r}", "{a:>9999999}", "{", "}", "{}", "{{a}}", "{A}", "{secret_pin}"],
)
def test_refuses_braces_that_are_not_around_a_plain_name(text: str) -> None:
    with pytest.raises(ValidationError):
        TEXT.validate_python(text)


@given(st.text())
def test_a_value_never_becomes_a_name(value: str) -> None:
    shown = render("[{a}]", {"a": value, "b": "leaked"})
    assert "leaked" not in shown.replace(value, "")
    assert "\n" not in shown
    assert len(shown) <= 202


@pytest.mark.parametrize(
    "name", ["caller", "called", "language", "site_name", "1a", "a-b", "", "Größe", "x" * 65]
)
def test_refuses_names_that_mean_something_else(name: str) -> None:
    with pytest.raises(ValidationError):
        NAME.validate_python(name)


def test_secret_variables_are_never_written_down() -> None:
    assert storable({"secret_pin": "1234", "topic": "a"}) == {"topic": "a"}
