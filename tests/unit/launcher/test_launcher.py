"""``./moked`` on a bare machine: what it sets up, leaves alone, and says when it cannot go on."""

import fcntl
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.unit.launcher.bare_machine import BareMachine

STOPPED = "Moked set-up stopped: "
pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def machine(tmp_path: Path) -> BareMachine:
    return BareMachine(tmp_path)


def sentence(result: "subprocess.CompletedProcess[str]") -> str:
    """Return the one sentence with which set-up gave up."""
    assert result.returncode == 1, result
    (stopped,) = [line for line in result.stderr.splitlines() if line.startswith(STOPPED)]
    return stopped.removeprefix(STOPPED)


def test_up_sets_a_bare_machine_up_and_hands_over_to_python(machine: BareMachine) -> None:
    result = machine.run("up", "--detach")
    assert result.returncode == 0, result.stderr
    assert "args:-m ivr up --detach" in result.stdout
    assert f"PYTHONPATH:{machine.checkout}" in result.stdout
    assert "[1/3] Debian packages: " in result.stderr
    assert (machine.tools / "asterisk" / "complete").read_text() == "22.10.1+dfsg-1\n"
    assert (machine.tools / "asterisk/usr/share/asterisk/sounds/en").is_dir()
    assert json.loads((machine.tools / "versions.json").read_text())["asterisk"] == "22.10.1+dfsg-1"


def test_second_start_installs_nothing_and_costs_nothing(machine: BareMachine) -> None:
    machine.run("up")
    done = machine.calls
    for program in ("apt-get", "mmdebstrap", "in-tools", "system-python", "sudo"):
        (machine.state / "bin" / program).write_text("#!/bin/sh\nexit 99\n")
    began = time.monotonic()
    result = machine.run("up")
    assert (
        time.monotonic() - began < 1.5
    )  # 0.03 s on a quiet machine; five times the promised 0.3 s
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    assert machine.calls == done


def test_environment_for_tests_serves_running_too(machine: BareMachine) -> None:
    assert "tests/run.py -k one" in machine.run("test", "-k", "one").stdout
    done = machine.calls
    assert any("sip-tester" in call for call in done)
    assert machine.run("up").returncode == 0
    assert machine.calls == done


@pytest.mark.parametrize("command", ["status", "down", "call", "doctor", "backup"])
def test_other_commands_do_not_set_up(machine: BareMachine, command: str) -> None:
    result = machine.run(command)
    assert result.returncode == 1
    assert (
        result.stderr == f"Moked is not set up here yet: run {machine.checkout}/moked up first.\n"
    )
    assert not machine.tools.exists()
    assert machine.calls == []


@pytest.mark.parametrize("words", [[], ["help"], ["--help"], ["up", "--help"]])
def test_help_needs_no_set_up(machine: BareMachine, words: list[str]) -> None:
    result = machine.run(*words)
    assert result.returncode == 0
    assert "./moked up" in result.stdout
    assert machine.calls == []


def test_version_is_the_projects(machine: BareMachine) -> None:
    assert machine.run("--version").stdout.startswith("Moked 0.")


