"""The scenarios of the ARI contract, played on a private Asterisk through our client."""

from __future__ import annotations

import secrets

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_events import AnyEvent, UnknownEvent
from ivr.asterisk.ari_settings import AriAddress, AriOptions
from tests.calls.private_asterisk import PrivateAsterisk
from tests.contracts.ari_steps import Scenario
from tests.contracts.ari_world import World
from tests.reactor import ReactorThread

APP = "cc-t"


class RealWorld(World):
    """A call comes in through a Local channel, whose other half is the carrier's."""

    async def arrives(self, channel: str, behaviour: str) -> None:
        await self._inner.channels_originate(
            endpoint=f"Local/{behaviour}@broadcast/n", context="parties", extension=behaviour,
            priority=1, channel_id=self.id("carrier"), other_channel_id=channel,
        )  # fmt: skip

    async def leaves(self, channel: str) -> None:
        await self._inner.channels_hangup(self.id("carrier"), reason_code="16")


class RealAri:
    """One connected client, and the scenario it plays at the moment."""

    def __init__(
        self,
        asterisk: PrivateAsterisk,
        reactor: ReactorThread,
        options: AriOptions | None = None,
        app: str = APP,
    ) -> None:
        address = AriAddress("127.0.0.1", asterisk.http_port, asterisk.user, asterisk.password)
        self._reactor = reactor
        self._world: World | None = None
        self.client = AriClient(reactor.reactor, address, app, self._hear, options)

    def connect(self) -> None:
        self._reactor.run(self.client.connect())

    def close(self) -> None:
        self._reactor.run(self.client.close())

    def play(self, scenario: Scenario) -> World:
        """Play *scenario* and return the world it was played in."""
        world = RealWorld(self.client, self.client.app, self._reactor.reactor, secrets.token_hex(4))
        self._world = world
        self._reactor.run(scenario(world), timeout=40)
        return world

    def _hear(self, event: AnyEvent | UnknownEvent) -> None:
        if self._world is not None:
            self._world.saw(event)
