"""The journal: facts of the call path reach the database a moment later, and no call waits."""

from collections import deque
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from ivr.clock import Clock
from ivr.errors import StorageUnavailable
from ivr.storage.alarm_edges import AlarmEdges, OnAlarm
from ivr.storage.database import Database
from ivr.storage.fact_store import FactStore
from ivr.storage.fact_writer import FactWriter
from ivr.storage.facts import Fact
from ivr.storage.spool import Spool
from ivr.storage.threads import PoolThreads, Threads

log = structlog.get_logger(__name__)
T = TypeVar("T")

GATHER = 0.1  # seconds in which facts gather before they are written together
WITHIN = 0.3  # seconds the database has; after that the facts go to the spool
REPLAY_WITHIN = 5.0  # seconds for a batch from the spool, for which nobody waits
PATIENCE = 2.0  # seconds facts may be in the spool before people are told
RETRY = 1.0  # seconds between tries while the database or the disk is away
BATCH = 500
MEMORY = 100_000  # facts kept in memory when neither database nor disk takes them
_REMEMBERED = timedelta(hours=1)  # nothing is spooled any more, so none can come again
_FORGET_EVERY = 600.0
_AWAY = ("database_unavailable", "journal_disk", "journal_full")


class Journal:
    """Write-behind with a spool: database, else file, else memory; always in order.

    *on_alarm* is told of ``database_unavailable``, ``journal_disk``, ``journal_full`` and
    ``facts_rejected``.
    """

    def __init__(  # noqa: PLR0913 - what it writes to, where, with which clocks and threads
        self,
        database: Database,
        writer: FactWriter,
        folder: Path,
        reactor: Any,
        on_alarm: OnAlarm,
        *,
        clock: Clock,
        threads: Threads | None = None,
    ) -> None:
        self._database = database
        self._writer = writer
        self._reactor = reactor
        self._clock = clock
        self._spool = Spool(folder)
        self._alarms = AlarmEdges(on_alarm)
        self._threads = threads or PoolThreads(reactor, "journal", 1)
        self._store = FactStore(database, writer, self._spool, self._threads, self._alarms)
        self._waiting: deque[Fact] = deque()
        self._writing = 0  # facts taken from the queue and not safe yet
        self._spooled = 0
        self._wake: Deferred[None] | None = None
        self._running: Deferred[None] | None = None
        self._replaying: Deferred[None] | None = None
        self._taken = 0  # facts ever put; those that are safe are all but the waiting ones
        self._drained: list[tuple[int, Deferred[None]]] = []
        self._stopping = False
        self._forget_at = clock.monotonic()

    @property
    def healthy(self) -> bool:
        """Whether facts go straight to the database."""
        return not self._spooled and not any(alarm in self._alarms for alarm in _AWAY)

    @property
    def pending(self) -> int:
        """How many facts the database does not have yet."""
        return len(self._waiting) + self._writing + self._spooled

    async def start(self) -> None:
        """Begin to write; what an earlier process spooled comes first."""
        self._threads.start()
        found = await self._on_disk(self._spool.open)
        self._spooled = found or 0
        self._running = Deferred.fromCoroutine(self._work())

    async def stop(self) -> None:
        """Write or spool what is left, then stop."""
        self._stopping = True
        self._wake_up()
        if self._running is not None:
            await self._running
        if self._replaying is not None:
            await self._replaying
        await self._threads.stop()

    def put(self, fact: Fact) -> None:
        """Take a fact; never waits, never fails."""
        if len(self._waiting) >= MEMORY:
            self._waiting.popleft()
            self._alarms.begin("journal_full", "neither database nor disk takes facts")
        self._waiting.append(fact)
        self._taken += 1
        self._wake_up()

    async def drain(self) -> None:
        """Wait until all taken so far is in the database, or safe in the spool while it is away."""
        if self._waiting or self._writing:
            drained: Deferred[None] = Deferred()
            self._drained.append((self._taken, drained))
            await drained

    async def _work(self) -> None:
        while not self._stopping or self._waiting:
            await self._something_to_do()
            if self._waiting:
                await self._write_waiting()
            self._tell_drained()
            if self._spooled and self._replaying is None and not self._stopping:
                self._replaying = Deferred.fromCoroutine(self._replay())
            await self._forget()
        self._tell_drained()

    async def _something_to_do(self) -> None:
        """Return shortly after there is a fact, or when the spool should be tried again."""
        if not self._waiting and not self._stopping:
            self._wake = Deferred()
            if self._spooled:
                self._wake.addTimeout(
                    RETRY, self._reactor, onTimeoutCancel=lambda _late, _limit: None
                )
            await self._wake
            self._wake = None
        if not self._stopping and len(self._waiting) < BATCH:
            await deferLater(self._reactor, GATHER)

    def _wake_up(self) -> None:
        if self._wake is not None and not self._wake.called:
            self._wake.callback(None)

    async def _write_waiting(self) -> None:
        batch = [self._waiting.popleft() for _ in range(min(BATCH, len(self._waiting)))]
        self._writing = len(batch)
        if not self._spooled and await self._store.write(batch, WITHIN):
            for alarm in _AWAY:  # nothing rests on the disk any more either
                self._alarms.end(alarm)
        elif await self._on_disk(lambda: self._spool.append(batch)) is None:
            self._waiting.extendleft(reversed(batch))
            await self._disk_failed()
        else:
            self._spooled += len(batch)
        self._writing = 0

    async def _disk_failed(self) -> None:
        """Neither database nor disk: keep the facts in memory, unless nothing is left to do."""
        if self._stopping:
            log.error("facts lost at shutdown", facts=len(self._waiting))
            self._waiting.clear()
            return
        await deferLater(self._reactor, RETRY)

    async def _replay(self) -> None:
        """Bring the spool to the database; what is there already changes nothing.

        Runs beside the writing of new facts, which go to the spool's end meanwhile.
        """
        late = self._reactor.callLater(PATIENCE, self._tell_of_database)
        try:
            await self._replay_all()
        finally:
            if late.active():
                late.cancel()
            self._replaying = None

    async def _replay_all(self) -> None:
        start = 0
        while True:
            found = await self._on_disk(lambda start=start: self._spool.read(start, BATCH))  # type: ignore[misc]
            if found is None:
                break
            if found.facts and not await self._store.write(found.facts, REPLAY_WITHIN):
                self._tell_of_database()
                break
            self._spooled = max(1, self._spooled - len(found.facts))
            if self._stopping:
                break  # the next process goes on
            start = found.end
            if not found.facts and await self._on_disk(
                lambda start=start: self._spool.clear_if_ends_at(start)  # type: ignore[misc]
            ):
                self._spooled = 0
                self._alarms.end("database_unavailable")
                break

    def _tell_of_database(self) -> None:
        self._alarms.begin(
            "database_unavailable",
            "the database does not answer; facts are kept in a file until it does",
        )

    async def _on_disk(self, work: Callable[[], T]) -> T | None:
        """Do *work* on the spool; ``None`` if the disk refuses, of which the alarm tells."""
        try:
            result = await self._threads.run(work)
        except OSError as error:
            self._alarms.begin("journal_disk", f"the spool's disk failed: {error.strerror}")
            return None
        self._alarms.end("journal_disk")
        return result

    async def _forget(self) -> None:
        """Now and then, drop the ids of facts that cannot be told again."""
        if self._spooled or self._clock.monotonic() < self._forget_at:
            return
        self._forget_at = self._clock.monotonic() + _FORGET_EVERY
        before = self._clock.now() - _REMEMBERED
        try:
            await self._database.transact(
                lambda connection: self._writer.forget_before(connection, before), within=WITHIN
            )
        except StorageUnavailable:
            log.info("applied facts not forgotten now", again_in=_FORGET_EVERY)

    def _tell_drained(self) -> None:
        safe = self._taken - len(self._waiting)
        while self._drained and self._drained[0][0] <= safe:
            self._drained.pop(0)[1].callback(None)
