"""Each step kind has an example that is valid; the generated files are current."""

import json
import shutil
from pathlib import Path

import pytest

from ivr.dialplan.check import check, load_site
from ivr.dialplan.loader import KINDS
from ivr.dialplan.proof.prove import Prover
from ivr.dialplan.proof.story import sentence
from ivr.dialplan.schema import SCHEMA_FILE, STEPS_FILE, schema, steps_page
from ivr.ids import LineName
from tests.fakes.caller import NOON

SHIPPED = Path(__file__).parents[4] / "dialplans"


def test_there_is_one_example_for_each_kind() -> None:
    assert {path.stem for path in (SHIPPED / "examples").glob("*.yaml")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_valid_and_shows_its_kind(kind: str, tmp_path: Path) -> None:
    for path in [*SHIPPED.glob("*.yaml"), SHIPPED / "examples" / f"{kind}.yaml"]:
        shutil.copy(path, tmp_path)
    assert check(tmp_path) == []
    loaded = load_site(tmp_path)
    plan = loaded.plans[LineName(kind)]
    assert kind in {step.kind for step in plan.steps.values()}
    prover = Prover(
        site=loaded.site,
        length=lambda _language, _name: 4.0,
        day_kind=lambda moment: loaded.site.calendar.at(moment).kind,
        now=NOON,
    )
    assert [sentence(one, prover.budgets) for one in prover.prove(plan).counterexamples] == []


def test_the_generated_files_are_current() -> None:
    assert json.loads((SHIPPED / SCHEMA_FILE).read_text()) == schema(), "run -m ivr.dialplan.schema"
    assert (SHIPPED / STEPS_FILE).read_text() == steps_page(), "run -m ivr.dialplan.schema"
