"""A spare waits for its turn, and ends when there will be none."""

import sys
from pathlib import Path

import pytest

from ivr.pbx.spares import Spare, wait_for_turn
from ivr.settings import CHECKOUT

pytestmark = pytest.mark.drill

PROGRAM = (
    sys.executable,
    "-c",
    "import sys, pathlib; from ivr.pbx.spares import wait_for_turn; wait_for_turn();"
    "pathlib.Path('served').touch()",
)


def spare_in(folder: Path) -> Spare:
    spare = Spare()
    spare.prepare(PROGRAM, folder / "log", cwd=folder, env={"PYTHONPATH": str(CHECKOUT)})
    return spare


def test_ordinary_process_does_not_wait() -> None:
    wait_for_turn()


def test_spare_serves_when_its_turn_comes(tmp_path: Path) -> None:
    spare = spare_in(tmp_path)
    assert spare.waits
    assert not (tmp_path / "served").exists()
    process = spare.take()
    assert process is not None
    assert process.wait(20) == 0, (tmp_path / "log").read_text()
    assert (tmp_path / "served").exists()
    assert not spare.waits
    assert spare.take() is None


def test_spare_ends_with_its_keeper(tmp_path: Path) -> None:
    spare = spare_in(tmp_path)
    process = spare._process
    assert process is not None
    assert process.stdin is not None
    process.stdin.close()  # as when the supervisor is killed
    assert process.wait(20) == 0
    assert not (tmp_path / "served").exists()


def test_dead_spare_is_not_taken(tmp_path: Path) -> None:
    spare = spare_in(tmp_path)
    process = spare._process
    assert process is not None
    process.kill()
    process.wait()
    assert not spare.waits
    assert spare.take() is None
    spare_in(tmp_path).end()
