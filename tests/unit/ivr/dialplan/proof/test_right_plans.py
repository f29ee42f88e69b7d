"""Plans that are right in ways that are not plain to see: no false alarm."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ivr.dialplan.interpreter import Ending
from ivr.dialplan.proof.rules import Budgets
from tests.unit.ivr.dialplan.proof.proving import HERE, PROVER, SUNDAY, files_of, plan_of
from tests.unit.ivr.dialplan.proof.wanderer import Wanderer, seeds, wander

RIGHT = sorted(path.stem for path in (HERE / "right").glob("*.yaml"))
SHIPPED_LINES = ["billing", "council", "whatsapp-only"]
BUDGETS = Budgets()


def test_there_are_many() -> None:
    assert len(RIGHT) >= 15


@pytest.mark.parametrize("name", [*RIGHT, *SHIPPED_LINES])
def test_it_holds(name: str) -> None:
    assert PROVER.prove(plan_of(files_of(name))).counterexamples == ()


@pytest.mark.parametrize("name", [*RIGHT, *SHIPPED_LINES])
def test_whoever_calls_whenever_is_served_in_time(name: str) -> None:
    plan = plan_of(files_of(name))
    for chance in seeds(200):
        at = SUNDAY + timedelta(minutes=chance.randrange(60 * 24 * 30), seconds=-chance.random())
        call = Wanderer(moment=at, plan=plan, chance=chance, emergency=chance.random() < 0.3)
        ending = wander(plan, call)
        assert ending is Ending.FAILED or call.reached, call.trace.entries
        assert (call.reached_at or 0.0) <= BUDGETS.in_all
