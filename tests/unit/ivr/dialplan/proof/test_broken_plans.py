"""Plans that were broken on purpose: each shows the caller who is not served, and really loses him.

Each stands in ``broken/``: a base, what is changed in it, and which rule is broken at which step.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from ruamel.yaml import YAML

from ivr.dialplan.proof.rules import Budgets, Rule
from ivr.dialplan.proof.story import sentence
from tests.unit.ivr.dialplan.proof.proving import HERE, PROVER, changed, files_of, plan_of
from tests.unit.ivr.dialplan.proof.replay import check_real

BROKEN = [
    one
    for path in sorted((HERE / "broken").glob("*.yaml"))
    for one in YAML(typ="safe").load(path.read_text(encoding="utf-8"))
]


def test_there_are_many_and_each_has_a_name_of_its_own() -> None:
    assert len({one["name"] for one in BROKEN}) == len(BROKEN) >= 50


@pytest.mark.parametrize("base", sorted({one["base"] for one in BROKEN}))
def test_the_unbroken_plan_holds(base: str) -> None:
    assert PROVER.prove(plan_of(files_of(base))).counterexamples == ()


@pytest.mark.parametrize("broken", BROKEN, ids=[one["name"] for one in BROKEN])
def test_the_broken_plan_gives_its_caller(broken: Mapping[str, Any]) -> None:
    plan = plan_of(changed(files_of(broken["base"]), broken["change"]))
    found = {(one.rule, one.label): one for one in PROVER.prove(plan).counterexamples}
    example = found[Rule(broken["rule"]), broken["at"]]
    told = sentence(example, Budgets())
    assert [words for words in broken["says"] if words not in told] == [], told
    for one in found.values():
        check_real(plan, one)
