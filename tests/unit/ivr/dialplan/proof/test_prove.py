"""The proof as a whole: what it says of itself, and that one caller stands for many."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ivr.dialplan.proof.rules import Budgets, Rule
from tests.unit.ivr.dialplan.proof.proving import PROVER, changed, files_of, plan_of

BILLING = plan_of(files_of("billing"))


def test_a_proof_names_its_line_and_its_version() -> None:
    proof = PROVER.prove(BILLING)
    assert (proof.line, proof.version_hash) == ("billing", BILLING.version_hash)
    assert proof.holds
    assert (proof.worlds, proof.took < 2) == (2, True)


def test_one_caller_is_shown_for_each_rule_at_each_step_the_worst_first() -> None:
    broken = {"billing/steps/welcome/no_match": "end", "billing/steps/welcome/no_input": "welcome"}
    proof = PROVER.prove(plan_of(changed(files_of("billing"), broken)))
    shown = [(one.rule, one.label) for one in proof.counterexamples]
    assert len(set(shown)) == len(shown)
    assert shown == sorted(shown, key=lambda one: (list(Rule).index(one[0]), one[1]))
    assert not proof.holds


@pytest.mark.parametrize(
    ("budgets", "rule"),
    [
        (Budgets(first_person=20), Rule.TOO_LATE),
        (Budgets(in_all=100), Rule.TOO_LONG),
        (Budgets(menu=10), Rule.LONG_MENU),
    ],
)
def test_the_budgets_are_the_sites_own(budgets: Budgets, rule: Rule) -> None:
    strict = replace(PROVER, budgets=budgets)
    assert {one.rule for one in strict.prove(BILLING).counterexamples} == {rule}


def test_a_story_tells_when_each_thing_happens() -> None:
    strict = replace(PROVER, budgets=Budgets(in_all=100))
    for example in strict.prove(BILLING).counterexamples:
        at = 0.0
        for one in example.story:
            assert one.at == pytest.approx(at, abs=0.1)
            at += one.seconds
        assert example.seconds == pytest.approx(at, abs=0.1)
