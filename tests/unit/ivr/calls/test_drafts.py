"""Drafts on disk: odd names, a lost race, and a file that an editor of their own has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.calls.drafts import DraftChanged, DraftRefused, Drafts, revision_of


@pytest.mark.parametrize(
    "name",
    ["a.yaml\n", "../a.yaml", "/a.yaml", "A.yaml", "a.yml", "demo_contacts.yaml", "", "a\x00.yaml",
     "א.yaml", ".yaml", "${x}.yaml"],
)  # fmt: skip
def test_no_such_name_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(DraftRefused):
        Drafts(tmp_path).save(name, "line: a", "")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_text_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(DraftRefused):
        Drafts(tmp_path).save("a.yaml", "\ud800", "")


def test_a_file_changed_on_disk_is_not_written_over(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    revision = drafts.save("a.yaml", "one", "")
    (tmp_path / "a.yaml").write_text("by hand")
    with pytest.raises(DraftChanged) as changed:
        drafts.save("a.yaml", "two", revision)
    assert (changed.value.now, changed.value.yours) == ("by hand", "two")
    drafts.save("a.yaml", "both", changed.value.revision)
    assert drafts.read() == {"a.yaml": "both"}


def test_a_new_file_is_new_only_once(tmp_path: Path) -> None:
    Drafts(tmp_path).save("a.yaml", "one", revision_of(None))
    with pytest.raises(DraftChanged):
        Drafts(tmp_path).save("a.yaml", "two", revision_of(None))


def test_who_deletes_has_seen_the_last_text(tmp_path: Path) -> None:
    drafts = Drafts(tmp_path)
    drafts.save("a.yaml", "two", drafts.save("a.yaml", "one", ""))
    with pytest.raises(DraftChanged):
        drafts.save("a.yaml", None, revision_of("one"))
    drafts.save("a.yaml", None, revision_of("two"))
    assert drafts.read() == {}


def test_line_ends_and_broken_letters_are_shown_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "folder.yaml").mkdir()
    (tmp_path / "a.yaml").write_bytes(b"one\r\n\xff")
    assert Drafts(tmp_path).read() == {"a.yaml": "one\r\n\ufffd"}
