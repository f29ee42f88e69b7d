"""Files made to hurt: refused in bounded time with a clear problem."""

import json
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.dialplan.loader import read_plan
from ivr.dialplan.site_file import read_site
from ivr.dialplan.yaml_text import LONGEST, read_yaml

BOMB = "a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "[" * 20000,
        "{" * 20000,
        "- " * 20000,
        "a: " + "[" * 50 + "]" * 50,
        "x" * (LONGEST + 1),
        "a: &a {b: *a}",
        "a: &a [*a]",
        '"\\ud800": 1',
        'a: "\\ud800"',
        "? [a, b]\n: c",
        "<<: {a: b}",
        "a: !!binary aGVsbG8=",
        "a: 0x" + "f" * 5000,
        "a: " + "9" * 5000,
        "a: 1e999999999",
        "%YAML 1.1\n---\na: no",
        "a: \u202e",
        "*a",
    ],
    ids=lambda text: str(text)[:20],
)
def test_is_refused_with_a_problem_and_soon(text: str) -> None:
    started = time.monotonic()
    plan, problems = read_plan("bad.yaml", text)
    assert plan is None
    assert problems
    assert all(str(problem).isprintable() for problem in problems)
    assert time.monotonic() - started < 2


@settings(deadline=None, max_examples=300)
@given(st.text(max_size=200))
def test_no_text_breaks_the_reader(text: str) -> None:
    plan, problems = read_plan("any.yaml", text)
    assert (plan is None) == bool(problems)
    assert read_site("site.yaml", text)[0] is None


@settings(deadline=None, max_examples=200)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["line", "steps", "kind", "menu", "digits", "x"]), inner
            )
        ),
        max_leaves=12,
    )
)
def test_no_shape_breaks_the_reader(value: object) -> None:
    _, problems = read_plan("any.yaml", json.dumps(value))
    assert problems


def test_words_that_older_yaml_turns_into_truth_stay_words() -> None:
    assert read_yaml("f", "{no: yes, on: off, y: n}").data == {"no": "yes", "on": "off", "y": "n"}


def test_every_value_has_its_line() -> None:
    file = read_yaml("f", "a:\n  b:\n    - c\n    - d\n")
    assert [file.line_of(path) for path in [("a",), ("a", "b"), ("a", "b", 1)]] == [1, 2, 4]
    assert file.line_of(("a", "b", 7)) == 2
