"""FastAGI scripts called by the fake Asterisk."""

from __future__ import annotations

from twisted.internet.task import Clock

from ivr.asterisk.agi_server import AgiServer
from tests.contracts.agi_contract import AgiContract, Script
from tests.fakes.agi import FakeAgiCall


class TestAgiOnFake(AgiContract):
    def call(self, script: Script, *, digits: str = "", leaves: bool = False) -> None:
        clock = Clock()
        server = AgiServer(clock, {"script": script})
        call = FakeAgiCall(server, clock, "script?line=billing", digits)
        call.start()
        if leaves:
            call.leaves()
        assert call.ended
        assert server.sessions == 0
        assert clock.getDelayedCalls() == []
