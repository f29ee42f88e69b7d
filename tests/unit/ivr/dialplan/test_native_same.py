"""A plan and its native form: the same callers come to the same ends, past the same steps."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, note, settings

from ivr.dialplan.check import load_site
from ivr.dialplan.native_plan import NotCompilable, compile_plan
from ivr.dialplan.plan import Dialplan
from tests.fakes.random_plans import Setting, plans
from tests.fakes.random_plans import settings as worlds
from tests.fakes.walked import Walked

SITE = load_site(Path(__file__).parents[4] / "dialplans").site
PATIENT = settings(deadline=None, suppress_health_check=list(HealthCheck))


def _same(plan: Dialplan, setting: Setting) -> None:
    try:
        native = compile_plan(plan, SITE)
    except NotCompilable:
        assume(False)
    ours = Walked(plan, setting.call(plan))
    asterisks = Walked(native.as_dialplan(), setting.call(plan))
    note(f"{native.steps}\n{plan.steps}\n{setting}")
    assert asterisks.labels == ours.labels
    assert asterisks.met == ours.met
    assert asterisks.asked == ours.asked
    assert asterisks.end == ours.end
    if ours.end != "person":  # whom the plan would only say goodbye to goes to a person at once
        assert asterisks.heard == ours.heard


@pytest.mark.timeout(60)
@settings(PATIENT, max_examples=200)
@given(plans(), worlds())
def test_random_callers_end_the_same(plan: Dialplan, setting: Setting) -> None:
    _same(plan, setting)


@pytest.mark.full
@pytest.mark.timeout(600)
@settings(PATIENT, max_examples=2000)
@given(plans(), worlds())
def test_many_random_callers_end_the_same(plan: Dialplan, setting: Setting) -> None:
    _same(plan, setting)
