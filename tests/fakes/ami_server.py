"""The manager interface of the fake Asterisk, on a real socket, for pyst2 blocks on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from twisted.internet.protocol import Factory
from twisted.protocols.basic import LineOnlyReceiver

from tests.fakes.asterisk import FakeAsterisk

Headers = dict[str, str]
USER, SECRET = "tests", "fake"
LOOPBACK = "127.0.0.1"
PROCESSORS = """
Processor                 Processed   In Queue  Max Depth  Low water High water
stasis/m:ari:application/cc-t-0001        5          2          3        450        500
pjsip/distributor-0000001e         0          0          0        450        500
"""


class FakeAmiServer:
    """One listening fake; ``frozen`` makes it say nothing; ``queues`` has the members of each."""

    def __init__(self, reactor: Any, asterisk: FakeAsterisk) -> None:
        self.asterisk = asterisk
        self.frozen = False
        self.queues: dict[str, list[str]] = {"emergency": ["Local/answers@parties"]}
        self.connections: set[_Connection] = set()
        self._reactor = reactor
        self._port: Any = None

    @property
    def port(self) -> int:
        return int(self._port.getHost().port)

    def listen(self, port: int = 0) -> None:
        """Begin to listen (in the reactor's thread)."""
        self._port = self._reactor.listenTCP(port, _Factory(self), interface=LOOPBACK)

    async def close(self) -> None:
        """Stop listening and drop every connection."""
        await self._port.stopListening()
        self.drop()

    def drop(self) -> None:
        """Drop every connection."""
        for connection in list(self.connections):
            connection.abort()

    def answer(self, action: Headers) -> tuple[Headers, list[Headers], list[str]]:
        """The response to *action*, the events that list what was asked, and what it printed."""
        answers: dict[str, Callable[[Headers], Any]] = {
            "Ping": lambda _: ({"Ping": "Pong"}, [], []),
            "CoreStatus": lambda _: ({"CoreStartupTime": "08:00:00"}, [], []),
            "CoreShowChannels": lambda _: self._channels(),
            "QueueStatus": self._queues,
            "Redirect": self._redirect,
            "AbsoluteTimeout": self._timeout,
            "Reload": self._reload,
            "Command": self._command,
        }
        found = answers.get(action["Action"])
        if found is None:
            return _refused("Invalid/unknown command")
        headers, events, output = found(action)
        return {"Response": "Success", **headers}, events, output

    def _channels(self) -> tuple[Headers, list[Headers], list[str]]:
        shown = [
            {"Event": "CoreShowChannel", "Channel": channel.name, "Uniqueid": channel.id}
            for channel in self.asterisk.channels.values()
        ]
        shown.append({"Event": "CoreShowChannelsComplete"})
        return {"EventList": "start", "Message": "Channels will follow"}, shown, []

    def _queues(self, action: Headers) -> tuple[Headers, list[Headers], list[str]]:
        wanted = action.get("Queue")
        shown = [
            {"Event": "QueueMember", "Queue": name, "Location": member}
            for name, members in self.queues.items()
            for member in members
            if wanted in (None, name)
        ]
        shown.append({"Event": "QueueStatusComplete"})
        return {"EventList": "start", "Message": "Queue status will follow"}, shown, []

    def _redirect(self, action: Headers) -> tuple[Headers, list[Headers], list[str]]:
        channel = self.asterisk.channels.get(action["Channel"])
        if channel is None:
            return _refused(f"Channel does not exist: {action['Channel']}")
        channel.variables["went to"] = f"{action['Context']},{action['Exten']}"
        self.asterisk.leaves(channel)
        return {"Message": "Redirect successful"}, [], []

    def _timeout(self, action: Headers) -> tuple[Headers, list[Headers], list[str]]:
        if action["Channel"] not in self.asterisk.channels:
            return _refused("No such channel")
        return {"Message": "Timeout Set"}, [], []

    def _reload(self, action: Headers) -> tuple[Headers, list[Headers], list[str]]:
        if action.get("Module") == "nonsense":
            return _refused("No such module")
        return {"Message": "Module Reloaded"}, [], []

    def _command(self, action: Headers) -> tuple[Headers, list[Headers], list[str]]:
        if action["Command"] == "core show taskprocessors":
            return {"Message": "Command output follows"}, [], PROCESSORS.splitlines()
        return _refused("Command output follows")


def _refused(message: str) -> tuple[Headers, list[Headers], list[str]]:
    return {"Response": "Error", "Message": message}, [], []


class _Connection(LineOnlyReceiver):
    delimiter = b"\r\n"

    def __init__(self, fake: FakeAmiServer) -> None:
        self._fake = fake
        self._action: Headers = {}
        self._logged_in = False

    def connectionMade(self) -> None:  # noqa: N802 - Twisted's name
        self._fake.connections.add(self)
        self.sendLine(b"Asterisk Call Manager/11.0.0")  # type: ignore[no-untyped-call]

    def connectionLost(self, reason: Any = None) -> None:  # noqa: N802 - as above
        self._fake.connections.discard(self)

    def lineReceived(self, line: bytes) -> None:  # noqa: N802 - as above
        if line:
            name, _, value = line.decode().partition(": ")
            self._action[name] = value
            return
        action, self._action = self._action, {}
        if action and not self._fake.frozen:
            self._act(action)

    def abort(self) -> None:
        transport: Any = self.transport
        transport.abortConnection()

    def _act(self, action: Headers) -> None:
        if action["Action"] == "Login":
            self._logged_in = (action["Username"], action["Secret"]) == (USER, SECRET)
            said = "accepted" if self._logged_in else "failed"
            response = {"Response": "Success" if self._logged_in else "Error"}
            self._send({**response, "Message": f"Authentication {said}"}, action)
        elif not self._logged_in:
            self._send({"Response": "Error", "Message": "Permission denied"}, action)
        else:
            response, events, output = self._fake.answer(action)
            self._send(response, action, output)
            for event in events:
                self._send(event, action)

    def _send(self, headers: Headers, action: Headers, output: list[str] | None = None) -> None:
        headers = {**headers, "ActionID": action.get("ActionID", "")}
        lines = [f"{name}: {value}" for name, value in headers.items()]
        lines += [f"Output: {line}" for line in output or ()]
        self.sendLine("\r\n".join([*lines, ""]).encode())  # type: ignore[no-untyped-call]


class _Factory(Factory):
    noisy = False

    def __init__(self, fake: FakeAmiServer) -> None:
        self._fake = fake

    def buildProtocol(self, addr: object) -> _Connection:  # noqa: N802 - Twisted's name
        return _Connection(self._fake)
