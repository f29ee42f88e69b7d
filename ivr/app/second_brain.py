"""The fail-safe's second brain, on FastAGI: a call that fell to Asterisk's dialplan is taken back.

Asterisk asks only while our heartbeat is fresh, on a channel of its own that it gives 2 s; what
we do not answer in that time ends at a person all the same. A call that we ourselves gave up is
never taken back: its dialplan has failed, and a person is the better answer.
"""

from collections.abc import Callable
from typing import Any

import structlog

from ivr.asterisk.agi_server import AgiServer
from ivr.asterisk.agi_session import AgiSession
from ivr.calls.reception import Reception

log = structlog.get_logger(__name__)

TAKE_BACK = "MOKED_TAKE_BACK"


class SecondBrain:
    """Answers ``agi://…/failsafe``."""

    def __init__(
        self, reactor: Any, reception: Reception, taking_calls: Callable[[], bool]
    ) -> None:
        self._reception = reception
        self._taking_calls = taking_calls
        self._server = AgiServer(reactor, {"failsafe": self._failsafe})

    async def start(self, port: int) -> None:
        await self._server.listen(port)

    async def stop(self) -> None:
        await self._server.close()

    async def _failsafe(self, session: AgiSession) -> None:
        arguments = session.request.arguments
        channel_id = arguments[0] if arguments else ""
        if not self._taking_calls() or self._reception.gave_up(channel_id):
            return
        log.info("call taken back from the fail-safe")
        await session.set_variable(TAKE_BACK, "1")
