"""What the house does beside the calls: counts, retention, refused calls, due publishes."""

from datetime import datetime
from typing import Any

import structlog
from twisted.internet.task import LoopingCall
from twisted.internet.threads import deferToThreadPool

from ivr.app.failsafe_messages import FailsafeMessages
from ivr.app.native_refresh import NativeRefresh
from ivr.app.status import ServiceStatus
from ivr.app.telephone import Base
from ivr.calls.publishing import Publisher
from ivr.errors import MokedError, StorageUnavailable
from ivr.events import VoiceRefused
from ivr.ids import LineName
from ivr.pbx.escaping import TextRefused
from ivr.pbx.places import PbxPlaces
from ivr.pbx.plan import PlanRefused
from ivr.pbx.refused_calls import RefusedCalls
from ivr.routing.numbers import normalise_caller

log = structlog.get_logger(__name__)

_COUNT_EVERY = 2.0
_REFUSED_EVERY = 1.0
_PUBLISH_EVERY = 1.0
_MESSAGES_EVERY = 10.0
_RETENTION_EVERY = 3600.0
_NATIVE_EVERY = 900.0  # a closure that staff enter holds natively within that time


class Chores:
    """Runs each chore in its rhythm; one that fails is tried again at its next time."""

    def __init__(
        self, base: Base, status: ServiceStatus, publisher: Publisher, native: NativeRefresh
    ) -> None:
        self._publisher = publisher
        self._base = base
        self._native = native
        self._status = status
        self._refused = RefusedCalls(
            PbxPlaces.of(base.settings).cdr, base.settings.run / "refused.position"
        )
        self._failsafe = FailsafeMessages(base)
        self._loops: list[LoopingCall] = []

    def start(self) -> None:
        self._every(_COUNT_EVERY, self._count)
        self._every(_REFUSED_EVERY, self._refusals)
        self._every(_PUBLISH_EVERY, self._publish_due)
        self._every(_MESSAGES_EVERY, self._messages_of_failsafe)
        self._every(_RETENTION_EVERY, self._delete_expired)
        self._every(_NATIVE_EVERY, self._refresh_native, now=False)  # a start has enough to do

    async def stop(self) -> None:
        for loop in self._loops:
            loop.stop()

    def _every(self, seconds: float, chore: Any, *, now: bool = True) -> None:
        def once() -> Any:
            return self._base.background.start(chore.__name__, chore())

        loop = LoopingCall(once)
        loop.clock = self._base.reactor
        loop.start(seconds, now=now)
        self._loops.append(loop)

    async def _refresh_native(self) -> None:
        try:
            await self._native.refresh()
        except (MokedError, TextRefused, PlanRefused, OSError) as error:
            log.error("Asterisk keeps its last native plan", error=type(error).__name__)

    async def _count(self) -> None:
        try:
            self._status.counts = {
                **await self._base.store.calls.counts(),
                "refused_voice": sum((await self._base.store.refusals.counts()).values()),
            }
        except StorageUnavailable:
            log.info("not counted now")

    async def _refusals(self) -> None:
        """Turn the refusals in Asterisk's call records into events, also those of an outage."""
        reactor = self._base.reactor
        found = await deferToThreadPool(reactor, reactor.getThreadPool(), self._refused.read)
        for refused in found:
            self._tell(refused.line, refused.caller, refused.began)

    def _tell(self, line: str, caller_number: str, at: datetime) -> None:
        self._base.bus.publish(
            VoiceRefused(
                authority_id=self._base.loaded.site.authority.authority_id,
                at=at,
                line=LineName(line),
                caller_number=normalise_caller(caller_number).number,
            )
        )

    async def _publish_due(self) -> None:
        try:
            await self._publisher.publish_due()
        except StorageUnavailable:
            log.info("scheduled publishes not looked at now")

    async def _messages_of_failsafe(self) -> None:
        try:
            await self._failsafe.take_in()
        except (StorageUnavailable, OSError) as error:
            log.warning("fail-safe messages not taken in now", error=type(error).__name__)

    async def _delete_expired(self) -> None:
        try:
            await self._base.store.retention.run()
        except StorageUnavailable:
            log.info("retention not checked now")
