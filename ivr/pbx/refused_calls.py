"""Refused voice calls, read from Asterisk's own call records: also those of an outage of ours."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec

_START, _SOURCE = 9, 1  # columns of cdr_csv's Master.csv, counted from 0
_MARK = "refused:"  # what extensions.conf writes into CDR(userfield)
_LONGEST_READ = 1024 * 1024


@dataclass(frozen=True, slots=True)
class RefusedCall:
    """A call to a message-only number; *caller_number* as it came, *at* aware in UTC."""

    line: str
    caller_number: str
    at: datetime


class _Place(msgspec.Struct, frozen=True):
    inode: int = 0
    offset: int = 0


class RefusedCalls:
    """Reads what was added to the records since the last time; remembers where it stopped."""

    def __init__(self, records: Path, position: Path) -> None:
        self._records = records
        self._position = position
        self._place = self._load()

    def read(self) -> list[RefusedCall]:
        """Return the refusals since the last call; blocks, so call it in a thread."""
        try:
            with self._records.open("rb") as file:
                inode = self._records.stat().st_ino
                size = file.seek(0, 2)
                same = inode == self._place.inode and size >= self._place.offset
                start = self._place.offset if same else 0
                file.seek(start)
                added = file.read(_LONGEST_READ)
        except FileNotFoundError:
            return []
        whole = added[: added.rfind(b"\n") + 1]
        if not whole:
            return []
        found = list(_refusals(whole.decode("utf-8", "replace").splitlines()))
        self._save(_Place(inode, start + len(whole)))
        return found

    def _load(self) -> _Place:
        try:
            return msgspec.json.decode(self._position.read_bytes(), type=_Place)
        except (FileNotFoundError, msgspec.MsgspecError):
            return _Place()

    def _save(self, place: _Place) -> None:
        self._place = place
        self._position.parent.mkdir(parents=True, exist_ok=True)
        new = self._position.with_suffix(".new")
        new.write_bytes(msgspec.json.encode(place))
        new.replace(self._position)


def _refusals(lines: list[str]) -> Iterator[RefusedCall]:
    for row in csv.reader(lines):
        mark = next((field for field in row if field.startswith(_MARK)), None)
        if mark is None or len(row) <= _START:
            continue
        try:
            at = datetime.strptime(row[_START], "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            continue  # a caller's name that only looks like our mark: its columns are elsewhere
        yield RefusedCall(mark.removeprefix(_MARK), row[_SOURCE], at)
