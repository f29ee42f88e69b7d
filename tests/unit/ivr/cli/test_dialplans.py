"""``moked dialplan check`` and ``prove``: the callers who would be lost, with file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from ivr.cli.dialplans import dialplan_app
from ivr.errors import RecordNotFound


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MOKED_HOME", str(tmp_path))
    return tmp_path


def said(*words: str) -> Result:
    return CliRunner().invoke(dialplan_app, list(words), catch_exceptions=False)


def edit(home: Path, old: str, new: str) -> None:
    file = home / "site" / "dialplans" / "billing.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))


def test_the_shipped_lines_serve_every_caller(home: Path) -> None:
    result = said("check")
    assert result.exit_code == 0, result.output
    assert result.output.count("every caller is served") == len(said("prove").output.splitlines())


def test_a_caller_who_would_be_lost_is_told_with_file_and_line(home: Path) -> None:
    said("check")  # the site is there now
    edit(home, "    no_match: person\n", "    no_match: bye\n")
    edit(home, "  # 1: automated", "  bye:\n    kind: hangup\n\n  # 1: automated")
    result = said("prove", "billing")
    line = (home / "site/dialplans/billing.yaml").read_text().splitlines().index("  bye:") + 1
    assert result.exit_code == 1
    assert result.output.startswith(f"billing.yaml:{line}: steps.bye: ")
    assert "presses 5, presses 5" in result.output
    assert "nobody was reached" in result.output


def test_a_step_of_a_sub_dialplan_is_told_in_its_own_file(home: Path) -> None:
    said("check")
    file = home / "site" / "dialplans" / "centre.yaml"
    file.write_text(file.read_text().replace("impossible: tell_impossible", "impossible: end"))
    result = said("check")
    assert result.exit_code == 1
    assert "centre.yaml:" in result.output


def test_what_cannot_be_read_is_not_proved(home: Path) -> None:
    said("check")
    edit(home, "no_match: person", "no_match: persn")
    result = said("check")
    assert result.exit_code == 1
    assert "did you mean 'person'?" in result.output
    assert "served" not in result.output


def test_a_line_that_is_not_there_is_said(home: Path) -> None:
    with pytest.raises(RecordNotFound, match="no line nobody; there are billing"):
        said("prove", "nobody")


def test_the_phone_tree_is_printed(home: Path) -> None:
    said("check")
    assert said("tree", "billing").output.startswith("<svg ")
    with pytest.raises(RecordNotFound, match="no line nothing"):
        said("tree", "nothing")


def test_whom_asterisk_alone_would_not_serve_is_told_too(home: Path) -> None:
    """With us one of two tickets is opened; Asterisk opens none, and would go round for ever."""
    said("check")
    ticket = "kind: ticket, department: centre, subject: a, text: b, opened: out"
    (home / "site" / "dialplans" / "round.yaml").write_text(
        "line: round\nnumbers: ['+97229900777']\nlanguage: he\nstart: first\non_error: first\n"
        "steps:\n  first: {kind: play, prompt: goodbye, next: one}\n"
        f"  one: {{{ticket}, impossible: two}}\n  two: {{{ticket}, impossible: first}}\n"
        "  out: {kind: hangup}\n"
    )
    result = said("prove", "round")
    assert result.exit_code == 0, result.output
    assert "round.yaml:" in result.output
    assert "while the service is away" in result.output
