"""Speaking to a caller and hearing keys, on a channel of the fake Asterisk."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from twisted.internet.defer import Deferred

from ivr.asterisk.errors import AriFailed
from ivr.background import Background
from ivr.errors import CallerHungUp
from ivr.telephony.caller import Caller, Media, Question
from ivr.telephony.channel import Channel
from ivr.telephony.dispatcher import Arrival, Dispatcher
from ivr.telephony.legs import LegFailed, LegOutcome
from ivr.telephony.registry import Registry
from tests.fakes.ari import FakeAri, FakeAsterisk
from tests.fakes.driven_clock import DrivenClock
from tests.results import result_of

PROMPT = Media(("sound:moked/he/billing_menu",), 4.0)
TONE = Media(("tone:ring;tonezone=il",), 3600.0)


@dataclass
class Line:
    """One call that has arrived, and its caller."""

    clock: DrivenClock = field(default_factory=DrivenClock)
    arrivals: list[Arrival] = field(default_factory=list)
    heard: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.asterisk = FakeAsterisk(self.clock)
        self.asterisk.media.seconds[TONE.uris[0]] = TONE.seconds
        dispatcher = Dispatcher(Registry("cc-x"), Background())
        dispatcher.accepting = lambda: True
        dispatcher.on_arrival = self.arrivals.append
        self.ari = FakeAri(self.asterisk, "cc-x", dispatcher.receive)
        dispatcher.ari = self.ari  # type: ignore[assignment]
        self.asterisk.arrives("call-1", "+97229900200")
        self.clock.advance(0)
        self.caller = Caller(self.clock, self.channel)

    @property
    def channel(self) -> Channel:
        return self.arrivals[0].channel

    def ask(self, question: Question | None = None) -> Deferred[str]:
        asking = self.caller.ask(PROMPT, question or Question(), lambda: self.heard.append("menu"))
        return Deferred.fromCoroutine(asking)

    def presses(self, keys: str) -> None:
        self.asterisk.presses("call-1", keys)
        self.clock.pump([0.1] * 10)


@pytest.fixture
def line() -> Line:
    return Line()


def test_a_key_cuts_the_prompt_short(line: Line) -> None:
    answer = line.ask()
    line.presses("3")
    assert result_of(answer) == "3"
    assert line.heard == ["menu"]
    assert line.channel.playing == set()


def test_a_key_pressed_early_spares_the_prompt(line: Line) -> None:
    line.presses("3")
    assert result_of(line.ask()) == "3"
    assert line.heard == []
    assert line.ari.asked("POST", "play") == []


def test_keys_left_over_answer_the_next_question(line: Line) -> None:
    line.presses("14")
    assert result_of(line.ask()) == "1"
    assert result_of(line.ask()) == "4"


def test_forgotten_keys_answer_nothing(line: Line) -> None:
    line.presses("1")
    line.caller.forget_keys()
    answer = line.ask()
    assert not answer.called
    answer.addErrback(lambda _cancelled: None)


def test_a_hang_up_ends_the_question(line: Line) -> None:
    answer = line.ask()
    line.asterisk.hangs_up("call-1")
    line.clock.advance(0)
    with pytest.raises(CallerHungUp):
        result_of(answer)
    assert line.heard == ["menu"], "who hangs up in the question heard it begin"


def test_what_is_said_after_a_hang_up_is_not_heard(line: Line) -> None:
    """Asterisk ends the playback first and tells of the hang-up later: the next one is refused."""
    line.asterisk.hangs_up("call-1")
    with pytest.raises(CallerHungUp):
        result_of(line.ask())
    assert line.heard == []


def test_silence_is_waited_for_from_the_end_of_the_prompt(line: Line) -> None:
    answer = line.ask(Question(wait=5.0))
    while line.channel.playing:
        line.clock.advance(0.5)
    line.clock.advance(4.9)
    assert not answer.called
    line.clock.advance(0.2)
    assert result_of(answer) == ""


def test_keys_after_a_hang_up_harm_nobody(line: Line) -> None:
    line.asterisk.hangs_up("call-1")
    line.clock.advance(0)
    with pytest.raises(CallerHungUp):
        result_of(line.ask())


@pytest.mark.parametrize("refused", [1, 3])
def test_a_prompt_that_cannot_be_stopped_yet_is_stopped_soon_after(
    line: Line, refused: int
) -> None:
    for _ in range(refused):
        error = AriFailed("DELETE", "playbacks/x", "Could not stop playback", 500)
        line.ari.refuse("DELETE", "playbacks/", error)
    busy: Deferred[None] = Deferred()
    ringing = Deferred.fromCoroutine(line.caller.play_until(TONE, busy))
    busy.callback(None)
    line.clock.pump([0.1] * 20)
    assert result_of(ringing) is None
    assert line.channel.playing == set()


def test_a_stop_that_did_nothing_is_asked_for_again(line: Line) -> None:
    busy: Deferred[None] = Deferred()
    ringing = Deferred.fromCoroutine(line.caller.play_until(TONE, busy))
    stop, line.asterisk.media.stop = line.asterisk.media.stop, lambda playback: None  # type: ignore[method-assign]
    busy.callback(None)
    line.asterisk.media.stop = stop  # type: ignore[method-assign]
    line.clock.pump([0.1] * 20)
    assert result_of(ringing) is None


def test_a_number_that_is_busy_ends_the_ring_tone(line: Line) -> None:
    reached: Deferred[None] = Deferred()
    ringing = Deferred.fromCoroutine(line.caller.play_until(TONE, reached))
    reached.errback(LegFailed(LegOutcome.BUSY))
    line.clock.advance(1.0)
    assert result_of(ringing) is None
    assert line.channel.playing == set()
    with pytest.raises(LegFailed):
        result_of(reached)
