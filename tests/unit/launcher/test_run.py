"""``./moked test``: which tests run side by side, which alone, and what they inherit."""

import os
import sys
from pathlib import Path

import pytest

from tests import run


def test_real_calls_run_side_by_side_and_what_measures_time_alone() -> None:
    together, calls, browser, alone = run.pytest_runs([])
    assert together[1:3] == calls[1:3] == browser[1:3] == alone[1:3] == ["-m", "not full"]
    apart = (run.CALLS, run.BROWSER, *run.ALONE)
    assert {f"--ignore={name}" for name in apart} <= set(together)
    assert [word for word in calls if word.startswith("tests/")] == [run.CALLS]
    assert [word for word in browser if word.startswith("tests/")] == [run.BROWSER]
    for words in (calls, browser):
        assert "--dist=loadfile" in words, "one instance serves the tests of one file"
    assert [word for word in alone if word.startswith("tests/")] == [*run.ALONE]
    assert not any(word.startswith("--numprocesses") for word in alone)


def test_every_folder_of_tests_is_run() -> None:
    folders = {path.parts[0] for path in _test_files()}
    assert folders <= {"architecture", "contracts", "unit"} | {
        name.removeprefix("tests/") for name in (run.CALLS, run.BROWSER, *run.ALONE)
    }


def _test_files() -> list[Path]:
    tests = run.CHECKOUT / "tests"
    return [path.relative_to(tests) for path in tests.rglob("test_*.py")]


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
