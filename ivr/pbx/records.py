"""Reads Asterisk's own call records (CDR csv): what it counted while we were not looking."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

_COLUMNS = 21  # loguniqueid, loguserfield and newcdrcolumns are on (cdr.conf)
_LONGEST_READ = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CallRecord:
    """One record; a call that passes several parties has several with one ``linked_id``."""

    caller: str
    dialled: str
    channel: str
    began: datetime
    answered: bool
    seconds: int  # from arrival to end
    talked: int  # from answer to end
    unique_id: str
    linked_id: str
    kind: str  # refused | line | failsafe | emergency | "" for legs
    line: str  # the line's name, or the emergency number
    caller_received: str  # filled by the fail-safe, which changes what it shows


@dataclass(frozen=True, slots=True)
class RecordsRead:
    """Complete records, and where to go on."""

    records: tuple[CallRecord, ...]
    offset: int


def read_records(path: Path, offset: int = 0) -> RecordsRead:
    """Return the complete records behind byte *offset*. Blocks.

    A file that became shorter was rotated and is read from its start. A half-written last line is
    left for the next time.
    """
    if not path.exists():
        return RecordsRead((), 0)
    start = offset if offset <= path.stat().st_size else 0
    with path.open("rb") as file:
        file.seek(start)
        data = file.read(_LONGEST_READ)
    complete = data[: data.rfind(b"\n") + 1]
    text = complete.decode("utf-8", "replace").split("\n")
    return RecordsRead(tuple(_records(text)), start + len(complete))


def _records(lines: list[str]) -> Iterator[CallRecord]:
    for row in csv.reader(lines):
        if len(row) != _COLUMNS:
            continue  # not one of ours: written before our columns were configured
        kind, _, rest = row[17].partition(":")
        line, _, received = rest.partition(":")
        yield CallRecord(
            caller=row[1], dialled=row[2], channel=row[5], began=_moment(row[9]),
            answered=row[14] == "ANSWERED", seconds=int(row[12]), talked=int(row[13]),
            unique_id=row[16], linked_id=row[19], kind=kind, line=line, caller_received=received,
        )  # fmt: skip


def _moment(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
