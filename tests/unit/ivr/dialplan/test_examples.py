"""Each step kind has an example that is valid; the generated files are current."""

import json
import shutil
from pathlib import Path

import pytest

from ivr.dialplan.check import check, load_site
from ivr.dialplan.loader import KINDS
from ivr.dialplan.schema import SCHEMA_FILE, STEPS_FILE, schema, steps_page
from ivr.ids import LineName

SHIPPED = Path(__file__).parents[4] / "dialplans"


def test_there_is_one_example_for_each_kind() -> None:
    assert {path.stem for path in (SHIPPED / "examples").glob("*.yaml")} == set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_the_example_is_valid_and_shows_its_kind(kind: str, tmp_path: Path) -> None:
    for path in [*SHIPPED.glob("*.yaml"), SHIPPED / "examples" / f"{kind}.yaml"]:
        shutil.copy(path, tmp_path)
    assert check(tmp_path) == []
    steps = load_site(tmp_path).plans[LineName(kind)].steps
    assert kind in {step.kind for step in steps.values()}


def test_the_generated_files_are_current() -> None:
    assert json.loads((SHIPPED / SCHEMA_FILE).read_text()) == schema(), "run -m ivr.dialplan.schema"
    assert (SHIPPED / STEPS_FILE).read_text() == steps_page(), "run -m ivr.dialplan.schema"
