"""All relays of a site: one per connector, so that a dead target delays nothing else."""

from collections.abc import Sequence
from typing import Any

from crm_bridge.connector import Connector
from crm_bridge.relay import OnAlarm, Relay
from ivr.clock import Clock
from ivr.crm import Outbox


class Relays:
    def __init__(
        self,
        connectors: Sequence[Connector],
        outbox: Outbox,
        clock: Clock,
        reactor: Any,
        on_alarm: OnAlarm,
    ) -> None:
        self._relays = [
            Relay(connector, outbox, clock, reactor, on_alarm) for connector in connectors
        ]

    def start(self) -> None:
        for relay in self._relays:
            relay.start()

    def wake(self) -> None:
        """Something new is owed: call it when a ticket, a message or a call's end is written."""
        for relay in self._relays:
            relay.wake()

    async def stop(self) -> None:
        for relay in self._relays:
            await relay.stop()
