"""Our demo endpoint, and SIPp, through a real Asterisk: SIP, speech both ways, keys, sign-in."""

from __future__ import annotations

import subprocess
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from twisted.internet.defer import Deferred

from ivr.demo.behaviour import NAMED, Behaviour
from ivr.demo.call import CallPlan, place_call
from ivr.demo.call_report import CallReport, render
from ivr.demo.endpoint import DemoEndpoint, DemoSettings
from ivr.demo.fingerprint import Library
from ivr.demo.g711 import RATE, encode_alaw
from ivr.demo.prompt_library import load_library
from ivr.demo.registration import RegistrationState
from tests.calls.private_asterisk import asterisk_root
from tests.calls.rtp_listener import Listener
from tests.calls.sip_asterisk import MODERN_PHONE, PASSWORD, PHONE, TRUNK_HOST, SipAsterisk
from tests.calls.sipp_runner import Phone, SippFarm
from tests.reactor import ReactorThread

pytestmark = pytest.mark.calls
SOUNDS = ("beep", "vm-enter-num-to-call", "vm-goodbye", "beeperr", "vm-theperson")


@pytest.fixture(scope="module")
def asterisk() -> Iterator[SipAsterisk]:
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk unpacked here (./moked sets one up, or MOKED_ASTERISK_ROOT)")
    running = SipAsterisk(root)
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="module")
def library(asterisk: SipAsterisk, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """Return the fingerprints of some of Asterisk's own sounds and of the demo parties."""
    folder = tmp_path_factory.mktemp("prompts")
    (folder / "en").mkdir()
    for name in SOUNDS:
        sound = asterisk.home / f"data/sounds/en/{name}.gsm"
        target = folder / f"en/{name}.alaw"
        subprocess.run(
            [
                "sox",
                "-t",
                "gsm",
                sound,
                "-t",
                "raw",
                "-e",
                "a-law",
                "-r",
                "8000",
                "-c",
                "1",
                target,
            ],
            check=True,
            timeout=20,
        )
    return load_library(folder, ["external-centre", "on-call", PHONE])


class Demo:
    """The demo endpoint in the session's reactor."""

    def __init__(self, asterisk: SipAsterisk, reactor: ReactorThread, library: Library) -> None:
        settings = DemoSettings(
            *asterisk.sip, TRUNK_HOST, asterisk.trunk_port, phones={PHONE: PASSWORD}
        )
        self.server = asterisk.sip
        self.reactor = reactor
        self.library = library
        self.endpoint = DemoEndpoint(reactor.reactor, settings)

    @property
    def phone(self) -> Any:
        return self.endpoint.phones[PHONE]

    def run(self, work: Coroutine[Deferred[Any], Any, Any]) -> Any:
        return self.reactor.run(work, timeout=60)

    def call(self, number: str, **plan: Any) -> CallReport:
        plan = {"seconds": 12.0, "library": self.library, "bind_host": TRUNK_HOST, **plan}
        wanted = CallPlan(self.server, number, **plan)
        report: CallReport = self.run(place_call(self.reactor.reactor, wanted))
        return report


@pytest.fixture
def demo(asterisk: SipAsterisk, reactor: ReactorThread, library: Library) -> Iterator[Demo]:
    running = Demo(asterisk, reactor, library)
    reactor.call(running.endpoint.start)
    yield running
    running.run(running.endpoint.stop())


@pytest.fixture
def farm(asterisk: SipAsterisk, tmp_path: Path) -> Iterator[SippFarm]:
    with SippFarm(tmp_path, asterisk.sip) as running:
        yield running


def named(report: CallReport) -> list[str]:
    return [part.name for part in report.heard if part.kind in ("prompt", "party")]


def test_prompts_are_heard_and_keys_arrive(demo: Demo) -> None:
    report = demo.call("+972100", press="123")
    wanted = ["en/beep", "en/vm-enter-num-to-call", "en/vm-goodbye"]
    assert named(report) == wanted, render(report)
    assert (report.end.by, report.end.status) == ("them", 200)
    assert report.first_sound_after is not None
    assert report.first_sound_after < 0.5
    assert report.packets[1] == 0


def test_wrong_keys_are_heard_to_be_wrong(demo: Demo) -> None:
    report = demo.call("+972100", press="124", seconds=8.0)
    assert named(report)[-1] == "en/beeperr", render(report)
    assert report.end.by == "us"


def test_the_external_centre_is_recognised_as_talk(demo: Demo) -> None:
    report = demo.call("+972300")
    assert named(report) == ["external-centre"]
    assert report.talk_after is not None
    assert report.end.by == "us"


def test_the_external_centre_hangs_up(demo: Demo) -> None:
    report = demo.call("+972300", library=Library([]), seconds=20.0)
    assert report.end.by == "them"
    assert report.answered_after is not None
    assert report.lasted - report.answered_after == pytest.approx(5.0, abs=0.6)


def test_a_signed_in_phone_is_called_and_speaks_and_hears(demo: Demo) -> None:
    assert demo.run(demo.phone.sign_in()) is RegistrationState.SIGNED_IN
    report = demo.call("+972201")
    assert named(report) == [PHONE]
    past = demo.phone.past[0]
    assert past.answered
    assert past.packets_heard > 50
    assert past.caller_number == "+972501234567"
    assert demo.run(demo.phone.sign_out()) is RegistrationState.SIGNED_OUT
    assert demo.call("+972201").end.status == 404


@pytest.mark.parametrize(("behaviour", "status"), [("busy", 486), ("reject", 403)])
def test_a_phone_refuses(demo: Demo, behaviour: str, status: int) -> None:
    demo.run(demo.phone.sign_in())
    demo.phone.behaviour = NAMED[behaviour]
    report = demo.call("+972201")
    assert (report.end.status, report.answered_after) == (status, None)


def test_a_phone_dials_out_with_its_password(demo: Demo) -> None:
    async def dial() -> tuple[list[int], int]:
        call = demo.phone.dial("100", demo.endpoint.new_media())
        await call.answered.within(demo.reactor.reactor, 5.0)
        await call.ended.within(demo.reactor.reactor, 2.5)
        call.hang_up()
        return call.statuses, call.media.received.packets

    statuses, packets = demo.run(dial())
    assert statuses[0] == 401
    assert statuses[-1] == 200
    assert packets > 50


def test_a_server_that_wants_sha_256_is_answered(demo: Demo) -> None:
    phone = demo.endpoint.add_phone(MODERN_PHONE, PASSWORD)
    assert demo.run(phone.sign_in()) is RegistrationState.SIGNED_IN
    assert demo.run(phone.sign_out()) is RegistrationState.SIGNED_OUT


def test_the_wrong_password_is_refused(demo: Demo) -> None:
    phone = demo.endpoint.add_phone(PHONE, "wrong")
    assert demo.run(phone.sign_in()) is RegistrationState.REFUSED
    phone.stop()


@pytest.mark.parametrize(("number", "status"), [("+972403", 403), ("+972404", 404)])
def test_refusals_reach_the_caller(demo: Demo, number: str, status: int) -> None:
    report = demo.call(number)
    assert (report.end.status, report.end.by, report.answered_after) == (status, "them", None)
    assert report.lasted < 1.0


def test_what_a_number_does_can_be_set(demo: Demo) -> None:
    demo.endpoint.carrier.behave("03-999-0999", Behaviour(refuse_with=486))
    assert demo.call("+972404").end.status == 486


def test_sipp_hears_presses_and_is_hung_up(farm: SippFarm) -> None:
    with Listener() as listener:
        presses = [(1.5, "12"), (0.3, "3")]
        call = farm.call(
            "+972100", presses=presses, talk=10.0, then_hang_up=False, listener=listener
        )
        result = call.wait()
        assert result.ok, result.errors
        assert listener.level() > -30
        assert listener.packets > 50


def test_sipp_on_both_sides_speaks_both_ways(asterisk: SipAsterisk, farm: SippFarm) -> None:
    phone = farm.phone(PHONE, PASSWORD)
    assert phone.sign_in().ok
    with Listener(tone=300) as caller, Listener("127.0.0.1", tone=800) as agent:
        ringing = phone.answer(talk=2.0, speech=agent)
        call = farm.call("+972201", talk=15.0, then_hang_up=False, listener=caller)
        caller.speak_to(call.speech_place())
        results = [call.wait(), ringing.wait()]
        assert all(result.ok for result in results), [r.errors for r in results]
        assert min(caller.packets, agent.packets) > 80
        assert caller.loudness_of(800) > 0.9
        assert agent.loudness_of(300) > 0.9
    assert phone.sign_out().ok


def test_sipp_says_a_file_and_its_caller_echoes_it(farm: SippFarm, tmp_path: Path) -> None:
    speech = tmp_path / "tone.alaw"
    time = np.arange(RATE) / RATE
    speech.write_bytes(encode_alaw((8000 * np.sin(2 * np.pi * 600 * time)).astype(np.int16)))
    phone = farm.phone(PHONE, PASSWORD)
    assert phone.sign_in().ok
    with Listener() as caller:
        ringing = phone.answer(talk=2.0, speech=speech)
        call = farm.call("+972201", talk=15.0, then_hang_up=False, listener=caller)
        assert call.wait().ok
        assert ringing.wait().ok
        assert caller.packets > 80
        assert caller.loudness_of(600) > 0.9
    assert phone.sign_out().ok


def test_sipp_phones_refuse_ignore_and_are_given_up(farm: SippFarm) -> None:
    phone = farm.phone(PHONE, PASSWORD)
    assert phone.sign_in().ok
    refusing = phone.refuse(486)
    assert farm.expect("+972201", 486).wait().ok
    assert refusing.wait().ok
    ignoring = phone.ignore()
    assert farm.cancel_after("+972201", 0.5).wait().ok
    assert ignoring.wait().ok
    assert phone.sign_out().ok


def test_sipp_tells_when_something_else_happened(farm: SippFarm) -> None:
    result = farm.expect("+972403", 486).wait()
    assert not result.ok
    assert 403 in result.statuses
    assert Phone(farm, PHONE, "wrong", "127.0.0.1", 0).sign_in(status=401).ok
