"""FastAGI, as a real Asterisk speaks it."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest
from twisted.internet.defer import Deferred

from ivr.asterisk.agi_server import AgiServer
from ivr.asterisk.agi_session import AgiSession
from tests.calls.ari_real import RealAri
from tests.calls.private_asterisk import PrivateAsterisk
from tests.contracts.agi_contract import AgiContract, Script
from tests.reactor import ReactorThread

pytestmark = pytest.mark.calls
SECONDS = 20.0


class Line:
    """A number of the private Asterisk whose calls are given to a script."""

    def __init__(self, ari: RealAri, reactor: ReactorThread) -> None:
        self._ari = ari
        self._reactor = reactor

    def call(self, script: Script, digits: str = "", *, leaves: bool = False) -> None:
        """Call, and return when the script has ended."""
        began: list[float] = []

        async def watched(session: AgiSession) -> None:
            began.append(time.monotonic())
            await script(session)

        server = self._reactor.call(AgiServer, self._reactor.reactor, {"script": watched})
        self._reactor.run(server.listen())
        client, run = self._ari.client, self._reactor.run
        run(client.asterisk_set_global_var(variable="AGI_ENDED", value=""))
        channel = f"line{secrets.token_hex(4)}"
        run(self._originate(channel, server.port, digits))
        self.until(lambda: bool(began))
        if leaves:
            time.sleep(0.5)  # so that the script is in the middle of its wait
            run(client.channels_hangup(channel))
        self.until(lambda: server.sessions == 0)
        run(server.close())

    @property
    def dialplan_went_on(self) -> bool:
        """Whether the dialplan has come past its AGI()."""
        ended = self._ari.client.asterisk_get_global_var(variable="AGI_ENDED")
        return bool(self._reactor.run(ended).value)

    def until(self, condition: Callable[[], bool]) -> None:
        deadline = time.monotonic() + SECONDS
        while not condition():
            assert time.monotonic() < deadline, "it did not come to pass"
            time.sleep(0.02)  # the script runs in Asterisk: there is nothing here to wait on

    def _originate(
        self, channel: str, port: int, digits: str
    ) -> Coroutine[Deferred[Any], Any, object]:
        caller = "caller_presses" if digits else "continued"
        return self._ari.client.channels_originate(
            endpoint="Local/fastagi@parties/n",
            context="parties",
            extension=caller,
            priority=1,
            channel_id=channel,
            variables={"__AGI_PORT": str(port), "__AGI_PATH": "script?line=billing",
                       "__DIGITS": digits},
        )  # fmt: skip


@pytest.fixture(scope="module")
def line(private_asterisk: PrivateAsterisk, reactor: ReactorThread) -> Iterator[Line]:
    ari = RealAri(private_asterisk, reactor)
    ari.connect()
    yield Line(ari, reactor)
    ari.close()


class TestAgiOnAsterisk(AgiContract):
    @pytest.fixture(autouse=True)
    def _line(self, line: Line) -> None:
        self.line = line

    def call(self, script: Script, *, digits: str = "", leaves: bool = False) -> None:
        self.line.call(script, digits, leaves=leaves)


def test_a_failing_script_lets_the_dialplan_go_on(line: Line) -> None:
    async def script(session: AgiSession) -> None:
        raise RuntimeError("a script may be wrong")

    line.call(script)
    line.until(lambda: line.dialplan_went_on)
