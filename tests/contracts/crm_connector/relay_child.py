"""Run as a process of its own: relays to a webhook until it is killed."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from twisted.internet import asyncioreactor
from twisted.internet.defer import Deferred

from crm_bridge.connectors.webhook import WebhookConnector
from crm_bridge.relays import Relays
from ivr.clock import SystemClock
from ivr.settings import WebhookSettings
from ivr.storage.database import Database
from ivr.storage.outbox import Outbox


async def relay(reactor: Any, database_url: str, target: str) -> None:
    clock = SystemClock()
    database = Database(database_url, reactor)
    await database.start()
    outbox = Outbox(database, clock)
    await outbox.release_leases()
    connector = WebhookConnector(
        WebhookSettings(url=target, allow_loopback=True), "the secret", clock, reactor
    )
    relays = Relays([connector], outbox, clock, reactor, lambda _alarm, _text: None)
    relays.start()


def main() -> None:
    asyncioreactor.install(asyncio.new_event_loop())
    from twisted.internet import reactor as installed

    reactor: Any = installed
    work = Deferred.fromCoroutine(relay(reactor, sys.argv[1], sys.argv[2]))
    work.addErrback(lambda failure: (failure.printTraceback(), reactor.stop()))
    reactor.run()


if __name__ == "__main__":
    main()
