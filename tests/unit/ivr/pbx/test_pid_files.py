"""Pid files that a reused process id cannot fool."""

import os
from pathlib import Path

from ivr.pbx.pid_files import PidFile, ProcessIdentity


def test_living_process_is_found(tmp_path: Path) -> None:
    file = PidFile(tmp_path / "run/x.pid")
    written = file.write(os.getpid())
    assert written is not None
    assert written.lives
    assert file.living() == written


def test_other_process_with_the_same_id_is_not_taken_for_it(tmp_path: Path) -> None:
    path = tmp_path / "x.pid"
    file = PidFile(path)
    file.write(os.getpid())
    pid, began, boot = path.read_text().split()
    path.write_text(f"{pid} {int(began) - 1} {boot}\n")
    assert file.living() is None
    path.write_text(f"{pid} {began} another-boot\n")
    assert file.living() is None


def test_rubbish_and_nothing_are_no_process(tmp_path: Path) -> None:
    file = PidFile(tmp_path / "x.pid")
    assert file.living() is None
    (tmp_path / "x.pid").write_text("not a pid\n")
    assert file.living() is None
    assert ProcessIdentity.of(2**22 + 1) is None