def test_works_through_a_link_and_with_a_relative_tools_folder(machine: BareMachine) -> None:
    link = machine.state / "moked"
    link.symlink_to(machine.checkout / "moked")
    result = subprocess.run(
        [str(link), "up"],
        cwd=machine.state,
        env=machine.environment | {"MOKED_TOOLS": "own tools"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert f"PYTHONPATH:{machine.checkout}" in result.stdout
    assert f"MOKED_TOOLS:{machine.state}/own tools" in result.stdout


def test_other_distribution_is_named_with_a_way_out(machine: BareMachine) -> None:
    machine.describe_system("fedora", "44")
    said = sentence(machine.run("up"))
    assert "The fedora 44" in said
    assert "Debian 12 or 13" in said
    assert "container" in said
    assert not any(call.startswith("apt-get") for call in machine.calls)


def test_ubuntu_is_said_to_be_untested(machine: BareMachine) -> None:
    machine.describe_system("ubuntu", "24.04")
    assert "not tested" in machine.run("up").stderr


def test_user_without_rights_is_told_what_is_missing(machine: BareMachine) -> None:
    machine.remove("sudo")
    said = sentence(machine.run("up", USER_ID="1000"))
    assert "mmdebstrap" in said
    assert "as root" in said


def test_user_with_sudo_installs_through_it(machine: BareMachine) -> None:
    assert machine.run("up", USER_ID="1000").returncode == 0
    assert any(call.startswith("sudo ") and "apt-get" in call for call in machine.calls)


def test_mail_server_of_the_machine_is_left_in_place(machine: BareMachine) -> None:
    (machine.state / "installed").write_text("postfix\n")
    assert machine.run("test").returncode == 0
    assert "exim4-daemon-light" not in " ".join(machine.calls)


def test_user_needs_no_rights_when_packages_are_there(machine: BareMachine) -> None:
    listed = (machine.checkout / "docker/packages-run.txt").read_text()
    (machine.state / "installed").write_text(listed)
    machine.remove("sudo")
    machine.remove("apt-get")
    assert machine.run("up", USER_ID="1000").returncode == 0


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        (
            {"APT_SAYS": "E: Failed to fetch x  Could not resolve 'mirror'"},
            ["network", "Debian packages"],
        ),
        (
            {"APT_SAYS": "E: Could not get lock /var/lib/dpkg/lock-frontend"},
            ["another package installation"],
        ),
        ({"APT_SAYS": "dpkg: error: No space left on device"}, ["disk is full"]),
        ({"APT_SAYS": "E: something new"}, ["did not work", "log"]),
        (
            {"PIP_SAYS": "Failed to establish a new connection: [Errno -3]"},
            ["network", "set-up tools"],
        ),
        ({"UV_SAYS": "error sending request for url"}, ["network", "Python libraries"]),
        (
            {"UV_SAYS": "error: Hash mismatch for `twisted==26.10.0`"},
            ["lock file", "Python libraries"],
        ),
        ({"MMDEBSTRAP_SAYS": "E: Could not connect to mirror"}, ["network", "Asterisk"]),
        ({"FREE_MB": "30", "MOKED_NEEDED_MB": "1", "UV_SAYS": "Killed"}, ["disk is full"]),
        ({"FREE_MB": "200"}, ["200 MB free", "MOKED_TOOLS"]),
        ({"VERSION": "22.9.2-1"}, ["22.9.2-1", "22.10.1"]),
        ({"VERSION": "22.10.0-1"}, ["22.10.0-1"]),
        ({"VERSION": "23.1.0-1"}, ["23.1.0-1", "22.x"]),
    ],
)
def test_trouble_ends_with_one_sentence_and_mends(
    machine: BareMachine, trouble: dict[str, str], words: list[str]
) -> None:
    said = sentence(machine.run("up", **trouble))
    for word in words:
        assert word in said
    assert not (machine.tools / "asterisk").exists()
    mended = machine.run("up")
    assert mended.returncode == 0, mended.stderr
    assert (machine.tools / "asterisk" / "complete").exists()


@pytest.mark.parametrize("version", ["22.10.1+dfsg-1", "22.10.2", "22.11.0~rc1", "22.100.0"])
def test_later_22_is_welcome(machine: BareMachine, version: str) -> None:
    assert machine.run("up", VERSION=version).returncode == 0


def test_missing_mbrola_names_the_setting(machine: BareMachine) -> None:
    trouble = "E: Unable to locate package mbrola"
    assert "MOKED_NONFREE" in sentence(machine.run("up", MOKED_NONFREE="1", APT_SAYS=trouble))


def test_folder_that_cannot_be_made_is_named(machine: BareMachine) -> None:
    (machine.state / "file").write_text("")
    said = sentence(machine.run("up", MOKED_TOOLS=str(machine.state / "file" / "tools")))
    assert "cannot write" in said


@pytest.mark.parametrize("program", ["apt-get", "system-python", "in-tools", "mmdebstrap"])
def test_interrupted_set_up_goes_on_from_there(machine: BareMachine, program: str) -> None:
    began = machine.state / "began"
    os.mkfifo(began)
    process = machine.start("up", HANG=program)
    assert began.read_text() == "began\n"  # returns when the program runs
    said = machine.interrupt(process)
    assert process.returncode == -signal.SIGINT
    assert said.count("interrupted") == 1
    done = len(machine.calls)
    assert machine.run("up").returncode == 0
    assert any(call.startswith("apt-get") for call in machine.calls[done:]) == (
        program == "apt-get"
    )
    assert (machine.tools / "asterisk" / "complete").exists()


def test_two_at_once_are_held_apart(machine: BareMachine) -> None:
    machine.tools.mkdir()
    with (machine.tools / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = machine.run("up", MOKED_SETUP_WAIT="0")
    assert "Another set-up is running here" in result.stderr
    assert "wait for it" in sentence(result)
    assert machine.calls == []
