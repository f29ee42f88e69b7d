"""The AMI client against the fake behind a socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from ivr.asterisk.ami import Ami, AmiAddress
from tests.contracts.ami_contract import AmiContract, AmiSite
from tests.fakes.ami_server import LOOPBACK, SECRET, USER, FakeAmiServer
from tests.fakes.asterisk import FakeAsterisk
from tests.reactor import ReactorThread

# pyst2 uses old names of `threading`.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


class FakeSite:
    def __init__(self, reactor: ReactorThread) -> None:
        self.reactor = reactor
        self._asterisk = FakeAsterisk(reactor.reactor)
        self._asterisk.claim_seconds = 0.0
        self._fake = FakeAmiServer(reactor.reactor, self._asterisk)
        reactor.call(self._fake.listen)
        self._port = self._fake.port

    def ami(self, deadline: float = 5.0, secret: str | None = None) -> Ami:
        address = AmiAddress(LOOPBACK, self._port, USER, secret or SECRET)
        return self.reactor.call(Ami, self.reactor.reactor, address, deadline)

    def caller(self) -> str:
        return self.reactor.call(self._asterisk.arrives, "caller", "one").id

    def place_of(self, channel: str) -> tuple[str, str]:
        context, extension = self._asterisk.channels[channel].variables["went to"].split(",")
        return context, extension

    def freeze(self) -> None:
        self._fake.frozen = True

    def thaw(self) -> None:
        self._fake.frozen = False

    def die(self) -> None:
        self.reactor.run(self._fake.close())

    def revive(self) -> None:
        self.reactor.call(self._fake.listen, self._port)


@pytest.fixture
def site(reactor: ReactorThread) -> Iterator[FakeSite]:
    site = FakeSite(reactor)
    yield site
    site.die()
    reactor.run(reactor.sleep(0.05))


@pytest.fixture
def own_site(site: FakeSite) -> FakeSite:
    return site


@pytest.fixture
def client(site: AmiSite) -> Iterator[Ami]:
    ami = site.ami()
    yield ami
    site.reactor.run(ami.close())


class TestAmiOnFake(AmiContract):
    """Nothing more than the contract."""
