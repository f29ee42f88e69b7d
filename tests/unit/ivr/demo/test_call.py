"""``moked call`` against a line of straw that plays prompts and listens for keys."""

from pathlib import Path

import numpy as np
import pytest
from twisted.internet.defer import Deferred

from ivr.demo.audio_sources import Samples, melody
from ivr.demo.behaviour import Behaviour
from ivr.demo.call import CallPlan, PlacedCall, place_call
from ivr.demo.call_report import CallReport, ServerTrace, TracePrompt, TraceStep
from ivr.demo.endpoint import DemoEndpoint, DemoSettings
from ivr.demo.fingerprint import Library, fingerprint
from ivr.demo.g711 import encode_alaw
from ivr.demo.incoming_call import IncomingCall
from ivr.demo.party import Party
from ivr.demo.prompt_library import load_library
from tests.fakes.wire import Wire

LINE = "+97229900200"
PROMPTS = {name: melody(name, seconds) for name, seconds in (("menu", 5.0), ("second", 2.0))}


def library() -> Library:
    made = [fingerprint(f"he/{name}", samples) for name, samples in PROMPTS.items()]
    made.append(fingerprint("party:on-call", melody("on-call", 6.0)))
    return Library([prompt for prompt in made if prompt])


class Menu(Party):
    """Plays *menu*; a key stops it and plays *second*, or connects to a person."""

    def __init__(self, connect: bool = False) -> None:
        super().__init__("line", Behaviour(answer_after=0.1))
        self.connect = connect
        self.keys: list[tuple[float, str]] = []

    async def take(self, call: IncomingCall) -> None:
        def pressed(key: str) -> None:
            self.keys.append((call.stack.reactor.seconds() - (call.answered.value or 0.0), key))
            said = melody("on-call", 20.0) if self.connect else PROMPTS["second"]
            call.media.say(Samples(said))

        call.media.on_key = pressed
        call.answer()
        call.media.say(Samples(PROMPTS["menu"]))
        await call.ended.wait()


def placed(line: Party, **plan: object) -> CallReport:
    wire = Wire()
    server = DemoEndpoint(wire.reactor, DemoSettings("127.0.0.2", 9, "127.0.0.1", 5060))
    server.start()
    server.carrier.assign(LINE, line)
    call = CallPlan(("127.0.0.1", 5060), LINE, library=library(), **plan)  # type: ignore[arg-type]
    report: CallReport = wire.until(Deferred.fromCoroutine(place_call(wire.reactor, call)))
    wire.until(Deferred.fromCoroutine(server.stop()))
    assert not wire.sockets
    return report


def names(report: CallReport) -> list[str]:
    return [part.name for part in report.heard if part.kind in ("prompt", "party")]


def test_a_key_is_pressed_three_seconds_into_a_long_prompt() -> None:
    line = Menu()
    report = placed(line, press="3", seconds=8.0)
    assert [key for _, key in line.keys] == ["3"]
    assert line.keys[0][0] == pytest.approx(3.3, abs=0.4)
    assert names(report) == ["he/menu", "he/second"]
    assert not report.heard[0].whole
    assert report.end.by == "us"
    assert report.lasted == pytest.approx(8.0, abs=0.3)
    assert report.first_sound_after == pytest.approx(0.02, abs=0.05)


def test_after_a_comma_the_next_prompt_is_waited_for() -> None:
    line = Menu()
    placed(line, press="1,25", seconds=12.0)
    times = [at for at, _ in line.keys]
    assert "".join(key for _, key in line.keys) == "125"
    assert times[1] - times[0] == pytest.approx(2.7, abs=0.5)
    assert times[2] - times[1] < 0.4


def test_three_seconds_after_talk_begins_the_caller_hangs_up() -> None:
    report = placed(Menu(connect=True), press="3", seconds=30.0)
    assert names(report) == ["he/menu", "on-call"]
    assert report.talk_after is not None
    assert report.lasted - report.talk_after == pytest.approx(3.2, abs=0.4)


def test_the_trace_can_say_that_talk_has_begun_and_is_compared() -> None:
    asked: list[PlacedCall] = []

    async def fetch(call: PlacedCall) -> ServerTrace:
        asked.append(call)
        played = (TracePrompt("he/menu"), TracePrompt("he/goodbye"))
        return ServerTrace((TraceStep("w", "menu", 0.0, played),), "talked", len(asked) > 2)

    report = placed(Menu(), seconds=20.0, fetch_trace=fetch)
    assert asked[0].called_number == LINE
    assert report.lasted == pytest.approx(6.2, abs=0.6)
    assert report.differences == ("in the trace (step w) but not heard: he/goodbye",)
    assert report.exit_code == 2


def test_a_server_without_a_trace_does_not_break_the_call() -> None:
    async def fetch(_call: PlacedCall) -> ServerTrace:
        raise ConnectionRefusedError

    report = placed(Menu(), seconds=2.0, fetch_trace=fetch)
    assert (report.trace, report.exit_code) == (None, 1)


def test_a_refused_call_is_reported() -> None:
    report = placed(Party("line", Behaviour(refuse_with=403)))
    assert (report.end.status, report.answered_after, report.heard) == (403, None, ())


def test_a_server_that_is_not_there_is_reported() -> None:
    wire = Wire()
    plan = CallPlan(("127.0.0.1", 5060), LINE, seconds=3.0)
    report = wire.until(Deferred.fromCoroutine(place_call(wire.reactor, plan)))
    assert (report.end.by, report.end.status) == ("network", 408)


def test_the_library_reads_alaw_files_by_language(tmp_path: Path) -> None:
    for name in ("he/menu", "en/menu", "he/digits/5"):
        file = tmp_path / f"{name}.alaw"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(encode_alaw(melody(name, 1.0)))
    (tmp_path / "he/silent.alaw").write_bytes(encode_alaw(np.zeros(8000, np.int16)))
    found = load_library(tmp_path, ["on-call"])
    assert [prompt.name for prompt in found.prompts] == [
        "en/menu", "he/digits/5", "he/menu", "party:on-call",
    ]  # fmt: skip
