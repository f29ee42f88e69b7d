"""``./moked test``: which tests run side by side, which alone, and what they inherit."""

import os
import sys
from pathlib import Path

import pytest

from tests import run


def test_tests_that_measure_time_run_alone_after_the_rest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("tests/calls/test_billing.py", "tests/bench/notes.md"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    monkeypatch.setattr(run, "CHECKOUT", tmp_path)
    together, alone = run.pytest_runs([])
    assert together[1:3] == alone[1:3] == ["-m", "not full"]
    assert "--ignore=tests/calls" in together
    assert [word for word in alone if word.startswith("tests/")] == ["tests/calls"]
    assert not any(word.startswith("--numprocesses") for word in alone)


def test_all_leaves_nothing_out() -> None:
    assert not any("not full" in words for words in run.pytest_runs(["--all"]))


def test_own_arguments_make_one_run() -> None:
    assert list(run.pytest_runs(["-k", "menu"])) == [
        ["--continue-on-collection-errors", "-m", "not full", "-k", "menu"]
    ]


def test_nobodys_instance_is_inherited() -> None:
    given = {
        "MOKED_HOME": "/srv/live",
        "MOKED_HTTP_PORT": "80",
        "MOKED_TOOLS": "/t",
        "PATH": "/bin",
    }
    assert run.clean_environment(given) == {"MOKED_TOOLS": "/t", "PATH": "/t/venv/bin:/bin"}


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [({"ruff": 1}, 1), ({"pytest": 1}, 1), ({}, 0), ({"pytest": run.NO_TESTS}, 1)],
)
def test_any_failure_fails_the_whole(
    monkeypatch: pytest.MonkeyPatch, statuses: dict[str, int], expected: int
) -> None:
    done: list[str] = []

    def pretend(words: list[str], environment: dict[str, str]) -> int:
        done.append(words[0])
        return statuses.get(words[0], 0)

    monkeypatch.setattr(run, "run", pretend)
    assert run.main([]) == expected
    assert done[-1] == "pytest"
    assert "mypy" in done


def test_every_check_is_a_program_of_the_environment() -> None:
    programs = Path(sys.executable).parent
    named = [words[0] for words in run.checks()]
    assert {"ruff", "mypy", "lint-imports"} <= set(named)
    assert all((programs / name).exists() for name in [*named, "pytest"])


def test_failing_program_is_noticed(capfd: pytest.CaptureFixture[str]) -> None:
    assert run.run(["ruff", "check", "--select", "nothing"], os.environ) != 0
    assert "== ruff: exit status" in capfd.readouterr().out
