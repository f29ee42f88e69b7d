"""``./moked service install``: the files it writes for systemd and logrotate."""

from pathlib import Path

import pytest

from tests.unit.launcher.bare_machine import BareMachine


@pytest.fixture
def machine(tmp_path: Path) -> BareMachine:
    return BareMachine(tmp_path)


def test_unit_starts_this_checkout_and_never_dumps_memory(
    machine: BareMachine, tmp_path: Path
) -> None:
    result = machine.run("service", "install", "--to", str(tmp_path / "etc"))
    assert result.returncode == 0, result.stderr
    unit = (tmp_path / "etc/systemd/system/moked.service").read_text().splitlines()
    assert f'ExecStart="{machine.checkout}/moked" up' in unit
    assert f'ExecStop="{machine.checkout}/moked" down' in unit
    assert f"User={machine.checkout.owner()}" in unit
    assert {"Restart=always", "LimitCORE=0", "KillMode=process"} <= set(unit)
    assert "systemctl enable --now moked" in result.stdout


def test_percent_signs_are_not_read_as_specifiers(machine: BareMachine, tmp_path: Path) -> None:
    machine.run("service", "install", "--to", str(tmp_path / "etc"), MOKED_HOME="/srv/100%/home")
    unit = (tmp_path / "etc/systemd/system/moked.service").read_text()
    assert '"MOKED_HOME=/srv/100%%/home"' in unit


def test_what_processes_print_is_rotated_where_it_is(machine: BareMachine, tmp_path: Path) -> None:
    machine.run("service", "install", "--to", str(tmp_path / "etc"), MOKED_HOME="/srv/moked")
    rule = (tmp_path / "etc/logrotate.d/moked").read_text()
    assert '"/srv/moked/log/*.out"' in rule
    assert "copytruncate" in rule


@pytest.mark.parametrize("words", [[], ["remove"], ["install", "--quick"]])
def test_other_words_are_answered_with_a_sentence(machine: BareMachine, words: list[str]) -> None:
    result = machine.run("service", *words)
    assert result.returncode == 1
    assert result.stderr.startswith("Moked: ")
