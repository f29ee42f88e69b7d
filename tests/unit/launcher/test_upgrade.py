"""After the first set-up: new lock files, new front-end sources, ``./moked upgrade`` and back."""

from pathlib import Path

import pytest

from tests.unit.launcher.bare_machine import BareMachine

pytestmark = pytest.mark.timeout(60)


@pytest.fixture
def machine(tmp_path: Path) -> BareMachine:
    machine = BareMachine(tmp_path)
    assert machine.run("up").returncode == 0
    return machine


def version(machine: BareMachine, link: str = "asterisk") -> str:
    return (machine.tools / link / "complete").read_text().strip()


def test_changed_lock_file_makes_a_new_environment_and_keeps_the_old(machine: BareMachine) -> None:
    before = (machine.tools / "venv").readlink()
    lock = machine.checkout / "requirements-run.lock"
    old_text = lock.read_text()
    lock.write_text(old_text + "# another version\n")
    assert "Python environment" in machine.run("up").stderr
    assert (machine.tools / "venv").readlink() != before
    lock.write_text(old_text)
    syncs = sum("pip sync" in call for call in machine.calls)
    machine.run("up")
    assert (machine.tools / "venv").readlink() == before
    assert sum("pip sync" in call for call in machine.calls) == syncs


def test_process_keeps_its_environment_when_the_link_moves(machine: BareMachine) -> None:
    assert f"python:{machine.tools}/venvs/" in machine.run("status").stdout


def test_upgrade_fetches_anew_and_undo_goes_back(machine: BareMachine) -> None:
    result = machine.run("upgrade", VERSION="22.11.0-2")
    assert result.returncode == 0, result.stderr
    assert version(machine) == "22.11.0-2"
    assert version(machine, "asterisk.previous") == "22.10.1+dfsg-1"
    assert machine.run("upgrade", "--undo").returncode == 0
    assert version(machine) == "22.10.1+dfsg-1"
    assert version(machine, "asterisk.previous") == "22.11.0-2"


def test_failed_upgrade_leaves_what_works(machine: BareMachine) -> None:
    result = machine.run("upgrade", VERSION="23.0.0-1")
    assert result.returncode == 1
    assert version(machine) == "22.10.1+dfsg-1"
    machine.remove("mmdebstrap")
    assert machine.run("up").returncode == 0


def test_only_this_and_the_previous_asterisk_are_kept(machine: BareMachine) -> None:
    for number in (2, 3, 4):
        machine.run("upgrade", VERSION=f"22.10.{number}-1")
    kept = sorted(path.name for path in (machine.tools / "asterisk-roots").iterdir())
    assert kept == ["22.10.3-1", "22.10.4-1"]


def test_undo_without_a_previous_says_so(machine: BareMachine) -> None:
    result = machine.run("upgrade", "--undo")
    assert result.returncode == 1
    assert "no previous Asterisk" in result.stderr


def test_front_end_is_built_only_when_its_sources_change(machine: BareMachine) -> None:
    machine.add_front_end("one")
    assert "Front end" in machine.run("up").stderr
    assert (machine.tools / "web/index.html").read_text() == "one"
    assert machine.run("up").stderr == ""
    machine.add_front_end("two")
    machine.run("up")
    assert (machine.tools / "web/index.html").read_text() == "two"
    assert sum(call.startswith("npm npm ci") for call in machine.calls) == 1
    assert sum(call.startswith("npm npm run build") for call in machine.calls) == 2
    assert not (machine.checkout / "ivr/console/web/node_modules").exists()


def test_prompts_are_built_again_when_their_texts_change(machine: BareMachine) -> None:
    for name in ("ivr/prompts/build.py", "prompts/he/manifest.yaml"):
        (machine.checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (machine.checkout / name).write_text("")
    assert "Prompts" in machine.run("up").stderr
    assert machine.run("up").stderr == ""
    (machine.checkout / "prompts/he/manifest.yaml").write_text("greeting")
    assert "Prompts" in machine.run("up").stderr


def test_front_end_that_does_not_build_is_not_blamed_on_the_network(machine: BareMachine) -> None:
    machine.add_front_end("page")
    result = machine.run("up", NPM_SAYS="Could not resolve './pages/Desk.svelte' in src/App.svelte")
    assert result.returncode == 1
    assert "building the front end did not work" in result.stderr
