"""The spool: an append-only file of facts that the database could not take yet."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from ivr.storage.facts import Fact, decode, encode

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SpoolBatch:
    """Facts read from the spool, and where the next ones begin (bytes)."""

    facts: list[Fact]
    end: int


class Spool:
    """Blocking file work, to be run in a thread, by one caller at a time."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "spool.jsonl"
        self._rejected = folder / "rejected.jsonl"

    def open(self) -> int:
        """Make it ready after a start; return how many facts wait in it.

        A line cut off by a crash was never promised to anybody: it is cut away.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            return 0
        content = self._file.read_bytes()
        whole = content.rfind(b"\n") + 1
        if whole != len(content):
            with self._file.open("r+b") as file:
                file.truncate(whole)
                os.fsync(file.fileno())
        return content.count(b"\n")

    def append(self, facts: Sequence[Fact]) -> int:
        """Add *facts*; they are on the disk when this returns. Return how many.

        Raises:
            OSError: the disk did not take them; what was there before is unharmed.
        """
        with self._file.open("ab") as file:
            start = file.tell()
            try:
                file.write(b"".join(encode(fact) + b"\n" for fact in facts))
                file.flush()
                os.fsync(file.fileno())
            except OSError:
                os.ftruncate(file.fileno(), start)
                raise
        return len(facts)

    def read(self, start: int, limit: int) -> SpoolBatch:
        """Return up to *limit* facts from byte *start* on; unreadable lines are set aside."""
        facts: list[Fact] = []
        if not self._file.exists():
            return SpoolBatch([], 0)
        with self._file.open("rb") as file:
            file.seek(start)
            while len(facts) < limit and (line := file.readline()):
                try:
                    facts.append(decode(line))
                except msgspec.MsgspecError:
                    log.error("unreadable fact in the spool", at_byte=file.tell() - len(line))
                    self._set_aside(line)
            return SpoolBatch(facts, file.tell())

    def clear_if_ends_at(self, end: int) -> bool:
        """Forget everything, because the database has it; ``False`` if more came meanwhile."""
        if self._file.exists() and self._file.stat().st_size != end:
            return False
        self._file.unlink(missing_ok=True)
        return True

    def reject(self, facts: Sequence[Fact]) -> None:
        """Set aside facts that the database refuses, for a person to look at."""
        for fact in facts:
            self._set_aside(encode(fact) + b"\n")

    def _set_aside(self, line: bytes) -> None:
        with self._rejected.open("ab") as file:
            file.write(line)
