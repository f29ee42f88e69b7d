"""What templates may print."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.pbx.escaping import Allowed, TextRefused, allow, only_allowed


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("+97229900200", "number"), ("106", "number"), ("billing", "word"), ("5060", "integer"),
        ("127.0.0.0/8", "address"), ("sip.example.net:5060", "host"), ("/a/b c", "path"),
    ],
)  # fmt: skip
def test_fit_text_passes_unchanged(text: str, field: str) -> None:
    assert allow(text, field) == text


@pytest.mark.parametrize("field", ["word", "number", "integer", "address", "host", "path"])
@pytest.mark.parametrize("text", ["a\nb", "a;b", "${SHELL(id)}", "a,b", "a)b", "", " "])
def test_text_that_could_change_meaning_is_refused(field: str, text: str) -> None:
    with pytest.raises(TextRefused):
        allow(text, field)


def test_refusal_does_not_repeat_the_text() -> None:
    with pytest.raises(TextRefused) as refused:
        allow("my secret!", "secret")
    assert "my secret" not in str(refused.value)


def test_unchecked_value_is_not_printed() -> None:
    assert only_allowed(Allowed("x")) == "x"
    with pytest.raises(TextRefused):
        only_allowed("x")


@given(st.text(max_size=40))
def test_nothing_that_passes_as_a_word_can_end_a_line_or_a_value(text: str) -> None:
    try:
        passed = allow(text, "word")
    except TextRefused:
        return
    assert not set(passed) & set("\r\n;,()[]{}$&|\"' ")
