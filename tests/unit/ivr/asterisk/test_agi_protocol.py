"""Sessions over a pretended connection."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.error import ConnectionDone
from twisted.internet.task import Clock
from twisted.internet.testing import StringTransport
from twisted.python.failure import Failure

from ivr.asterisk.agi_protocol import REQUEST_SECONDS, AgiProtocol
from ivr.asterisk.agi_server import AgiServer
from ivr.asterisk.agi_session import AgiSession
from ivr.asterisk.errors import AgiError, AgiHungUp, AgiMalformed, AgiRefused, AgiTimeout

BLOCK = b"agi_network: yes\nagi_request: agi://127.0.0.1/script?a=b\nagi_uniqueid: 1795.4\n\n"
Script = Callable[[AgiSession], Awaitable[None]]


class Asterisk:
    """The other side: connects to a server, sends lines, reads commands."""

    def __init__(self, script: Script, most_sessions: int = 5) -> None:
        self.clock = Clock()
        self.server = AgiServer(self.clock, {"script": script}, most_sessions)
        self.transport = StringTransport()
        protocol = self.server.connection()
        assert protocol is not None
        self.protocol: AgiProtocol = protocol
        self.protocol.makeConnection(self.transport)  # type: ignore[no-untyped-call]

    def sends(self, data: bytes) -> str:
        """Send *data* and return what came back."""
        self.protocol.dataReceived(data)  # type: ignore[no-untyped-call]
        answer: str = self.transport.value().decode()
        self.transport.clear()
        return answer

    def closes(self) -> None:
        self.protocol.connectionLost(Failure(ConnectionDone()))

    @property
    def let_go(self) -> bool:
        """Whether the session was ended, so that the dialplan goes on."""
        return self.transport.disconnecting


def test_a_script_runs_and_lets_go() -> None:
    seen: list[object] = []

    async def script(session: AgiSession) -> None:
        seen.append((session.request.channel_id, session.request.query))
        await session.answer()
        seen.append(await session.get_variable("LINE"))
        seen.append(await session.wait_for_digit(2))

    asterisk = Asterisk(script)
    assert asterisk.sends(BLOCK) == "ANSWER\n"
    assert asterisk.sends(b"200 result=0\n") == 'GET VARIABLE "LINE"\n'
    assert asterisk.sends(b"200 result=1 (billing)\n") == 'WAIT FOR DIGIT "2000"\n'
    assert not asterisk.let_go
    asterisk.sends(b"200 result=53\n")
    assert asterisk.let_go
    assert seen == [("1795.4", {"a": "b"}), "billing", "5"]
    asterisk.closes()
    assert asterisk.server.sessions == 0
    assert asterisk.clock.getDelayedCalls() == []


def _failing(work: Callable[[AgiSession], Awaitable[object]]) -> tuple[Script, list[Exception]]:
    errors: list[Exception] = []

    async def script(session: AgiSession) -> None:
        try:
            await work(session)
        except AgiError as error:
            errors.append(error)
            raise

    return script, errors


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (b"200 result=-1\n", AgiHungUp),
        (b"511 Command Not Permitted on a dead channel\n", AgiHungUp),
        (b"510 Invalid or unknown command\n", AgiRefused),
        (b"520-Wrong.\nUsage: x\n520 End of proper usage.\n", AgiRefused),
        (b"what?\n", AgiMalformed),
        (b"x" * 9000 + b"\n", AgiMalformed),
    ],
)
def test_a_command_that_fails_ends_the_script(reply: bytes, error: type[Exception]) -> None:
    script, errors = _failing(lambda session: session.answer())
    asterisk = Asterisk(script)
    asterisk.sends(BLOCK)
    asterisk.sends(reply)
    assert [type(found) for found in errors] == [error]
    assert asterisk.let_go


def test_hangup_is_not_a_reply() -> None:
    async def work(session: AgiSession) -> None:
        await session.stream_file("welcome")
        await session.answer()

    script, errors = _failing(work)
    asterisk = Asterisk(script)
    asterisk.sends(BLOCK)
    assert asterisk.sends(b"HANGUP\n") == ""
    assert errors == []
    assert asterisk.sends(b"200 result=0 endpos=800\nHANGUP\n") == "ANSWER\n"
    asterisk.sends(b"511 Command Not Permitted on a dead channel or intercept routine\n")
    assert [type(error) for error in errors] == [AgiHungUp]


def test_no_reply_in_time_lets_the_dialplan_go_on() -> None:
    script, errors = _failing(lambda session: session.answer())
    asterisk = Asterisk(script)
    asterisk.sends(BLOCK)
    asterisk.clock.advance(5)
    assert [type(error) for error in errors] == [AgiTimeout]
    assert asterisk.let_go
    assert asterisk.sends(b"200 result=0\n") == "", "the late reply is nobody's"


def test_a_lost_connection_ends_the_script() -> None:
    script, errors = _failing(lambda session: session.answer())
    asterisk = Asterisk(script)
    asterisk.sends(BLOCK)
    asterisk.closes()
    assert [type(error) for error in errors] == [AgiHungUp]
    assert asterisk.clock.getDelayedCalls() == []


def test_a_script_that_waits_elsewhere_is_cancelled_when_the_caller_leaves() -> None:
    elsewhere: Deferred[None] = Deferred()

    async def script(session: AgiSession) -> None:
        await elsewhere

    asterisk = Asterisk(script)
    asterisk.sends(BLOCK)
    asterisk.closes()
    assert elsewhere.called


async def _never_run(session: AgiSession) -> None:
    pytest.fail("this session never began")


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        b"\n",
        b"agi_network: yes\n\n",
        b"HEAD / HTTP/1.1\n",
        b"agi_x: y\n" * 300,
        b"agi_request: agi://h/unknown\n\n",
        b"agi_request: " + b"x" * 9000 + b"\n",
        bytes(range(256)) + b"\n",
    ],
)
def test_strangers_are_let_go(data: bytes) -> None:
    asterisk = Asterisk(_never_run)
    assert asterisk.sends(data) == ""
    assert asterisk.let_go


def test_who_says_nothing_is_let_go() -> None:
    asterisk = Asterisk(_never_run)
    asterisk.sends(b"agi_network: yes\n")
    asterisk.clock.advance(REQUEST_SECONDS)
    assert asterisk.let_go


def test_a_reply_to_nothing_is_not_believed() -> None:
    elsewhere: Deferred[None] = Deferred()

    async def script(session: AgiSession) -> None:
        await elsewhere

    asterisk = Asterisk(script)
    asterisk.sends(BLOCK)
    asterisk.sends(b"200 result=1 (forged)\n")
    assert asterisk.let_go


def test_too_many_sessions_are_refused() -> None:
    asterisk = Asterisk(_never_run, most_sessions=1)
    assert asterisk.server.connection() is None
    asterisk.closes()
    assert asterisk.server.connection() is not None


def test_arguments_of_applications_cannot_split() -> None:
    errors: list[ValueError] = []

    async def script(session: AgiSession) -> None:
        try:
            await session.exec("Dial", "PJSIP/a,30")
        except ValueError as error:
            errors.append(error)

    Asterisk(script).sends(BLOCK)
    assert len(errors) == 1
