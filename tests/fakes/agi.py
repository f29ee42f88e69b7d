"""An Asterisk that calls a FastAGI server, without a socket: it sends lines and obeys commands.

What it answers is what Asterisk 22.10.1 answered (``contracts/agi_contract.py`` runs on both).
"""

from __future__ import annotations

import shlex
from collections import deque
from collections.abc import Callable

from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from ivr.asterisk.agi_protocol import AgiProtocol
from ivr.asterisk.agi_server import AgiServer

OK = "200 result=0"
# What Asterisk still does once the caller is gone.
FOR_THE_DEAD = ("VERBOSE", "GET VARIABLE", "SET VARIABLE", None)


class FakeAgiCall:
    """One call that is given to the script at *path*; ``digits`` are what the caller will press.

    The caller presses one digit whenever there is time to. ``sounds`` are the files that exist.
    """

    def __init__(self, server: AgiServer, clock: Clock, path: str, digits: str = "") -> None:
        self.variables: dict[str, str] = {}
        self.sounds = {"digits/1", "digits/2", "digits/3"}
        self.digits = deque(digits)
        self.dead = False
        self.ended = False
        self._clock = clock
        self._path = path
        self._transport = StringTransport()
        protocol = server.connection()
        assert protocol is not None, "the server refused"
        self._protocol: AgiProtocol = protocol
        self._answers: dict[str, Callable[..., str]] = {
            "ANSWER": lambda: OK,
            "HANGUP": self._hang_up,
            "VERBOSE": lambda _message, _level: "200 result=1",
            "SET VARIABLE": self._set,
            "GET VARIABLE": self._get,
            "STREAM FILE": self._stream,
            "WAIT FOR DIGIT": self._wait,
            "GET DATA": self._data,
            "EXEC": self._exec,
        }

    def start(self, channel: str = "1795.4") -> None:
        """Connect, and obey until the script waits or ends."""
        self._protocol.makeConnection(self._transport)  # type: ignore[no-untyped-call]
        block = {"network": "yes", "request": f"agi://127.0.0.1/{self._path}", "uniqueid": channel}
        self._send("".join(f"agi_{name}: {value}\n" for name, value in block.items()) + "\n")

    def leaves(self) -> None:
        """The caller hangs up: the reply of what was going on, and a line that is no reply."""
        self.dead = True
        self._send("200 result=-1\nHANGUP\n")

    def _send(self, text: str) -> None:
        self._protocol.dataReceived(text.encode())  # type: ignore[no-untyped-call]
        while not self.ended and (asked := self._transport.value().decode()):
            self._transport.clear()
            for line in asked.splitlines():
                if (reply := self._obey(line)) is not None:
                    self._protocol.dataReceived(  # type: ignore[no-untyped-call]
                        f"{reply}\n".encode()
                    )
        if self._transport.disconnecting and not self.ended:
            self.ended = True
            self._protocol.connectionLost(Failure(ConnectionDone()))

    def _obey(self, line: str) -> str | None:
        """The reply to one command; None if it is still going on."""
        words = shlex.split(line)
        verb = next((v for v in sorted(self._answers, key=len) if line.startswith(v)), None)
        if self.dead and verb not in FOR_THE_DEAD:
            return "511 Command Not Permitted on a dead channel or intercept routine"
        if verb is None:
            return "510 Invalid or unknown command"
        arguments = words[len(verb.split()) :]
        if verb == "WAIT FOR DIGIT" and int(arguments[0]) > 10_000 and not self.digits:
            return None
        try:
            return self._answers[verb](*arguments)
        except TypeError:
            return (
                f"520-Invalid command syntax.  Proper usage follows:\nUsage: {verb}\n"
                "520 End of proper usage."
            )

    def _hang_up(self) -> str:
        self.dead = True
        return "200 result=1"

    def _set(self, name: str, value: str) -> str:
        self.variables[name] = value
        return "200 result=1"

    def _get(self, name: str) -> str:
        value = self.variables.get(name)
        return OK if value is None else f"200 result=1 ({value})"

    def _stream(self, name: str, escape: str) -> str:
        if name not in self.sounds:
            return "200 result=-1 endpos=0"
        pressed = self.digits.popleft() if self.digits and self.digits[0] in escape else ""
        return f"200 result={ord(pressed)} endpos=800" if pressed else f"{OK} endpos=8000"

    def _wait(self, milliseconds: str) -> str:
        return f"200 result={ord(self.digits.popleft())}" if self.digits else OK

    def _data(self, name: str, milliseconds: str, most: str) -> str:
        if name not in self.sounds:
            return "200 result=-1"
        taken = [self.digits.popleft() for _ in range(min(int(most), len(self.digits)))]
        late = "" if len(taken) == int(most) else " (timeout)"
        return f"200 result={''.join(taken)}{late}"

    def _exec(self, application: str, arguments: str) -> str:
        return OK if application == "Playback" else "200 result=-2"
