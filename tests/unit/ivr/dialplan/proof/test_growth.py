"""The proof's cost grows with the plan, and no faster."""

from __future__ import annotations

import pytest

from tests.bench.proof_growth import plan_of, prover


def states(steps: int) -> int:
    return prover().prove(plan_of(steps)).states


@pytest.mark.parametrize("steps", [80, 160])
def test_twice_the_steps_are_twice_the_states(steps: int) -> None:
    first, second, third = states(steps), states(2 * steps), states(3 * steps)
    assert third - second == second - first  # a straight line, exactly
    assert second <= 2.1 * first
