"""Refused voice calls, read from Asterisk's own call records: also those of an outage of ours."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from ivr.pbx.records import read_records


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
            inode = self._records.stat().st_ino
        except FileNotFoundError:
            return []
        start = self._place.offset if inode == self._place.inode else 0
        read = read_records(self._records, start)
        if read.offset != start:
            self._save(_Place(inode, read.offset))
        return [
            RefusedCall(record.line, record.caller, record.began)
            for record in read.records
            if record.kind == "refused"
        ]

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
