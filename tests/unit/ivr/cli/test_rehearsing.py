"""``moked dialplan simulate`` and ``test``: stories, failing tests, wishes not understood."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli.main import app
from ivr.errors import MokedError


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOKED_HOME", str(tmp_path / "home"))
    monkeypatch.setattr("ivr.logs.configure", lambda _file: None)  # logging is the process's own
    return tmp_path / "home"


def moked(*words: str) -> Result:
    return CliRunner().invoke(app, ["dialplan", *words])


def test_a_caller_is_told_like_a_story() -> None:
    busy = ("--world", "number.external_payment_centre=busy")
    told = moked("simulate", "029900200", "--press", "9,2", "--at", "friday 15:00", *busy)
    assert told.exit_code == 0
    lines = told.stdout.splitlines()
    assert lines[0] == (
        "+972501110001 calls billing: presses 9, then presses 2, Friday 15:00;"
        " number external_payment_centre busy"
    )
    assert lines[1] == "    0.0 s  notice (play)"
    assert [line for line in lines if line.endswith("external_payment_centre: busy after 2.0 s")]
    assert lines[-1].endswith("end: on_call")


def test_a_caller_hangs_up() -> None:
    told = moked("simulate", "council", "--at", "2026-11-24 10:30", "--hang-up", "2.5")
    assert told.stdout.splitlines()[-2:] == [
        "    2.5 s      the caller hangs up",
        "    2.5 s  end: lost",
    ]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["biling"], r"no line 'biling' \(did you mean 'billing'\?\)"),
        (["billing", "--at", "someday"], "is not a time like 'friday 15:00'"),
        (["billing", "--press", "x"], "'x' is not keys"),
        (["billing", "--world", "queue.biling=full"], r"did you mean 'billing'"),
        (["billing", "--world", "queue.billing=ful"], r"did you mean 'full'"),
        (["billing", "--world", "billing"], "write it like queue.billing=answered"),
    ],
)
def test_what_is_not_understood_says_how_to_write_it(words: list[str], told: str) -> None:
    failed = moked("simulate", *words)
    assert isinstance(failed.exception, MokedError)
    with pytest.raises(MokedError, match=told):
        raise failed.exception


def test_the_shipped_tests_pass() -> None:
    passed = moked("test")
    assert (passed.exit_code, passed.stdout) == (0, "10 of 10 tests passed\n")


def test_a_failing_test_and_a_mistake_in_a_file_exit_with_one(home: Path, tmp_path: Path) -> None:
    wrong, bad = tmp_path / "wrong.yaml", tmp_path / "bad.yaml"
    text = "line: council\ntests:\n  - {name: night, at: 'friday 23:00', reaches: billing}\n"
    wrong.write_text(text)
    failed = moked("test", str(wrong))
    assert failed.exit_code == 1
    assert "wrong.yaml:3: night: should reach billing, but ended after" in failed.stdout
    assert failed.stdout.endswith("0 of 1 tests passed\n")
    bad.write_text(text.replace("reaches", "reach"))
    failed = moked("test", str(bad), str(tmp_path / "none.yaml"))
    assert failed.exit_code == 1
    assert "bad.yaml:3: tests.0: unknown key 'reach' (did you mean 'reaches'?)" in failed.stdout
    assert "none.yaml: cannot be read" in failed.stdout
