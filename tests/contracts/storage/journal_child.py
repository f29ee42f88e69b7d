"""Run as a process of its own: journals calls into a locked database until it is killed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.task import deferLater

from ivr.clock import SystemClock
from ivr.ids import AuthorityId, CallId
from ivr.storage.database import Database
from ivr.storage.fact_writer import FactWriter
from ivr.storage.facts import CallArrivedFact
from ivr.storage.journal import Journal
from ivr.storage.records import CallRecord


async def journal_calls(reactor: Any, url: str, folder: Path) -> None:
    clock = SystemClock()
    database = Database(url, reactor)
    await database.start()
    journal = Journal(
        database, FactWriter(clock), folder, reactor, lambda _alarm, _text: None, clock=clock
    )
    await journal.start()
    say("started")
    sys.stdin.readline()  # the test locks the database now
    for number in range(100_000):
        call = CallRecord(
            call_id=CallId(f"call-{number:06d}"),
            authority_id=AuthorityId("mateh-yehuda"),
            line="billing",
            arrived_at=datetime.now(UTC),
        )
        journal.put(CallArrivedFact(authority_id="mateh-yehuda", call=call))
        if number % 20 == 19:
            await journal.drain()  # all so far is in the spool: only that is promised
            say(str(number))
        await deferLater(reactor, 0.001)


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> None:
    from twisted.internet import reactor as started_reactor

    reactor: Any = started_reactor
    work = Deferred.fromCoroutine(journal_calls(reactor, sys.argv[1], Path(sys.argv[2])))
    work.addErrback(lambda failure: failure.printTraceback())
    work.addBoth(lambda _ended: reactor.stop())
    reactor.run()


if __name__ == "__main__":
    main()
