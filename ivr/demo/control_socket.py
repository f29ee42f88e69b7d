"""The unix socket of the demo endpoint: JSON lines, both sides."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IListeningPort, IReactorUNIX
from twisted.internet.protocol import ClientFactory, Factory, connectionDone
from twisted.protocols.basic import LineOnlyReceiver
from twisted.python.failure import Failure

from ivr.background import Background
from ivr.demo.control import DemoControl, DemoRefused

_LONGEST_PATH = 100  # sun_path holds 108 bytes


class ControlProtocol(LineOnlyReceiver):
    """One connection; commands are answered in the order they come."""

    delimiter = b"\n"
    MAX_LENGTH = 65_536

    def __init__(self, control: DemoControl, background: Background) -> None:
        self._control = control
        self._background = background

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        self._background.start("demo command", self._reply(line))

    async def _reply(self, line: bytes) -> None:
        answer = await self._control.answer(line)
        if self.transport is not None:
            self.transport.write(answer + self.delimiter)


class ControlFactory(Factory):
    """Makes a protocol for each connection."""

    noisy = False

    def __init__(self, control: DemoControl, background: Background) -> None:
        self._control = control
        self._background = background

    def buildProtocol(self, addr: Any) -> ControlProtocol:  # noqa: N802
        return ControlProtocol(self._control, self._background)


def listen_for_commands(
    reactor: IReactorUNIX, file: Path, control: DemoControl, background: Background
) -> IListeningPort:
    """Open the control socket, for this user only; a left-over of a dead process is removed.

    Raises:
        DemoRefused: the path is too long for a unix socket.
    """
    if len(str(file).encode()) > _LONGEST_PATH:
        raise DemoRefused(
            f"path too long for a unix socket: {file}; set MOKED_HOME to a shorter one"
        )
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    return reactor.listenUNIX(
        str(file), ControlFactory(control, background), 5, 0o600, wantPID=False
    )


async def ask_demo(
    reactor: IReactorUNIX, file: Path, command: Mapping[str, Any], *, wait: float = 40.0
) -> dict[str, Any]:
    """Send one command to the running demo endpoint and return its reply.

    Raises:
        DemoRefused: it said no, or does not run.
    """
    reply: Deferred[bytes] = Deferred()
    reactor.connectUNIX(
        str(file), _AskingFactory(msgspec.json.encode(command), reply), wait, checkPID=False
    )
    reply.addTimeout(wait, reactor)  # type: ignore[arg-type]  # every reactor has time
    answer = msgspec.json.decode(await reply, type=dict[str, Any])
    if not answer.get("ok"):
        raise DemoRefused(str(answer.get("why", "no reason given")))
    return answer


class _Asking(LineOnlyReceiver):
    delimiter = b"\n"
    MAX_LENGTH = 4_194_304

    def __init__(self, line: bytes, reply: "Deferred[bytes]") -> None:
        self._line = line
        self._reply = reply

    def connectionMade(self) -> None:  # noqa: N802
        if self.transport is not None:
            self.transport.write(self._line + self.delimiter)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802
        if not self._reply.called:
            self._reply.callback(line)
        if self.transport is not None:
            self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        if not self._reply.called:
            self._reply.errback(DemoRefused("the demo endpoint closed the connection"))


class _AskingFactory(ClientFactory):
    noisy = False

    def __init__(self, line: bytes, reply: "Deferred[bytes]") -> None:
        self._line = line
        self._reply = reply

    def buildProtocol(self, addr: Any) -> _Asking:  # noqa: N802
        return _Asking(self._line, self._reply)

    def clientConnectionFailed(self, connector: Any, reason: Failure) -> None:  # noqa: N802
        if not self._reply.called:
            why = "the demo endpoint does not run (start it with `moked up`)"
            self._reply.errback(DemoRefused(why))
