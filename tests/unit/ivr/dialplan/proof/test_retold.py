"""What the proof found is what the engine does: a lost caller is lost again when played."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby
from typing import Any

import pytest

from ivr.dialplan.outcomes import Reached
from ivr.dialplan.proof.retold import scenario_of
from ivr.dialplan.proof.rules import Rule
from ivr.dialplan.simulate import simulate
from tests.unit.ivr.dialplan.proof.proving import (
    PROVER,
    SITE,
    changed,
    files_of,
    length,
    plan_of,
)
from tests.unit.ivr.dialplan.proof.test_broken_plans import BROKEN


@pytest.mark.parametrize("broken", BROKEN, ids=[one["name"] for one in BROKEN])
def test_each_counterexample_is_a_call_that_goes_the_same_way(broken: Mapping[str, Any]) -> None:
    plan = plan_of(changed(files_of(broken["base"]), broken["change"]))
    for example in PROVER.prove(plan).counterexamples:
        played = simulate(plan, SITE, scenario_of(example), length)
        way = iter(played.labels)
        for label, _ in groupby(one.label for one in example.story):
            assert label in way, (label, played.labels)
        if example.rule is Rule.LOST:
            assert (played.end.reached, played.ended_at) == (Reached.LOST, example.label)
