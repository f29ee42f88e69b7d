"""Asterisk's health and the rescue of its callers by a second way in: AMI, where ARI is lost.

Callers whose lease nobody renews reach the fail-safe by themselves within 15 s; with AMI they
need not wait for that.
"""

from typing import Any

import structlog
from twisted.internet.task import LoopingCall

from ivr.app.telephone import Base, Telephone
from ivr.asterisk.ami import Ami, AmiAddress
from ivr.asterisk.errors import AmiError
from ivr.calls.reception import FAILSAFE_CONTEXT
from ivr.pbx.plan import AMI_SECRET, AMI_USER
from ivr.secret_files import SecretFiles

log = structlog.get_logger(__name__)

_LOOK_EVERY = 5.0
_RESCUE_AFTER = 8.0  # seconds without ARI


class Health:
    """Looks at Asterisk every 5 s; ``calls`` and ``answers`` are what it last saw."""

    def __init__(self, base: Base, calls: Telephone) -> None:
        self._base = base
        self._calls = calls
        secret = SecretFiles(base.settings.home / "secrets").get(AMI_SECRET)
        address = AmiAddress(base.runtime.asterisk_host, base.runtime.ami_port, AMI_USER, secret)
        self._ami = Ami(base.reactor, address)
        self._looking = LoopingCall(self._look_later)
        self._looking.clock = base.reactor
        self._lost_since: float | None = None
        self._rescued: set[str] = set()
        self.answers = False
        self.calls = 0

    def start(self) -> None:
        self._looking.start(_LOOK_EVERY, now=True)

    async def stop(self) -> None:
        self._looking.stop()
        await self._ami.close()

    def _look_later(self) -> Any:
        return self._base.background.start("look at Asterisk", self._look())

    async def _look(self) -> None:
        try:
            status = await self._ami.core_status()
            self.calls = int(status.get("CoreCurrentCalls", 0))
            self.answers = True
            await self._rescue_if_lost()
        except AmiError as error:
            if self.answers:
                log.warning("AMI does not answer", error=type(error).__name__)
            self.answers = False

    async def _rescue_if_lost(self) -> None:
        """Send callers to the fail-safe once ARI has been gone for a while; talks go on."""
        if self._calls.ari.connected:
            self._lost_since = None
            self._rescued.clear()
            return
        now = self._base.reactor.seconds()
        if self._lost_since is None:
            self._lost_since = now
        if now - self._lost_since < _RESCUE_AFTER:
            return
        for position in list(self._calls.ledger.positions.values()):
            if position.state.get("talk") is None and position.channel_id not in self._rescued:
                self._rescued.add(position.channel_id)
                await self._rescue(position.channel_id, position.line)

    async def _rescue(self, channel_id: str, line: str) -> None:
        try:
            await self._ami.redirect(channel_id, FAILSAFE_CONTEXT, line)
            log.warning("caller sent to the fail-safe by AMI")
        except AmiError as error:
            log.info("caller not there any more", error=type(error).__name__)
