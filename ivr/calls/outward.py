"""Calling an outside number for a caller: who may be called, what is shown, who takes the call."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from ivr.background import Background
from ivr.calls.speech import Speaker
from ivr.calls.talks import Talks, With
from ivr.calls.visit import Visit
from ivr.dialplan.outcomes import DialOutcome
from ivr.errors import MokedError
from ivr.telephony.caller import Caller, Media, Question
from ivr.telephony.channel import Channel, LegEnded
from ivr.telephony.legs import ANSWERED_ELSEWHERE, LegFailed, LegOutcome, Legs, Ring
from ivr.telephony.waits import fire

log = structlog.get_logger(__name__)

_E164 = re.compile(r"\+[1-9][0-9]{6,14}")
_RINGBACK = "tone:ring;tonezone=il"
_CONFIRM_KEY = "1"
_CONFIRM_WAIT = 8.0


@dataclass(frozen=True, slots=True)
class OutsideRules:
    """Which numbers dialplans may call, and over what."""

    names: Mapping[str, str]  # named numbers of the site -> E.164
    trunks: Sequence[str]  # in the order of trying
    never_called: frozenset[str]  # of the demonstration, on a site with a real trunk
    never_shown: frozenset[str]  # message-only numbers: no call ever shows one
    shown_otherwise: str  # the number shown in place of those


class Outward:
    """Makes calls to the outside on behalf of a caller who waits."""

    def __init__(
        self,
        reactor: IReactorTime,
        legs: Legs,
        talks: Talks,
        speaker: Speaker,
        rules: OutsideRules,
        background: Background,
    ) -> None:
        self._reactor = reactor
        self._legs = legs
        self._talks = talks
        self._speaker = speaker
        self._rules = rules
        self._background = background

    async def dial(
        self, visit: Visit, number: str, *, ring_for: float, confirm: str | None, record: bool
    ) -> DialOutcome:
        """Ring *number* while the caller hears it ring, and join the two."""
        if await self._talks.resume(visit):
            return DialOutcome.TALKED
        dialled = self._rules.names.get(number, number)
        if not self._may_call(dialled):
            log.error("number not dialled", number=number, reason="not allowed, or no trunk")
            return DialOutcome.UNREACHABLE
        try:
            leg = await self._reach(visit, dialled, ring_for, confirm)
        except LegFailed as failed:
            return DialOutcome(failed.outcome.value)
        try:
            await self._talks.talk(visit, leg, With(number=dialled, record=record))
        except LegEnded:
            return DialOutcome.NO_ANSWER
        return DialOutcome.TALKED

    def _may_call(self, dialled: str) -> bool:
        allowed = _E164.fullmatch(dialled) and dialled not in self._rules.never_called
        return bool(allowed and self._rules.trunks)

    def shown_number(self, visit: Visit) -> str:
        """Return the line's own number, never one that must not call."""
        own = visit.own_number
        return self._rules.shown_otherwise if own in self._rules.never_shown else own

    async def _reach(
        self, visit: Visit, dialled: str, ring_for: float, confirm: str | None
    ) -> Channel:
        """Return a leg that is up and wants the call; trunks that are down are passed over."""
        failed = LegFailed(LegOutcome.UNREACHABLE)
        for trunk in self._rules.trunks:
            ring = Ring(
                endpoint=f"PJSIP/{dialled}@{trunk}",
                ring_for=ring_for,
                shown_number=self.shown_number(visit),
                originator=visit.channel.id,
            )
            try:
                return await self._ring(visit, ring, confirm)
            except LegFailed as error:
                failed = error
                if error.outcome is not LegOutcome.UNREACHABLE:
                    break
        raise failed

    async def _ring(self, visit: Visit, ring: Ring, confirm: str | None) -> Channel:
        reached: Deferred[Any] = visit.channel.wait()
        legs: list[Channel] = []
        ringing = Deferred.fromCoroutine(self._wanted(visit, ring, confirm, legs))
        ringing.addBoth(lambda result: fire(reached, result))
        try:
            await visit.caller.play_until(Media((_RINGBACK,), ring.ring_for), reached)
            found = await reached
        except MokedError:
            reached.addErrback(lambda _failure: None)
            for leg in legs:
                self._background.start("withdraw", leg.hang_up(ANSWERED_ELSEWHERE))
            raise
        if isinstance(found, Channel):
            return found
        return found.raiseException()  # type: ignore[no-any-return]

    async def _wanted(
        self, visit: Visit, ring: Ring, confirm: str | None, legs: list[Channel]
    ) -> Channel:
        leg = await self._legs.ring(ring, lambda: None, legs.append)
        if confirm is not None and not await self._confirmed(visit, leg, confirm):
            await leg.hang_up()
            raise LegFailed(LegOutcome.REJECTED)
        if visit.channel.gone:
            await leg.hang_up()
        return leg

    async def _confirmed(self, visit: Visit, leg: Channel, prompt: str) -> bool:
        """Ask the person called to press 1: a mobile's voicemail box cannot."""
        media = self._speaker.media(visit.language, [prompt])
        try:
            pressed = await Caller(self._reactor, leg).ask(media, Question(wait=_CONFIRM_WAIT))
        except LegEnded:
            return False
        return pressed == _CONFIRM_KEY
