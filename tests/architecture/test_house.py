"""The shape of the house: sizes, layers, plug-ins complete, nothing left that should not be."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from crm_bridge.connectors import CONNECTORS
from ivr.dialplan.steps import STEP_KINDS
from ivr.prompts.engines import ENGINES
from ivr.prompts.languages import LANGUAGES

CHECKOUT = Path(__file__).resolve().parents[2]
LONGEST_MODULE = 400
_NOT_OURS = re.compile(r"_generated\.py$|/migrations/versions/")
_VAGUE = re.compile(r"(^|_)(utils?|helpers?|common|base|manager|misc)(_|$)")


def _modules(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((CHECKOUT / folder).rglob("*.py"))]
    return [
        path.relative_to(CHECKOUT)
        for path in found
        if not _NOT_OURS.search(str(path)) and "node_modules" not in path.parts
    ]


PRODUCT = _modules("ivr", "crm_bridge")


@pytest.mark.parametrize("module", [*PRODUCT, *_modules("tests")], ids=str)
def test_no_module_is_longer_than_one_thought(module: Path) -> None:
    assert len((CHECKOUT / module).read_text().splitlines()) <= LONGEST_MODULE


@pytest.mark.parametrize("module", PRODUCT, ids=str)
def test_every_module_says_its_job_in_its_first_line(module: Path) -> None:
    docstring = ast.get_docstring(ast.parse((CHECKOUT / module).read_text()))
    assert docstring
    assert docstring.splitlines()[0].strip().endswith((".", ":", "?", ".``")), docstring


@pytest.mark.parametrize("module", PRODUCT, ids=str)
def test_no_module_has_a_name_that_says_nothing(module: Path) -> None:
    assert not _VAGUE.search(module.stem)


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", STEP_KINDS, ids=lambda kind: kind.__name__)
def test_every_step_is_explained_and_shown(kind: type) -> None:
    name = kind.model_fields["kind"].default  # type: ignore[attr-defined]
    assert "Exits:" in kind.documentation()  # type: ignore[attr-defined]
    assert (CHECKOUT / "dialplans" / "examples" / f"{name}.yaml").exists()


@pytest.mark.parametrize("folder", ["steps", "languages", "engines", "connectors"])
def test_every_plug_in_file_is_listed(folder: str) -> None:
    listed = {"steps": STEP_KINDS, "languages": LANGUAGES, "engines": ENGINES}.get(
        folder, CONNECTORS
    )
    place = {
        "steps": "ivr/dialplan/steps",
        "languages": "ivr/prompts/languages",
        "engines": "ivr/prompts/engines",
        "connectors": "crm_bridge/connectors",
    }[folder]
    files = {path.stem for path in (CHECKOUT / place).glob("*.py")} - {"__init__"}
    modules = {
        (one if isinstance(one, type) else type(one)).__module__.rpartition(".")[2]
        for one in listed
    }
    assert modules == files


def test_nothing_is_left_for_later() -> None:
    """No placeholder, skip or note to oneself hides in the product."""
    words = re.compile("|".join(["PLACE" + "HOLDER", "TO" + "DO", "FIX" + "ME", "X" + "XX"]))
    found = [module for module in PRODUCT if words.search((CHECKOUT / module).read_text())]
    assert found == []


def test_nothing_of_the_machine_is_committed() -> None:
    """No registry host in lock files, no absolute path of a developer's machine."""
    files = subprocess.run(
        ["git", "ls-files", "-z"], cwd=CHECKOUT, capture_output=True, text=True, check=True
    ).stdout.split("\0")
    hosts = re.compile(
        r"https?://(registry\.npmjs|files\.pythonhosted|pypi\.org/simple|deb\.debian)"
    )
    for name in filter(None, files):
        if name.endswith((".lock", "package-lock.json")) or "requirements" in name:
            assert not hosts.search((CHECKOUT / name).read_text()), name
