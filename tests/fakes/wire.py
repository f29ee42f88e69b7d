"""A reactor of straw: a clock, and UDP sockets that reach each other in memory, with faults."""

from collections.abc import Callable
from typing import Any

from twisted.internet.address import IPv4Address
from twisted.internet.defer import Deferred
from twisted.internet.error import CannotListenError
from twisted.internet.protocol import DatagramProtocol
from twisted.internet.task import Clock

Fault = Callable[[bytes, tuple[str, int]], list[float]]
"""Return the delays at which a datagram arrives: none for lost, two for twice."""


class _Transport:
    def __init__(self, wire: "Wire", address: tuple[str, int]) -> None:
        self._wire = wire
        self.address = address

    def write(self, datagram: bytes, to: tuple[str, int]) -> None:
        self._wire.carry(datagram, self.address, to)


class _Port:
    def __init__(self, wire: "Wire", address: tuple[str, int]) -> None:
        self._wire = wire
        self._address = address

    def getHost(self) -> IPv4Address:  # noqa: N802
        return IPv4Address("UDP", *self._address)

    def stopListening(self) -> Deferred[None]:  # noqa: N802
        protocol = self._wire.sockets.pop(self._address)
        protocol.transport = None
        done: Deferred[None] = Deferred()
        done.callback(None)
        return done


class Wire(Clock):
    """Time that only moves when told, and datagrams that take 1 ms."""

    def __init__(self) -> None:
        super().__init__()
        self.rightNow = 1000.0
        self.sockets: dict[tuple[str, int], DatagramProtocol] = {}
        self.fault: Fault = lambda _datagram, _to: [0.001]
        self.carried: list[tuple[tuple[str, int], tuple[str, int], bytes]] = []
        self._next_port = 40000

    @property
    def reactor(self) -> Any:
        """The wire itself, for whoever asks for a reactor: zope's interfaces are not Protocols."""
        return self

    def listenUDP(  # noqa: N802
        self, port: int, protocol: DatagramProtocol, interface: str = "", _largest: int = 8192
    ) -> _Port:
        if not port:
            self._next_port += 2
            port = self._next_port
        address = (interface, port)
        if address in self.sockets:
            raise CannotListenError(interface, port, OSError("taken"))
        self.sockets[address] = protocol
        protocol.transport = _Transport(self, address)  # type: ignore[assignment]
        return _Port(self, address)

    def carry(self, datagram: bytes, source: tuple[str, int], to: tuple[str, int]) -> None:
        self.carried.append((source, to, datagram))
        for delay in self.fault(datagram, to):
            self.callLater(delay, self._arrive, datagram, source, to)

    def _arrive(self, datagram: bytes, source: tuple[str, int], to: tuple[str, int]) -> None:
        if to in self.sockets:
            self.sockets[to].datagramReceived(datagram, source)

    def live(self, seconds: float, step: float = 0.01) -> None:
        """Let *seconds* pass in small steps."""
        for _ in range(round(seconds / step)):
            self.advance(step)

    def until(self, deferred: Deferred[Any], limit: float = 60.0) -> Any:
        """Let time pass until *deferred* has fired; return its result."""
        results: list[Any] = []
        deferred.addBoth(results.append)
        passed = 0.0
        while not results and passed < limit:
            self.advance(0.01)
            passed += 0.01
        assert results, "it never happened"
        return results[0]
