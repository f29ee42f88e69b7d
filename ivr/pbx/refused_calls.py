"""Refused voice calls, found in Asterisk's own call records: also those of an outage of ours."""

from pathlib import Path

from ivr.pbx.records import CallRecord, read_records

_KIND = "refused"  # what extensions.conf writes into CDR(userfield)


class RefusedCalls:
    """Reads what was added to the records since the last time; remembers where it stopped."""

    def __init__(self, records: Path, position: Path) -> None:
        self._records = records
        self._position = position
        self._offset = self._load()

    def read(self) -> list[CallRecord]:
        """Return the refusals since the last call; blocks, so call it in a thread."""
        found = read_records(self._records, self._offset)
        if found.offset != self._offset:
            self._save(found.offset)
        return [record for record in found.records if record.kind == _KIND]

    def _load(self) -> int:
        try:
            return int(self._position.read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def _save(self, offset: int) -> None:
        self._offset = offset
        self._position.parent.mkdir(parents=True, exist_ok=True)
        new = self._position.with_suffix(".new")
        new.write_text(str(offset))
        new.replace(self._position)
