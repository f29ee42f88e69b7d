"""Plans as they are kept: one text, read back as the same plan, that changes with any file."""

from pathlib import Path

import pytest

from ivr.dialplan import schema
from ivr.dialplan.check import load_site
from ivr.dialplan.loader import link, plan_of_text, read_plan
from ivr.dialplan.plan import MAX_STEPS_OF_PLAN, PlanFile
from ivr.dialplan.problem import SiteInvalid
from ivr.ids import Label, LineName

SHIPPED = Path(__file__).parents[4] / "dialplans"
PLANS = load_site(SHIPPED).plans
HEAD = "line: a\nnumbers: ['106']\nlanguage: he\nstart: s0\non_error: s0\nsteps:\n"


def plan_file(text: str) -> PlanFile:
    plan, problems = read_plan("a.yaml", text)
    assert plan is not None
    assert problems == []
    return plan


@pytest.mark.parametrize("line", PLANS)
def test_the_kept_text_is_read_back_as_the_same_plan(line: LineName) -> None:
    assert plan_of_text(PLANS[line].text) == PLANS[line]


def test_the_version_changes_with_a_sub_dialplan() -> None:
    council = PLANS[LineName("council")]
    changed = plan_of_text(council.text.replace("wait: 90", "wait: 91"))
    assert changed.version_hash != council.version_hash
    assert set(council.sources) == {"council.yaml", "centre.yaml"}


def test_a_kept_text_that_is_not_understood_any_more_says_so() -> None:
    with pytest.raises(SiteInvalid, match="unknown kind 'quue'"):
        plan_of_text(PLANS[LineName("council")].text.replace("kind: queue", "kind: quue"))


def test_a_sub_dialplan_that_does_not_exist_cannot_be_linked() -> None:
    plan = plan_file(HEAD + "  s0: {kind: subroutine, dialplan: x, next: end}\n")
    with pytest.raises(SiteInvalid, match=r"a.yaml:7: steps.s0: no sub-dialplan 'x'"):
        link(plan, {})


def test_a_plan_of_too_many_steps_is_refused() -> None:
    steps = "".join(f"  s{n}: {{kind: hangup}}\n" for n in range(MAX_STEPS_OF_PLAN + 1))
    plan, problems = read_plan("a.yaml", HEAD + steps)
    assert plan is not None
    assert not plan.steps
    assert "more than 5000 steps" in str(problems[0])


def test_labels_lead_where_they_mean() -> None:
    plan = PLANS[LineName("billing")]
    assert plan.target(Label("notice"), Label("greeting")) == "greeting"
    assert plan.target(Label("centre.on_call"), Label("message")) == "centre.message"
    assert plan.target(Label("centre.on_call"), Label("end")) == "end"
    assert plan.target(Label("centre.on_call"), Label("return")) == "end"
    assert plan.target(Label("centre"), Label("(enter)")) == "centre.centre_queue"


def test_the_generated_files_are_written(tmp_path: Path) -> None:
    schema.write(tmp_path)
    for name in (schema.SCHEMA_FILE, schema.STEPS_FILE):
        assert (tmp_path / name).read_text() == (SHIPPED / name).read_text()
