"""Retention: recordings go when their day has come, and it can be proved that they are gone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog

from ivr.clock import Clock
from ivr.ids import AuthorityId
from ivr.storage.audit import Audit
from ivr.storage.recordings import Recordings
from ivr.storage.records import AuditEntry, RecordingRecord
from ivr.storage.threads import Threads

log = structlog.get_logger(__name__)

# A file without a row is either being sealed now or a leftover of a crash.
_ORPHAN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RetentionReport:
    """What may not be there and is: all empty when the rules are kept."""

    at: datetime
    expired_rows: list[str]  # recordings past their day that are not deleted
    expired_files: list[str]  # files of recordings that count as deleted, or of none at all
    missing_files: list[str]  # recordings that should be there and are not
    kept: int

    @property
    def clean(self) -> bool:
        return not self.expired_rows and not self.expired_files


class Retention:
    """Deletes file, then key and row's contents; the row itself stays as the proof."""

    def __init__(
        self,
        recordings: Recordings,
        audit: Audit,
        folder: Path,
        clock: Clock,
        threads: Threads,
    ) -> None:
        self._recordings = recordings
        self._audit = audit
        self._folder = folder
        self._clock = clock
        self._threads = threads

    async def run(self) -> int:
        """Delete all whose day has come and files nobody knows; return how many recordings.

        One that cannot be deleted is logged, stands in the report and is tried the next time.
        """
        gone = 0
        for recording in await self._recordings.expired(self._clock.now()):
            try:
                await self._threads.run(lambda path=recording.path: self._unlink(path))  # type: ignore[misc]
            except OSError as error:
                log.error("expired recording not deleted", errno=error.errno, name=recording.name)
                continue
            await self._recordings.deleted(recording.name, self._clock.now())
            await self._audit.add(self._entry(recording))
            gone += 1
        await self._delete_orphans()
        return gone

    async def report(self) -> RetentionReport:
        """Compare rows with files."""
        now = self._clock.now()
        kept = [one for one in await self._recordings.kept() if one.path]
        files = await self._threads.run(self._files)
        known = {recording.path for recording in kept}
        old = {path for path, written in files.items() if now - written > _ORPHAN_AFTER}
        return RetentionReport(
            at=now,
            expired_rows=[one.name for one in await self._recordings.expired(now)],
            expired_files=sorted(old - known),
            missing_files=sorted(known - set(files)),
            kept=len(kept),
        )

    async def _delete_orphans(self) -> None:
        for path in (await self.report()).expired_files:
            try:
                await self._threads.run(lambda path=path: self._unlink(path))  # type: ignore[misc]
            except OSError as error:
                log.error("file of no recording not deleted", errno=error.errno)

    def _unlink(self, path: str) -> None:
        if path:
            (self._folder / path).unlink(missing_ok=True)

    def _files(self) -> dict[str, datetime]:
        """Return every file below the folder with the moment it was written."""
        zone = self._clock.now().tzinfo
        return {
            str(file.relative_to(self._folder)): datetime.fromtimestamp(file.stat().st_mtime, zone)
            for file in self._folder.rglob("*")
            if file.is_file()
        }

    def _entry(self, recording: RecordingRecord) -> AuditEntry:
        return AuditEntry(
            authority_id=AuthorityId(recording.authority_id),
            at=self._clock.now(),
            who="retention",
            action="recording_deleted",
            subject=recording.name,
            details={"retain_until": recording.retain_until.isoformat(), "queue": recording.queue},
        )
