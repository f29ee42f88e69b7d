"""A counterexample as a sentence."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.dialplan.proof.prove import Counterexample, Happening, Proof
from ivr.dialplan.proof.rules import Budgets, Rule
from ivr.dialplan.proof.story import sentence, told
from ivr.ids import Label, LineName
from tests.unit.ivr.dialplan.proof.proving import SUNDAY

HERE = Label("here")


def happened(what: str, name: str = "", outcome: str = "", seconds: float = 0.0) -> Happening:
    return Happening(0.0, HERE, what, name, outcome, seconds)


def example(rule: Rule = Rule.LOST, *story: Happening) -> Counterexample:
    return Counterexample(rule, HERE, SUNDAY, False, "he", 71.4, story)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (happened("pressed", "2"), "presses 2"),
        (happened("pressed"), "says nothing"),
        (happened("queue", "centre", "full"), "queue centre full"),
        (happened("queue", "centre", "no_answer", 25), "queue centre no answer after 25 s"),
        (happened("dial", "on_call", "no_answer", 30), "on_call rings 30 s: no answer"),
        (happened("hours", "office", "closed"), "office is closed"),
        (happened("emergency", "", "on"), "emergency is on"),
        (happened("day", "", "eve"), "the day is eve"),
        (happened("condition", "vars.x == ''", "false"), "vars.x == '' is false"),
        (happened("lookup", "water", "failed"), "lookup water: failed"),
        (happened("refuse", "21", "too_late"), "refuse 21: too late"),
    ],
)
def test_each_thing_that_happens_has_its_words(one: Happening, words: str) -> None:
    assert f": {words}" in sentence(example(Rule.LOST, one), Budgets())


def test_what_is_merely_heard_is_left_out() -> None:
    silent = [happened("heard", "welcome"), happened("answer"), happened("answered", "", "no")]
    end = "→ the call ends after 71 s and nobody was reached"
    told_so = sentence(example(Rule.LOST, *silent), Budgets())
    assert told_so == f"Sunday 22.11.2026 10:00, hears he: {end}"


@pytest.mark.parametrize("rule", Rule)
def test_every_rule_has_its_end(rule: Rule) -> None:
    assert "→ " in sentence(example(rule, happened("pressed", "2")), Budgets())


def test_the_budgets_of_the_site_are_told() -> None:
    assert "(45 s)" in sentence(example(Rule.TOO_LATE), Budgets(first_person=45))


def test_an_emergency_is_told() -> None:
    assert "10:00, emergency, hears" in sentence(replace(example(), emergency=True), Budgets())


def test_each_counterexample_is_a_line_with_the_name_of_its_line() -> None:
    proof = Proof(LineName("billing"), "hash", (example(), example(Rule.ENDLESS)), 1, 1, 0.0)
    lines = list(told(proof, Budgets()))
    assert len(lines) == 2
    assert all(line.startswith("billing: Sunday") for line in lines)
