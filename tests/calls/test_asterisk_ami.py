"""The manager interface of a real Asterisk, through our client."""

from __future__ import annotations

import secrets
import signal
from collections.abc import Iterator

import pytest

from ivr.asterisk.ami import Ami, AmiAddress
from tests.calls.ari_real import RealAri
from tests.calls.private_asterisk import PrivateAsterisk, asterisk_root
from tests.contracts.ami_contract import AmiContract, AmiSite
from tests.contracts.ari_steps import claimed
from tests.contracts.ari_world import World
from tests.reactor import ReactorThread

# pyst2 uses old names of `threading`.
pytestmark = [pytest.mark.calls, pytest.mark.filterwarnings("ignore::DeprecationWarning")]


class RealSite:
    def __init__(self, asterisk: PrivateAsterisk, reactor: ReactorThread) -> None:
        self.reactor = reactor
        self._asterisk = asterisk
        self._ari: RealAri | None = None
        self._caller = ""

    def ami(self, deadline: float = 5.0, secret: str | None = None) -> Ami:
        asterisk = self._asterisk
        address = AmiAddress(
            "127.0.0.1", asterisk.ami_port, asterisk.user, secret or asterisk.password
        )
        return self.reactor.call(Ami, self.reactor.reactor, address, deadline)

    def caller(self) -> str:
        self._ari = RealAri(self._asterisk, self.reactor)
        self._ari.connect()
        name = f"caller-{secrets.token_hex(4)}"
        found: list[str] = []

        async def scenario(world: World) -> None:
            found.append(await claimed(world, name))

        self._ari.play(scenario)
        self._caller = found[0]
        return found[0]

    def place_of(self, channel: str) -> tuple[str, str]:
        assert self._ari is not None

        async def look(world: World) -> None:
            await world.pause(0.3)

        self._ari.play(look)
        where = self.reactor.run(self._ari.client.channels_get(channel)).dialplan
        return where.context, where.exten

    def freeze(self) -> None:
        self._asterisk.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._asterisk.signal(signal.SIGCONT)

    def die(self) -> None:
        self._asterisk.kill(signal.SIGKILL)

    def revive(self) -> None:
        self._asterisk.start()

    def leave(self) -> None:
        """Hang the caller up, if there was one."""
        ari, self._ari = self._ari, None
        if ari is not None:
            self.reactor.run(ari.client.channels_hangup(self._caller))
            ari.close()


@pytest.fixture
def site(private_asterisk: PrivateAsterisk, reactor: ReactorThread) -> Iterator[RealSite]:
    site = RealSite(private_asterisk, reactor)
    yield site
    site.leave()


@pytest.fixture
def own_site(reactor: ReactorThread) -> Iterator[RealSite]:
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk unpacked here (./moked sets one up, or MOKED_ASTERISK_ROOT)")
    asterisk = PrivateAsterisk(root)
    asterisk.start()
    yield RealSite(asterisk, reactor)
    asterisk.stop()


@pytest.fixture
def client(site: AmiSite) -> Iterator[Ami]:
    ami = site.ami()
    yield ami
    site.reactor.run(ami.close())


class TestAmiOnAsterisk(AmiContract):
    """Nothing more than the contract."""
