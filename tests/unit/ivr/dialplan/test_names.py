"""What plans name must exist at that point: variables, values, sources, languages, prompts."""

from pathlib import Path

import pytest

from ivr.dialplan.check import check
from tests.unit.ivr.dialplan.sites import folder, line

__all__ = ["folder"]

BRANCH = "{kind: branch, when: [{if: \"vars.topic == ''\", then: end}], else: end}"
SET = "{kind: set, values: {topic: x}, next: %s}"
MENU = "{kind: menu, prompt: m, digits: {%s}, no_input: end, no_match: end}"
LOOKUP = "{kind: lookup, source: %s, keep: {%s: who}, found: end, unknown: end, failed: end}"


def found(folder: Path, *steps: str, **head: str) -> list[str]:
    """Return the problems of a line of *steps*, the first of which stands in its line 7."""
    text = line("test", "".join(f"  {step}\n" for step in steps), **head)
    (folder / "test.yaml").write_text(text)
    return [str(problem) for problem in check(folder)]


def test_a_variable_set_on_some_way_is_known(folder: Path) -> None:
    menu = "first: {kind: menu, prompt: m, digits: {'1': a, '2': b}, no_input: b, no_match: b}"
    assert found(folder, menu, f"a: {SET % 'b'}", f"b: {BRANCH}") == []


def test_a_variable_set_only_later_is_not(folder: Path) -> None:
    asks = "first: {kind: branch, when: [{if: \"vars.topic == ''\", then: a}], else: a}"
    assert found(folder, asks, f"a: {SET % 'end'}", on_error="a") == [
        "test.yaml:7: steps.first: the variable 'topic' is set on no way to this step, only in a"
    ]


def test_a_variable_set_beside_the_way_is_not(folder: Path) -> None:
    menu = "first: {kind: menu, prompt: m, digits: {'1': a, '2': b}, no_input: a, no_match: a}"
    problems = found(folder, menu, f"a: {SET % 'end'}", f"b: {BRANCH}", on_error="a")
    assert problems == [
        "test.yaml:9: steps.b: the variable 'topic' is set on no way to this step, only in a"
    ]


def test_a_circle_brings_back_what_was_set_in_it(folder: Path) -> None:
    asks = "first: {kind: branch, when: [{if: \"vars.topic == ''\", then: a}], else: end}"
    assert found(folder, asks, f"a: {SET % 'first'}", on_error="a") == []


def test_a_failure_may_come_after_anything_was_set(folder: Path) -> None:
    assert found(folder, f"first: {SET % 'end'}", f"sorry: {BRANCH}", on_error="sorry") == []


def test_a_sub_dialplan_sets_what_its_steps_set(folder: Path) -> None:
    sub = f"sub_dialplan: sub\nstart: first\nsteps:\n  first: {SET % 'return'}\n"
    (folder / "sub.yaml").write_text(sub)
    call = "first: {kind: subroutine, dialplan: sub, next: ask}"
    assert found(folder, call, f"ask: {BRANCH}", on_error="first") == []


def test_a_sub_dialplan_knows_what_its_head_says_it_is_given(folder: Path) -> None:
    text = (
        f"sub_dialplan: sub\n%sstart: first\nsteps:\n  first: {BRANCH.replace('end', 'return')}\n"
    )
    call = "first: {kind: subroutine, dialplan: sub, next: end}"
    (folder / "sub.yaml").write_text(text % "variables: [topic]\n")
    assert found(folder, call) == []
    (folder / "sub.yaml").write_text(text % "")
    assert found(folder, call) == ["sub.yaml:4: steps.first: the variable 'topic' is set nowhere"]


def test_a_long_plan_is_checked_while_one_types(folder: Path) -> None:
    steps = [f"s{n}: {{kind: set, values: {{v{n}: x}}, next: s{n + 1}}}" for n in range(4000)]
    asks = "s4000: {kind: set, values: {a: '{v3999}'}, next: s0}"
    assert found(folder, *steps, asks, start="s0", on_error="s4000") == []


@pytest.mark.parametrize(
    ("step", "words"),
    [
        ("{kind: set, values: {a: '{site_centre_name}'}, next: end}", ""),
        (
            "{kind: set, values: {a: '{site_center_name}'}, next: end}",
            "no value 'center_name' in site.yaml, under 'values' (did you mean 'site_centre_name'",
        ),
        ("{kind: branch, when: [{if: \"vars.site_x == ''\", then: end}], else: end}", "no value"),
        ("{kind: set, values: {site_x: y}, next: end}", "is a value of the site"),
        (LOOKUP % ("residents", "name"), ""),
        (LOOKUP % ("resident", "name"), "no lookup 'resident' in site.yaml (did you mean 'resid"),
        (LOOKUP % ("residents", "nmae"), "no value 'residents.nmae' in site.yaml (did you mean"),
        (MENU % "'1': end, '2': end, '3': end, '4': end, '5': end, '0': end", ""),
        (
            MENU % "'1': end, '2': end, '3': end, '4': end, '5': end, '6': end",
            "6 choices are told, nobody remembers more than 5: put the rarer ones into a second",
        ),
        (
            "{kind: language, digits: {'1': he, '2': en}, next: end, no_input: end}",
            "'en' is not among the languages of the plan (he): write it at the top",
        ),
    ],
)
def test_names_what_there_is_not(folder: Path, step: str, words: str) -> None:
    problems = found(folder, f"first: {step}")
    assert [problem for problem in problems if words and words in problem] == problems[:1]
    assert bool(problems) is bool(words), problems


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ({"languages": "[he, en]"}, ""),
        ({"languages": "[he, ru]"}, "test.yaml:6: languages: the house does not speak 'ru'"),
        ({"language": "ru"}, "test.yaml:3: language: the house does not speak 'ru'"),
        ({"languages": "[en]"}, "'languages' must hold 'language', too: 'he'"),
    ],
)
def test_a_line_speaks_what_the_house_speaks(
    folder: Path, head: dict[str, str], words: str
) -> None:
    problems = found(folder, "first: {kind: hangup}", **head)
    assert [words in problem for problem in problems] == ([True] if words else [])


def test_prompts_are_needed_in_every_language_that_can_be_heard(folder: Path) -> None:
    both = {"recording_notice", "welcome_council"}
    known = {"he": both, "en": both - {"welcome_council"}}
    council = (folder / "council.yaml").read_text()
    (folder / "council.yaml").write_text(
        council.replace("language: he", "language: he\nlanguages: [he, en]")
    )
    problems = [str(problem) for problem in check(folder, known)]
    assert "council.yaml:14: steps.greeting: no prompt 'welcome_council' in 'en'" in problems
    assert any("centre.yaml" in problem and "in 'en'" in problem for problem in problems)
    assert not any("billing.yaml" in problem and "in 'en'" in problem for problem in problems)
