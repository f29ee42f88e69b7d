"""Any plan at all: it is proved without an error, and what the proof says of it is so."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.dialplan.interpreter import Ending
from ivr.dialplan.loader import KINDS
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.prove import Proof
from ivr.dialplan.proof.rules import Budgets, Rule
from ivr.dialplan.proof.story import told
from tests.unit.ivr.dialplan.proof.proving import PROVER, SUNDAY, plan_of
from tests.unit.ivr.dialplan.proof.random_plans import files, steps_in
from tests.unit.ivr.dialplan.proof.replay import check_real
from tests.unit.ivr.dialplan.proof.wanderer import Wanderer, seeds, wander

SEEDS = st.integers(0, 10**9)
WEEK = 60 * 24 * 7  # minutes


def test_every_kind_comes_into_play() -> None:
    met = {kind for chance in seeds(60) for kind in steps_in(files(chance))}
    assert met == set(KINDS.values())


@settings(max_examples=50, deadline=None)
@given(SEEDS)
def test_it_is_proved_and_every_caller_who_is_named_is_really_lost(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - plans of a test
    plan = plan_of(files(chance))
    proof = PROVER.prove(plan)
    assert len(list(told(proof, Budgets()))) == len(proof.counterexamples)
    for example in proof.counterexamples:
        check_real(plan, example)


@settings(max_examples=80, deadline=None)
@given(SEEDS)
def test_no_caller_is_lost_whom_the_proof_does_not_name(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - plans of a test
    plan = plan_of(files(chance))
    proof = PROVER.prove(plan)
    for _ in range(20):
        at = SUNDAY + timedelta(minutes=chance.randrange(WEEK * 4), seconds=-chance.random())
        emergency = chance.random() < 0.3
        call = Wanderer(moment=at, plan=plan, chance=chance, emergency=emergency)
        _check_named(plan, proof, call, wander(plan, call))


def _check_named(plan: Dialplan, proof: Proof, call: Wanderer, ending: Ending) -> None:
    broken = {one.rule for one in proof.counterexamples}
    lost = {one.label for one in proof.counterexamples if one.rule is Rule.LOST}
    if ending is Ending.FINISHED and not call.reached:
        assert call.label in lost, plan.text
    if ending is Ending.LOOPED:
        assert Rule.ENDLESS in broken, plan.text
    if (call.reached_at or call.clock) > PROVER.budgets.in_all:
        assert broken & {Rule.TOO_LONG, Rule.ENDLESS}, plan.text
