"""What the endpoint needs of the reactor, and UDP ports for speech from a range."""

from twisted.internet.address import IPv4Address
from twisted.internet.error import CannotListenError
from twisted.internet.interfaces import IListeningPort, IReactorTime, IReactorUDP
from twisted.internet.protocol import DatagramProtocol

Address = tuple[str, int]
MAX_DATAGRAM = 65_535


class UdpReactor(IReactorTime, IReactorUDP):
    """Timers and UDP sockets."""


def listen_in_range(
    reactor: UdpReactor, protocol: DatagramProtocol, host: str, ports: tuple[int, int]
) -> IListeningPort:
    """Bind *protocol* to an even port in *ports* (first, last), or to any free one for (0, 0).

    Raises:
        CannotListenError: every port of the range is taken.
    """
    first, last = ports
    if not first:
        return reactor.listenUDP(0, protocol, host, MAX_DATAGRAM)
    for port in range(first + first % 2, last + 1, 2):
        try:
            return reactor.listenUDP(port, protocol, host, MAX_DATAGRAM)
        except CannotListenError:
            continue
    raise CannotListenError(host, f"{first}-{last}", OSError("no free port for speech"))


def bound_port(listening: IListeningPort) -> int:
    """Return the port number that *listening* has got."""
    host = listening.getHost()
    if not isinstance(host, IPv4Address):
        raise TypeError("the demo endpoint speaks IPv4 only")
    return host.port


async def stop_listening(listening: IListeningPort) -> None:
    """Free the port; returns when it is free."""
    stopping = listening.stopListening()
    if stopping is not None:
        await stopping
