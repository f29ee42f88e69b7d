"""A plan of 300 steps is proved while an administrator waits; ten times that is ten times more."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.bench.proof_growth import measure

pytestmark = pytest.mark.full


def test_three_hundred_steps_are_proved_in_two_seconds(
    record_property: Callable[[str, object], None],
) -> None:
    few, many = measure(300), measure(3000)
    for name, value in {**few, "of 3,000 steps": many["seconds"]}.items():
        record_property(name, value)
    assert few["steps"] >= 300
    assert few["seconds"] <= 2.0
    assert many["states"] <= 10.5 * few["states"]
