"""Folders of dialplans for tests: the shipped site, and lines to put beside it."""

import shutil
from itertools import count
from pathlib import Path

import pytest

SHIPPED = Path(__file__).parents[4] / "dialplans"
_numbers = count(97229909000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in SHIPPED.glob("*.yaml"):
        shutil.copy(path, tmp_path)
    return tmp_path


def line(name: str, steps: str, **head: str) -> str:
    """Return the text of a line's file; its first step is ``first`` and stands in line 7."""
    keys = {"language": "he", "start": "first", "on_error": "first", **head}
    written = "".join(f"{key}: {value}\n" for key, value in keys.items())
    return f"line: {name}\nnumbers: ['+{next(_numbers)}']\n{written}steps:\n{steps}"
