"""Somebody who can be called: takes calls as its behaviour says and remembers what happened."""

from collections import deque
from pathlib import Path

import msgspec

from ivr.demo.audio_sources import AudioSource, Echo, Samples, from_file, melody
from ivr.demo.behaviour import Behaviour
from ivr.demo.g711 import level_dbfs
from ivr.demo.incoming_call import IncomingCall
from ivr.demo.leg import Leg

_REMEMBERED = 200


class PastCall(msgspec.Struct, frozen=True):
    """What a party can tell of one call afterwards."""

    party: str
    caller_number: str
    answered: bool
    ended_by: str
    status: int
    keys: str
    packets_heard: int
    packets_sent: int
    level_dbfs: float
    seconds: float


class Party:
    """Takes calls; *name* decides the melody by which it can be recognised."""

    def __init__(self, name: str, behaviour: Behaviour) -> None:
        self.name = name
        self.behaviour = behaviour
        self.current: list[Leg] = []
        self.past: deque[PastCall] = deque(maxlen=_REMEMBERED)

    async def take(self, call: IncomingCall) -> None:
        """Live through one incoming call."""
        behaviour = self.behaviour
        self.current.append(call)
        try:
            if await self._pick_up(call, behaviour):
                await self._converse(call, behaviour)
            end = await call.ended.wait()
            answered = call.answered.value
            self.past.append(_past(self.name, call.caller_number, call, answered, end.at))
        finally:
            self.current.remove(call)

    async def _pick_up(self, call: IncomingCall, behaviour: Behaviour) -> bool:
        """Ring as long as the behaviour says; whether the call was answered."""
        clock = call.stack.reactor
        if behaviour.refuse_with is not None:
            call.refuse(behaviour.refuse_with)
            return False
        if behaviour.early_speech:
            call.speak_early()
            call.media.say(self._speech(behaviour))
        else:
            call.ring()
        if behaviour.answer_after is None:
            return False
        if await call.ended.within(clock, behaviour.answer_after) is not None:
            return False
        call.answer()
        return bool(call.answered)

    async def _converse(self, call: IncomingCall, behaviour: Behaviour) -> None:
        clock = call.stack.reactor
        began = clock.seconds()
        if behaviour.press:
            await self._accept(call, behaviour)
        said = call.media.say(self._speech(behaviour))
        limit = 3600.0 if behaviour.hang_up_after is None else behaviour.hang_up_after
        left = limit - (clock.seconds() - began)
        await said.within(clock, left)
        if behaviour.echo and not call.ended:
            call.media.say(Echo())
        left = limit - (clock.seconds() - began)
        if await call.ended.within(clock, left) is None:
            call.hang_up()

    async def _accept(self, call: IncomingCall, behaviour: Behaviour) -> None:
        """Wait until something is said, then press the keys."""
        clock = call.stack.reactor
        if await call.media.audible.within(clock, 30.0) is None or call.ended:
            return
        if await call.ended.within(clock, behaviour.press_after) is None:
            await call.media.press(behaviour.press)

    def _speech(self, behaviour: Behaviour) -> AudioSource:
        if behaviour.wav:
            return Samples(from_file(Path(behaviour.wav)))
        return Samples(melody(self.name, behaviour.speak))


def _past(
    party: str, caller_number: str, leg: Leg, answered: float | None, ended: float
) -> PastCall:
    received = leg.media.received
    end = leg.ended.value
    return PastCall(
        party=party,
        caller_number=caller_number,
        answered=answered is not None,
        ended_by=end.by if end else "",
        status=end.status if end else 0,
        keys="".join(key for _, key in leg.media.keys),
        packets_heard=received.packets,
        packets_sent=leg.media.sent,
        level_dbfs=round(level_dbfs(received.samples()), 1),
        seconds=round(ended - answered, 2) if answered is not None else 0.0,
    )
