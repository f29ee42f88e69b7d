"""Calling out: ring one endpoint, and say in the field's words how that ended."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from twisted.internet.interfaces import IReactorTime
from twisted.python.failure import Failure

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.errors import AriError, AriTimeout, AriUnavailable
from ivr.errors import MokedError
from ivr.ids import ChannelId, new_id
from ivr.telephony.channel import Channel, ControlLost, LegEnded
from ivr.telephony.registry import Registry
from ivr.telephony.waits import fire, within

_ENDPOINT = re.compile(r"PJSIP/[A-Za-z0-9_-]{1,64}|PJSIP/\+?[0-9*]{2,15}@[a-z][a-z0-9-]{0,30}")
_PRINTABLE = re.compile(r"[^\w +*#.@'-]", re.UNICODE)
ANSWERED_ELSEWHERE = 26
_BEYOND_RING = 5  # Asterisk's own dial time-out is only a safety net behind ours


class LegOutcome(StrEnum):
    """Why a called party was not reached."""

    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    UNREACHABLE = "unreachable"


class LegFailed(MokedError):
    """Nobody was reached; *outcome* says why."""

    def __init__(self, outcome: LegOutcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


_BY_CAUSE = {
    17: LegOutcome.BUSY,
    18: LegOutcome.NO_ANSWER,
    19: LegOutcome.NO_ANSWER,
    21: LegOutcome.REJECTED,
    16: LegOutcome.REJECTED,  # answered by a machine's "no" (603), or hung up while it rang
}


def outcome_of(ended: LegEnded) -> LegOutcome:
    """Return what a leg that ended before it was answered means."""
    if ended.tech_cause in {480, 408}:
        return LegOutcome.NO_ANSWER
    return _BY_CAUSE.get(ended.cause, LegOutcome.UNREACHABLE)


def _swallow(_failure: Failure) -> None:
    """Let a wait fail that nobody waits for any more."""


@dataclass(frozen=True, slots=True)
class Ring:
    """Whom to ring: *endpoint* as ``PJSIP/agent-201`` or ``PJSIP/+9725…@trunk``."""

    endpoint: str
    ring_for: float
    shown_number: str  # what the called phone shows
    shown_name: str = ""
    originator: ChannelId | None = None

    def variables(self) -> dict[str, str]:
        name = _PRINTABLE.sub("", self.shown_name)[:60]
        number = re.sub(r"[^0-9+*#]", "", self.shown_number)[:20]
        values = {"CONNECTEDLINE(num,i)": number, "CONNECTEDLINE(num-pres,i)": "allowed"}
        return values | ({"CONNECTEDLINE(name,i)": name} if name else {})


class Legs:
    """Makes channels to endpoints."""

    def __init__(self, reactor: IReactorTime, ari: AriClient, registry: Registry) -> None:
        self._reactor = reactor
        self._ari = ari
        self._registry = registry

    async def ring(
        self, ring: Ring, on_ringing: Callable[[], None], on_created: Callable[[Channel], None]
    ) -> Channel:
        """Ring until it is answered and return the channel, which is up.

        *on_created* gets the channel before it is dialled, so that whoever wants may hang it up.

        Raises:
            LegFailed: not answered. ControlLost: we cannot see the channel any more.
        """
        if not _ENDPOINT.fullmatch(ring.endpoint):
            raise LegFailed(LegOutcome.UNREACHABLE)
        leg = Channel(self._ari, ChannelId(new_id("leg")), is_caller=False)
        self._registry.add(leg)
        on_created(leg)
        try:
            await self._dial(leg, ring, on_ringing)
        except LegEnded as ended:
            raise LegFailed(outcome_of(ended)) from None
        return leg

    async def _dial(self, leg: Channel, ring: Ring, on_ringing: Callable[[], None]) -> None:
        started, up, answered = leg.expect("started"), leg.expect("up"), leg.wait()
        # Both ends in one place: an error that was swallowed first would go on as an answer.
        up.addCallbacks(lambda _up: fire(answered, True), _swallow)

        def status(dialstatus: str) -> None:
            if dialstatus in {"RINGING", "PROGRESS"}:
                leg.on_dial_status = lambda _status: None
                on_ringing()

        leg.on_dial_status = status
        try:
            await self._create(leg, ring)
            await started
            with leg.gone_means_hangup():
                seconds = int(ring.ring_for) + _BEYOND_RING
                await self._ari.channels_dial(leg.id, timeout=seconds)
        except BaseException:
            started.addErrback(_swallow)
            answered.addErrback(_swallow)
            raise
        if not await within(self._reactor, ring.ring_for, answered, otherwise=False):
            await leg.hang_up(19)
            raise LegFailed(LegOutcome.NO_ANSWER)

    async def _create(self, leg: Channel, ring: Ring) -> None:
        try:
            await self._ari.channels_create(
                endpoint=ring.endpoint,
                app=self._registry.app,
                app_args="leg",
                channel_id=leg.id,
                originator=ring.originator,
                variables=ring.variables(),
            )
        except (AriUnavailable, AriTimeout) as error:
            leg.mark_gone()
            raise ControlLost(str(error)) from error
        except AriError:  # 500 "Allocation failed": not registered, or no such endpoint
            leg.mark_gone()
            raise LegFailed(LegOutcome.UNREACHABLE) from None
