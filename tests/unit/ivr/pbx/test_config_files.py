"""Files that are replaced whole, or left alone."""

from pathlib import Path

from ivr.pbx.config_files import write


def test_only_changed_files_are_written(tmp_path: Path) -> None:
    assert write(tmp_path, {"a.conf": "1", "b.conf": "2"}) == {"a.conf", "b.conf"}
    inode = (tmp_path / "a.conf").stat().st_ino
    assert write(tmp_path, {"a.conf": "1", "b.conf": "3"}) == {"b.conf"}
    assert (tmp_path / "a.conf").stat().st_ino == inode
    assert (tmp_path / "b.conf").stat().st_mode & 0o777 == 0o640


def test_files_no_longer_rendered_disappear(tmp_path: Path) -> None:
    write(tmp_path, {"a.conf": "1", "old.conf": "2"})
    (tmp_path / "note.txt").write_text("kept")
    assert write(tmp_path, {"a.conf": "1"}) == {"old.conf"}
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.conf", "note.txt"]
