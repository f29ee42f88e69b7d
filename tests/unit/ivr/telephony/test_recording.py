"""Recording what a caller says, on the fake Asterisk, through the dispatcher as in the service."""

from __future__ import annotations

from pathlib import Path

from twisted.internet.defer import Deferred

from ivr.background import Background
from ivr.ids import RecordingName
from ivr.telephony.dispatcher import Arrival, Dispatcher
from ivr.telephony.recording import Recorder
from ivr.telephony.registry import Registry
from tests.fakes.ari import FakeAri, FakeAsterisk
from tests.fakes.driven_clock import DrivenClock
from tests.results import result_of

NAME = RecordingName("message-1")


def test_a_message_that_ended_by_itself_is_known_at_once() -> None:
    clock, arrivals = DrivenClock(), list[Arrival]()
    asterisk = FakeAsterisk(clock)
    dispatcher = Dispatcher(Registry("cc-x"), Background())
    dispatcher.accepting, dispatcher.on_arrival = lambda: True, arrivals.append
    ari = FakeAri(asterisk, "cc-x", dispatcher.receive)
    dispatcher.ari = ari  # type: ignore[assignment]
    recorder = Recorder(clock, ari, Path("/spool"))  # type: ignore[arg-type]
    dispatcher.on_bridge_recording = recorder.deliver
    asterisk.arrives("call-1", "+97229900200")
    clock.advance(0)
    work = recorder.record_channel(arrivals[0].channel, NAME, longest=20, silence=5, finish="#")
    message = Deferred.fromCoroutine(work)
    clock.advance(21)
    recorded = result_of(message)
    assert not recorded.failed
    assert recorded.file == Path("/spool/message-1.wav")
