"""Two people in one mixing bridge, from the moment they are joined until one of them leaves."""

from dataclasses import dataclass

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from ivr.asterisk.errors import AriConflict, AriError, AriNotFound, AriTimeout, AriUnavailable
from ivr.ids import BridgeId, new_id
from ivr.telephony.channel import Channel, ControlLost, Departure
from ivr.telephony.lease import Lease
from ivr.telephony.waits import fire

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TalkEnd:
    """How a talk ended: who left first, and how long it was, in seconds."""

    caller_left: bool
    seconds: float


class Talk:
    """A caller and the leg that answered, in a bridge of their own."""

    def __init__(self, reactor: IReactorTime, caller: Channel, leg: Channel, lease: Lease) -> None:
        self.bridge_id = BridgeId(new_id("bridge"))
        self.caller = caller
        self.leg = leg
        self._reactor = reactor
        self._ari = caller.ari
        self._lease = lease
        self._since = reactor.seconds()

    async def join(self) -> None:
        """Put both into the bridge; nothing may be playing to the caller.

        Raises:
            CallerHungUp, LegEnded: one of them left meanwhile; the other one is untouched.
        """
        await self._lease.begin_talk()
        with self.caller.gone_means_hangup():
            await self._ari.bridges_create_with_id(self.bridge_id, type="mixing")
        try:
            await self._ari.bridges_add_channel(
                self.bridge_id, channel=[self.caller.id, self.leg.id]
            )
        except (AriUnavailable, AriTimeout) as error:
            raise ControlLost(str(error)) from error
        except AriError:
            await self.dissolve()
            if self.caller.gone:
                raise self.caller.error() from None
            await self._lease.end_talk()
            self.leg.mark_gone()
            raise self.leg.error() from None
        self._since = self._reactor.seconds()

    def adopt(self, bridge_id: BridgeId) -> None:
        """Take over a bridge that both are in already, after a restart of ours."""
        self.bridge_id = bridge_id

    async def until_one_leaves(self) -> TalkEnd:
        """Wait for the end; then the leg is hung up and the bridge gone, the caller untouched.

        Raises:
            ControlLost: the connection to Asterisk went; the talk goes on without us.
        """
        caller_left = await self._first_to_leave()
        seconds = self._reactor.seconds() - self._since
        if caller_left:
            await self.leg.hang_up()
        await self.dissolve()
        return TalkEnd(caller_left, seconds)

    async def dissolve(self) -> None:
        try:
            await self._ari.bridges_destroy(self.bridge_id)
        except (AriNotFound, AriConflict):
            return
        except (AriUnavailable, AriTimeout) as error:
            raise ControlLost(str(error)) from error

    async def _first_to_leave(self) -> bool:
        """Return whether it was the caller."""
        left: Deferred[bool] = Deferred()
        lost = self.caller.wait()

        def control_lost(failure: object) -> None:
            error = getattr(failure, "value", None)
            if isinstance(error, ControlLost) and not left.called:
                left.errback(error)

        lost.addErrback(control_lost)
        for channel, is_caller in ((self.caller, True), (self.leg, False)):

            def gone(_departure: Departure, is_caller: bool = is_caller) -> None:
                fire(left, is_caller)

            channel.destroyed().addCallback(gone)
        try:
            return await left
        finally:
            lost.cancel()
