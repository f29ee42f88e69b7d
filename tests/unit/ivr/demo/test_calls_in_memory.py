"""Two endpoints call each other over a wire of straw: SIP, speech both ways, keys, faults."""

import random

import numpy as np
import pytest
from twisted.internet.defer import Deferred

from ivr.demo.audio_sources import Samples, melody
from ivr.demo.behaviour import NAMED, Behaviour
from ivr.demo.endpoint import DemoEndpoint, DemoSettings
from ivr.demo.g711 import level_dbfs
from ivr.demo.media import MediaSession
from ivr.demo.outgoing_call import OutgoingCall
from ivr.demo.party import Party
from tests.fakes.wire import Wire

LINE = "+97229900200"


class Town:
    """A server side with one line, and the carrier that calls it."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.wire = Wire()
        self.line = Party("line", behaviour)
        self.server = self._endpoint("127.0.0.1", 5060, ("127.0.0.2", 5062))
        self.carrier = self._endpoint("127.0.0.2", 5062, ("127.0.0.1", 5060))
        self.server.carrier.assign(LINE, self.line)

    def _endpoint(self, host: str, port: int, other: tuple[str, int]) -> DemoEndpoint:
        endpoint = DemoEndpoint(self.wire.reactor, DemoSettings(*other, host, port))
        endpoint.start()
        return endpoint

    def call(self, caller: str = "0501234567", called: str = LINE) -> OutgoingCall:
        media = MediaSession(self.wire.reactor, "127.0.0.2")
        media.open()
        media.say(Samples(melody("caller", 20)))
        return self.carrier.carrier.place(caller, called, media)

    def close(self) -> None:
        self.wire.until(Deferred.fromCoroutine(self.server.stop()))
        self.wire.until(Deferred.fromCoroutine(self.carrier.stop()))


@pytest.mark.parametrize("caller", ["0501234567", "anonymous", "+1 (202) 555", '"<sip:x>;'])
def test_both_sides_hear_each_other_and_the_keys(caller: str) -> None:
    town = Town(Behaviour(answer_after=0.5, speak=4.0))
    call = town.call(caller)
    town.wire.live(1.0)
    assert call.answered
    assert call.statuses == [100, 180, 200]
    result = call.media.press("1*#D0")
    town.wire.live(2.0)
    assert result.called
    call.hang_up()
    town.wire.live(0.5)
    past = town.line.past[0]
    assert past.keys == "1*#D0"
    assert (past.ended_by, past.answered) == ("them", True)
    assert past.packets_heard == pytest.approx(call.media.sent - 40, abs=3)
    assert past.level_dbfs > -30
    assert level_dbfs(call.media.received.samples(1.0, 2.0)) > -30
    assert town.wire.sockets.keys() == {("127.0.0.1", 5060), ("127.0.0.2", 5062)}
    town.close()


def test_speech_arrives_as_it_was_said() -> None:
    town = Town(Behaviour(answer_after=0.0, speak=2.0))
    call = town.call()
    town.wire.live(2.0)
    heard = call.media.received.samples().astype(float)
    said = melody("line", 2.0).astype(float)
    start = int(np.argmax(np.abs(heard) > 100)) - int(np.argmax(np.abs(said) > 100))
    cut = heard[start : start + 12000]
    assert np.corrcoef(cut, said[: len(cut)])[0, 1] > 0.999
    town.close()


@pytest.mark.parametrize(
    ("named", "status"), [("busy", 486), ("reject", 403), ("decline", 603), ("unavailable", 503)]
)
def test_refusals(named: str, status: int) -> None:
    town = Town(NAMED[named])
    call = town.call()
    town.wire.live(1.0)
    end = call.ended.value
    assert end is not None
    assert (end.by, end.status) == ("them", status)
    town.close()


def test_an_unknown_number_is_not_found() -> None:
    town = Town(NAMED["answer"])
    call = town.call(called="+97239999999")
    town.wire.live(0.5)
    assert call.ended.value is not None
    assert call.ended.value.status == 404
    town.close()


def test_a_caller_who_gives_up_cancels() -> None:
    town = Town(NAMED["ignore"])
    call = town.call()
    town.wire.live(3.0)
    call.hang_up()
    town.wire.live(0.5)
    assert call.ended.value is not None
    assert (call.ended.value.by, call.ended.value.status) == ("us", 487)
    assert [p.ended_by for p in town.line.past] == ["them"]
    town.close()


def test_hanging_up_at_once_ends_the_call_whatever_the_other_side_does() -> None:
    town = Town(Behaviour(answer_after=0.0))
    call = town.call()
    call.hang_up()
    town.wire.live(1.0)
    assert call.ended.value is not None
    assert call.ended.value.by == "us"
    assert not town.line.current
    town.close()


def test_the_external_centre_hangs_up_after_five_seconds() -> None:
    town = Town(NAMED["external-centre"])
    call = town.call()
    town.wire.live(7.0)
    end, answered = call.ended.value, call.answered.value
    assert end is not None
    assert answered is not None
    assert end.by == "them"
    assert end.at - answered == pytest.approx(5.0, abs=0.1)
    town.close()


def test_early_speech_is_heard_before_the_answer() -> None:
    town = Town(Behaviour(answer_after=2.0, early_speech=True))
    call = town.call()
    town.wire.live(1.5)
    assert not call.answered
    assert level_dbfs(call.media.received.samples(0.5, 1.4)) > -30
    town.wire.live(1.0)
    assert call.answered
    town.close()


def test_the_on_call_phone_presses_1_a_second_after_it_is_spoken_to() -> None:
    town = Town(NAMED["on-call"])
    call = town.call()
    town.wire.live(4.0)
    assert [key for _, key in call.media.keys] == ["1"]
    town.close()


@pytest.mark.parametrize("seed", range(12))
def test_a_lossy_network_delays_but_does_not_break_a_call(seed: int) -> None:
    """A third of all SIP datagrams lost, some twice: every call is answered and ended once."""
    dice = random.Random(seed)  # noqa: S311 - repeatable, not secret
    town = Town(Behaviour(answer_after=1.0))

    def fault(datagram: bytes, _to: tuple[str, int]) -> list[float]:
        if datagram[:1] == b"\x80":
            return [0.001]
        return dice.choice([[], [0.01], [0.01, 0.3]])

    town.wire.fault = fault
    call = town.call()
    town.wire.live(20.0, step=0.02)
    assert call.answered
    call.hang_up()
    town.wire.live(40.0, step=0.02)
    assert [past.answered for past in town.line.past] == [True]
    assert call.ended
    town.close()


def test_rubbish_on_the_socket_is_counted_and_survived() -> None:
    town = Town(NAMED["answer"])
    dice = random.Random(5)  # noqa: S311 - repeatable, not secret
    invite = b"INVITE sip:x@y SIP/2.0\r\nVia: SIP/2.0/UDP a;branch=b\r\nCSeq: 1 INVITE\r\n"
    for _ in range(300):
        noise = dice.randbytes(dice.randrange(200))
        for datagram in (noise, invite + noise + b"\r\n\r\n", b"SIP/2.0 200 OK\r\n\r\n"):
            town.wire.carry(datagram, ("127.0.0.9", 9), ("127.0.0.1", 5060))
    town.wire.live(0.1)
    assert town.server.stack.malformed > 300
    call = town.call()
    town.wire.live(2.0)
    assert call.answered
    town.close()
