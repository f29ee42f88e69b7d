"""Lines that hand calls to one another: linked at load, each with its own ways out of trouble."""

from pathlib import Path

import pytest

from ivr.dialplan.check import check, load_site
from ivr.dialplan.interpreter import Ending, run_dialplan
from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.plan import Dialplan
from ivr.ids import Label, LineName
from tests.fakes.caller import FakeCall
from tests.results import result_of
from tests.unit.ivr.dialplan.sites import folder, line

__all__ = ["folder"]

TO_B = "  first: {kind: transfer, line: b}\n"
SORRY = "  sorry: {kind: hangup, prompt: sorry_technical}\n"


@pytest.fixture
def plan(folder: Path) -> Dialplan:
    """Line ``a`` hands over to ``b``, which hands over to the council's line."""
    heads = {"languages": "[en, he]", "language": "en", "on_error": "sorry"}
    steps = "  first: {kind: play, prompt: welcome_council, next: on}\n"
    steps += "  on: {kind: transfer, line: council}\n" + SORRY
    (folder / "b.yaml").write_text(line("b", steps, **heads))
    (folder / "a.yaml").write_text(line("a", TO_B))
    return load_site(folder).plans[LineName("a")]


def test_the_other_line_stands_in_the_plan(plan: Dialplan) -> None:
    assert {"first.first", "first.on", "first.sorry", "first.on.notice"} <= set(plan.steps)
    assert plan.languages == {"a": ("he",), "b": ("en", "he"), "council": ("he",)}
    assert set(plan.sources) == {"a.yaml", "b.yaml", "council.yaml", "centre.yaml"}
    assert plan_of_text(plan.text) == plan


def test_a_call_goes_through_all_of_them(plan: Dialplan) -> None:
    call = FakeCall()
    ending = result_of(run_dialplan(plan, call, call.trace, at_step=call.at_step))
    assert ending is Ending.FINISHED
    handed = [what[1] for what in call.happened if what[0] == "hand_over"]
    assert handed == ["b", "council"]
    assert [entry.label for entry in call.trace.entries][:4] == [
        "first",
        "first.first",
        "first.on",
        "first.on.notice",
    ]
    assert call.heard[-1] == "goodbye"


def test_what_fails_after_a_transfer_is_told_as_the_other_line_tells_it(plan: Dialplan) -> None:
    assert plan.on_error_at(Label("first")) == "first"
    assert plan.on_error_at(Label("first.first")) == "first.sorry"
    assert plan.on_error_at(Label("first.on.greeting")) == "first.on.sorry"
    assert plan.on_error_at(Label("first.on.centre.on_call")) == "first.on.sorry"


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (TO_B, "a.yaml:7: steps.first.line: no line 'b' among the files"),
        (TO_B.replace("b}", "concil}"), "no line 'concil' among the files (did you mean 'council'"),
        (TO_B.replace("b}", "whatsapp-only}"), "takes no voice calls: hand the call to another"),
        (TO_B.replace("b}", "a}"), "lines hand calls to one another in a circle"),
    ],
)
def test_a_transfer_that_cannot_be(folder: Path, written: str, words: str) -> None:
    (folder / "a.yaml").write_text(line("a", written))
    assert [words in str(problem) for problem in check(folder)] == [True]


def test_lines_that_go_round_in_a_circle_are_refused_where_they_do(folder: Path) -> None:
    for name, other in (("a", "b"), ("b", "c"), ("c", "b")):
        (folder / f"{name}.yaml").write_text(line(name, TO_B.replace("b}", other + "}")))
    circle = "steps.first: lines hand calls to one another in a circle, or too deep"
    assert [str(problem) for problem in check(folder)] == [
        f"b.yaml:7: {circle}",
        f"c.yaml:7: {circle}",
    ]
