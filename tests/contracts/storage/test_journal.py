"""The journal: no fact is lost, none counts twice, and no call ever waits or sees an error."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ivr.events import Outcome
from ivr.ids import CallId, OfferId
from ivr.storage import facts
from ivr.storage.agents import Agents
from ivr.storage.calls import Calls
from ivr.storage.fact_writer import FactWriter
from ivr.storage.facts import Fact
from ivr.storage.journal import Journal
from ivr.storage.positions import Positions
from ivr.storage.records import AgentRecord, CallRecord, Position, TraceRow
from ivr.storage.refusals import Refusals
from ivr.storage.traces import Traces
from tests.calls.postgres import Postgres, programs
from tests.contracts.storage.conftest import TOWN, Storage, started
from tests.reactor import ReactorThread


class Kept:
    """A journal, and the alarms it told of."""

    def __init__(self, storage: Storage, folder: Path) -> None:
        self.alarms: list[tuple[str, bool]] = []
        self.storage = storage
        self.journal = Journal(
            storage.database,
            FactWriter(storage.clock),
            folder,
            storage.reactor.reactor,
            lambda alarm, text: self.alarms.append((alarm, bool(text))),
            clock=storage.clock,
        )

    def put(self, *told: Fact) -> None:
        for fact in told:
            self.storage.reactor.call(self.journal.put, fact)

    def until(self, true: Callable[[], bool], within: float = 15.0) -> None:
        deadline = time.monotonic() + within
        while not true():
            assert time.monotonic() < deadline, "it did not come true in time"
            self.storage.run(self.storage.reactor.sleep(0.05))

    @property
    def calls(self) -> int:
        return self.storage.run(Calls(self.storage.database).counts())["calls"]


@contextmanager
def journal_of(storage: Storage, folder: Path) -> Iterator[Kept]:
    kept = Kept(storage, folder)
    storage.run(kept.journal.start())
    try:
        yield kept
    finally:
        storage.run(kept.journal.stop())


@pytest.fixture
def kept(storage: Storage, tmp_path: Path) -> Iterator[Kept]:
    with journal_of(storage, tmp_path) as ready:
        yield ready


def arrived(storage: Storage, name: str) -> facts.CallArrivedFact:
    call = CallRecord(
        call_id=CallId(name), authority_id=TOWN, line="billing", arrived_at=storage.clock.now()
    )
    return facts.CallArrivedFact(authority_id=TOWN, call=call)


def many(storage: Storage, count: int) -> list[Fact]:
    return [arrived(storage, f"call-{number:05d}") for number in range(count)]


def test_a_whole_call_reaches_the_tables_in_order(kept: Kept) -> None:
    storage = kept.storage
    now = storage.clock.now()
    call_id = CallId("call-1")
    position = Position(
        call_id=call_id, authority_id=TOWN, line="billing", version=1, label="welcome",
        channel_id="chan-1", arrived_at=now,
    )  # fmt: skip
    row = TraceRow(seq=1, label="welcome", kind="menu", at=now, heard=["שלום"], pressed="3")
    kept.put(
        arrived(storage, call_id),
        facts.PositionFact(authority_id=TOWN, position=position, at=now),
        facts.AnsweredFact(authority_id=TOWN, call_id=call_id, at=now),
        facts.TraceFact(authority_id=TOWN, call_id=call_id, row=row),
        facts.EndedFact(authority_id=TOWN, call_id=call_id, outcome=Outcome.TALKED, at=now,
                        hangup_cause=16, talked_with="agent-201", talk_seconds=12.5),
    )  # fmt: skip
    storage.run(kept.journal.drain())
    ended = storage.run(Calls(storage.database).get(call_id))
    assert (ended.outcome, ended.answered_at, ended.talk_seconds) == ("talked", now, 12.5)
    assert storage.run(Traces(storage.database).of(call_id)) == [row]
    assert storage.run(Positions(storage.database, storage.clock).all()) == []
    assert (kept.journal.pending, kept.journal.healthy, kept.alarms) == (0, True, [])


def test_a_fact_told_again_counts_once(kept: Kept) -> None:
    fact = facts.RefusedFact(
        authority_id=TOWN, line="whatsapp-only", caller_number="", at=kept.storage.clock.now()
    )
    kept.put(fact, fact)
    kept.storage.run(kept.journal.drain())
    kept.put(fact)
    kept.storage.run(kept.journal.drain())
    counted = kept.storage.run(Refusals(kept.storage.database).counts())
    assert counted == {"whatsapp-only": 1}


def test_a_reservation_made_in_memory_does_not_undo_a_newer_state(kept: Kept) -> None:
    storage = kept.storage
    agents = Agents(storage.database, storage.clock)
    agent = AgentRecord(
        agent_id="agent-201", authority_id=TOWN, name="Ann", endpoint="agent-201",  # type: ignore[arg-type]
        state_since=storage.clock.now(),
    )  # fmt: skip
    storage.run(agents.put_all([agent]))

    def state(version: int, name: str) -> facts.AgentStateFact:
        return facts.AgentStateFact(
            authority_id=TOWN, agent_id="agent-201", version=version, state=name,
            state_since=storage.clock.now(), reserved_by=OfferId("offer-1"),
        )  # fmt: skip

    kept.put(state(2, "ringing"), state(1, "available"))
    storage.run(kept.journal.drain())
    found = storage.run(agents.get(agent.agent_id))
    assert (found.state, found.version, found.reserved_by) == ("ringing", 2, "offer-1")


def test_a_fact_that_does_not_fit_is_set_aside_and_takes_no_other_with_it(
    kept: Kept, tmp_path: Path
) -> None:
    bad = facts.TraceFact(
        authority_id=TOWN,
        call_id="call-1",
        row=TraceRow(seq=1, label=None, kind="menu", at=kept.storage.clock.now()),  # type: ignore[arg-type]
    )
    kept.put(arrived(kept.storage, "call-1"), bad, arrived(kept.storage, "call-2"))
    kept.storage.run(kept.journal.drain())
    assert kept.calls == 2
    assert kept.alarms == [("facts_rejected", True)]
    assert bad.fact_id in (tmp_path / "rejected.jsonl").read_text()


def test_a_database_locked_for_five_seconds_loses_nothing(
    reactor: ReactorThread, tmp_path: Path
) -> None:
    file = tmp_path / "moked.sqlite3"
    with started(f"sqlite:///{file}", reactor)() as storage, journal_of(storage, tmp_path) as kept:
        lock = sqlite3.connect(file, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        told = many(storage, 300)
        began = time.monotonic()
        for start in range(0, 300, 60):
            kept.put(*told[start : start + 60])
            time.sleep(max(0.0, began + start / 60 + 1 - time.monotonic()))
        storage.run(kept.journal.drain())
        assert not kept.journal.healthy
        assert (tmp_path / "spool.jsonl").exists()
        lock.execute("ROLLBACK")
        lock.close()
        kept.until(lambda: kept.journal.pending == 0)
        assert kept.calls == 300
        assert kept.journal.healthy
        assert kept.alarms == [("database_unavailable", True), ("database_unavailable", False)]
        assert not (tmp_path / "spool.jsonl").exists()


def test_a_frozen_postgresql_loses_nothing(
    postgres: Postgres, reactor: ReactorThread, tmp_path: Path
) -> None:
    url = postgres.url(f"frozen_{os.getpid()}")
    with started(url, reactor)() as storage, journal_of(storage, tmp_path) as kept:
        kept.put(*many(storage, 10))
        storage.run(kept.journal.drain())
        postgres.freeze()
        try:
            kept.put(*many(storage, 50)[10:])
            storage.run(kept.journal.drain())
            storage.run(reactor.sleep(3.0))
            assert not kept.journal.healthy
        finally:
            postgres.thaw()
        kept.until(lambda: kept.journal.pending == 0)
        assert kept.calls == 50


def test_what_was_spooled_is_replayed_by_the_next_process(
    reactor: ReactorThread, tmp_path: Path
) -> None:
    file = tmp_path / "moked.sqlite3"
    url = f"sqlite:///{file}"
    with started(url, reactor)() as storage:
        lock = sqlite3.connect(file, isolation_level=None)
        with journal_of(storage, tmp_path) as kept:
            lock.execute("BEGIN EXCLUSIVE")
            kept.put(*many(storage, 20))
            storage.run(kept.journal.drain())
        lock.execute("ROLLBACK")
        lock.close()
        with (tmp_path / "spool.jsonl").open("ab") as spool:
            spool.write(b'{"type":"CallArrivedFact","cut o')  # the disk's last words in a crash
        with journal_of(storage, tmp_path) as kept:
            kept.until(lambda: kept.journal.pending == 0)
            assert kept.calls == 20


def test_a_killed_process_loses_nothing_that_was_spooled(
    reactor: ReactorThread, tmp_path: Path
) -> None:
    file = tmp_path / "moked.sqlite3"
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.contracts.storage.journal_child", f"sqlite:///{file}",
         str(tmp_path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert child.stdin is not None
    assert child.stdout is not None
    with child:
        try:
            assert child.stdout.readline() == "started\n"
            lock = sqlite3.connect(file, isolation_level=None)
            lock.execute("BEGIN EXCLUSIVE")
            child.stdin.write("\n")
            child.stdin.flush()
            promised = 0
            while promised < 200:
                said = child.stdout.readline().strip()
                promised = int(said) if said.isdigit() else promised  # else: a line of its log
                assert said
        finally:
            child.kill()
    lock.execute("ROLLBACK")
    lock.close()
    with started(f"sqlite:///{file}", reactor)() as storage, journal_of(storage, tmp_path) as kept:
        kept.until(lambda: kept.journal.pending == 0)
        assert kept.calls >= promised + 1


def test_a_disk_error_is_an_alarm_and_nothing_is_lost_when_it_is_over(
    reactor: ReactorThread, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "moked.sqlite3"
    full = True
    real = os.fsync

    def fsync(handle: int) -> None:
        if full:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr("ivr.storage.spool.os.fsync", fsync)
    with started(f"sqlite:///{file}", reactor)() as storage, journal_of(storage, tmp_path) as kept:
        lock = sqlite3.connect(file, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        kept.put(*many(storage, 30))
        kept.until(lambda: ("journal_disk", True) in kept.alarms)
        full = False
        lock.execute("ROLLBACK")
        lock.close()
        kept.until(lambda: kept.journal.pending == 0)
        assert kept.calls == 30
        kept.until(lambda: kept.journal.healthy)
        assert ("journal_disk", False) in kept.alarms


def test_a_hiccup_of_the_database_is_nobodys_alarm(reactor: ReactorThread, tmp_path: Path) -> None:
    file = tmp_path / "moked.sqlite3"
    with started(f"sqlite:///{file}", reactor)() as storage, journal_of(storage, tmp_path) as kept:
        lock = sqlite3.connect(file, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        kept.put(*many(storage, 5))
        kept.until((tmp_path / "spool.jsonl").exists)
        lock.execute("ROLLBACK")
        lock.close()
        kept.until(lambda: kept.journal.pending == 0)
        assert (kept.calls, kept.alarms) == (5, [])


@pytest.mark.skipif(programs() is None, reason="no PostgreSQL server (Debian: postgresql)")
def test_a_database_that_refuses_connections_is_told_of_and_loses_nothing(
    reactor: ReactorThread, tmp_path: Path
) -> None:
    server = Postgres()
    server.start()
    try:
        url = server.url("refusing")
        with started(url, reactor)() as storage, journal_of(storage, tmp_path) as kept:
            server.crash()
            kept.put(*many(storage, 20))
            kept.until(lambda: kept.alarms == [("database_unavailable", True)])
            server.start_again()
            kept.until(lambda: kept.journal.healthy, within=30)
            assert (kept.calls, len(kept.alarms)) == (20, 2)
    finally:
        server.stop()
