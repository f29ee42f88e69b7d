"""Calls through a private Asterisk whose service is dead, hung or late: every caller is served."""

import socket
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ivr.pbx.messages import forget_message, waiting_messages
from ivr.pbx.private import PrivateAsterisk, private_asterisk
from ivr.pbx.records import CallRecord, read_records
from ivr.pbx.rescue import rescue_waiting
from tests.calls.pbx_ari import StrawController, ari, push_phone
from tests.calls.pbx_sipp import Sipp, Speech, free_udp_port
from tests.calls.private_asterisk import asterisk_root

pytestmark = [pytest.mark.calls, pytest.mark.timeout(120)]
NOISE = 5
TONE = bytes([0x10, 0x90] * 8000)  # two seconds of loud A-law
BILLING = ("029900200", "+97229900200", "97229900200", "0097229900200")
CALLER = "0501234567"


@pytest.fixture(scope="module")
def pbx() -> Iterator[PrivateAsterisk]:
    root = asterisk_root()
    if root is None:
        pytest.skip("no Asterisk is unpacked")
    with (
        tempfile.TemporaryDirectory(prefix="pbx-") as folder,
        private_asterisk(Path(folder), root) as running,
    ):
        prompts = running.places.prompts / "he"
        prompts.mkdir(parents=True)
        for name in ("failsafe_apology", "leave_message", "message_thanks"):
            (prompts / f"{name}.alaw").write_bytes(TONE)
        yield running


@pytest.fixture
def speech() -> Iterator[Speech]:
    listening = Speech()
    yield listening
    listening.close()


class Parties:
    """SIPp processes of one test, ended with it."""

    def __init__(self, pbx: PrivateAsterisk) -> None:
        self._pbx = pbx
        self._running: list[Sipp] = []

    def start(self, scenario: str, service: str, *, speech: int = 9, **more: Any) -> Sipp:
        keys = {"caller": CALLER, "agent": service, "speech_port": str(speech), "expires": "120"}
        target = ("127.0.0.1", self._pbx.runtime.sip_port)
        work = Path(tempfile.mkdtemp(dir=self._pbx.settings.home))
        (work / "tone.alaw").write_bytes(TONE)  # what a caller who speaks says
        keys |= more.pop("keys", {})
        party = Sipp(f"pbx_{scenario}.xml", target, service, work, keys, **more)
        self._running.append(party.start())
        return party

    def end(self) -> None:
        for party in self._running:
            party.end()


@pytest.fixture
def parties(pbx: PrivateAsterisk) -> Iterator[Parties]:
    started = Parties(pbx)
    yield started
    started.end()


@pytest.mark.parametrize("number", ["0527250801", "+972527250801", "00972527250801"])
def test_message_only_number_is_refused_at_once(
    pbx: PrivateAsterisk, parties: Parties, number: str
) -> None:
    offset = read_records(pbx.places.cdr).offset
    began = time.monotonic()
    call = parties.start("refused", number)
    assert call.ended_well(), call.errors()
    assert time.monotonic() - began < 1 * NOISE
    record = _next_record(pbx, offset)
    assert (record.kind, record.line, record.caller) == ("refused", "whatsapp-only", CALLER)
    assert not record.answered, "never answered, so never billed"


def _next_record(pbx: PrivateAsterisk, offset: int) -> CallRecord:
    deadline = time.monotonic() + 1 * NOISE
    while not (records := read_records(pbx.places.cdr, offset).records):
        assert time.monotonic() < deadline, "no record was written"
        time.sleep(0.02)  # Asterisk writes it after its answer
    (record,) = records
    return record


@pytest.mark.parametrize("number", [*BILLING, "106"])
def test_apology_is_heard_and_the_centre_rings(
    pbx: PrivateAsterisk, parties: Parties, speech: Speech, number: str
) -> None:
    push_phone(pbx, "agent-301", "secret")
    port = free_udp_port()
    registered = parties.start("register", "agent-301", port=port, password="secret")
    assert registered.ended_well(), registered.errors()
    phone = parties.start("phone", "agent-301", port=port)
    began = time.monotonic()
    call = parties.start("caller", number, speech=speech.port)
    heard = speech.first_sound(1.5 * NOISE)
    assert heard is not None, "silence"
    assert heard - began < 1.5 * NOISE
    assert phone.ended_well(), phone.errors()
    assert call.ended_well(), call.errors()
    gone = parties.start(
        "register", "agent-301", port=port, password="secret", keys={"expires": "0"}
    )
    assert gone.ended_well(), gone.errors()


def test_nobody_signed_in_rings_the_fallback_number(
    pbx: PrivateAsterisk, parties: Parties, speech: Speech
) -> None:
    mobile = parties.start("phone", "mobile", port=pbx.runtime.demo_port)
    call = parties.start("caller", "106", speech=speech.port)
    assert mobile.ended_well(), mobile.errors()
    assert call.ended_well(), call.errors()


def test_nobody_at_all_takes_a_message(pbx: PrivateAsterisk, parties: Parties) -> None:
    call = parties.start("caller_leaves", "029900106")
    assert call.ended_well(), call.errors()
    (message,) = waiting_messages(pbx.places)
    assert (message.line, message.caller) == ("council", CALLER)
    assert message.audio.stat().st_size > 2 * 8000, "a second of speech at least"
    forget_message(message)
    assert not waiting_messages(pbx.places)


def test_dead_controller_loses_the_call_to_the_failsafe(
    pbx: PrivateAsterisk, parties: Parties, speech: Speech
) -> None:
    with StrawController(pbx) as controller:
        parties.start("caller_at", "029900200", speech=speech.port, seconds=60)
        start = controller.claim()
        assert start["args"] == ["in", "+97229900200", "202611241730"]
        ari(pbx, "POST", f"channels/{start['channel']['id']}/answer")
    assert speech.first_sound(15 * 2) is not None, "the lease brought nobody"


def test_waiting_callers_are_rescued(
    pbx: PrivateAsterisk, parties: Parties, speech: Speech
) -> None:
    with StrawController(pbx) as controller:
        parties.start("caller", "029900200", speech=speech.port, seconds=60)
        start = controller.claim()
        assert start["args"] == ["in", "+97229900200", ""]
        ari(pbx, "POST", f"channels/{start['channel']['id']}/answer")
    began = time.monotonic()
    assert rescue_waiting(pbx.process) == 1
    heard = speech.first_sound(10)
    assert heard is not None
    assert heard - began < 10, "rescued, not left to the lease"


def test_talks_are_not_rescued(pbx: PrivateAsterisk, parties: Parties, speech: Speech) -> None:
    leg = urllib.parse.urlencode(
        {"endpoint": "PJSIP/0500000000@trunk-demo", "app": "cc-straw", "channelId": "leg"}
    )
    mobile = parties.start("phone", "mobile", port=pbx.runtime.demo_port)
    with StrawController(pbx) as controller:
        parties.start("caller", "029900200", speech=speech.port, seconds=60)
        caller = controller.claim()["channel"]["id"]
        ari(pbx, "POST", f"channels/{caller}/answer")
        ari(pbx, "POST", f"channels?{leg}")
        assert controller.next("StasisStart")["channel"]["id"] == "leg"
        ari(pbx, "POST", "bridges/talk")
        ari(pbx, "POST", f"bridges/talk/addChannel?channel={caller},leg")
        assert rescue_waiting(pbx.process) == 0
        assert mobile.ended_well(), mobile.errors()


def test_stalled_agi_holds_nobody(pbx: PrivateAsterisk, parties: Parties, speech: Speech) -> None:
    with socket.create_server(("127.0.0.1", pbx.runtime.agi_port)):  # accepts, never answers
        ari(pbx, "POST", f"asterisk/variable?variable=MOKED_BEAT&value={int(time.time()) + 2}")
        began = time.monotonic()
        call = parties.start("caller", "029900200", speech=speech.port)
        heard = speech.first_sound(20)
        assert heard is not None
        assert heard - began < 1.2 + 2 + 1.5 * NOISE
    call.end()
    ari(pbx, "POST", "asterisk/variable?variable=MOKED_BEAT&value=0")


def test_second_brain_takes_the_call_back(
    pbx: PrivateAsterisk, parties: Parties, speech: Speech
) -> None:
    with socket.create_server(("127.0.0.1", pbx.runtime.agi_port)) as server:
        ari(pbx, "POST", f"asterisk/variable?variable=MOKED_BEAT&value={int(time.time()) + 5}")
        parties.start("caller", "029900200", speech=speech.port)
        agi, _ = server.accept()
        with agi, agi.makefile("rw") as lines:
            asked = {}
            while line := lines.readline().strip():
                name, _, value = line.partition(": ")
                asked[name] = value
            with StrawController(pbx) as controller:
                lines.write('SET VARIABLE MOKED_TAKE_BACK "1"\n')
                lines.flush()
                assert lines.readline().startswith("200")
                lines.close()
                agi.close()
                start = controller.claim()
    assert asked["agi_arg_2"] == "+97229900200"
    assert start["channel"]["id"] == asked["agi_arg_1"]
    ari(pbx, "POST", "asterisk/variable?variable=MOKED_BEAT&value=0")


def test_trunk_name_opens_nothing(pbx: PrivateAsterisk, parties: Parties) -> None:
    call = parties.start("unknown", "029900200", host="127.0.0.9", keys={"caller": "trunk-demo"})
    assert call.ended_well(), call.errors()


@pytest.mark.parametrize("number", ["100", "0501112223", "+972501112223", "probe", "029900299"])
def test_trunk_reaches_nothing_but_our_numbers(
    pbx: PrivateAsterisk, parties: Parties, number: str
) -> None:
    call = parties.start("not_found", number)
    assert call.ended_well(), call.errors()


def test_agent_reaches_emergency_without_us(
    pbx: PrivateAsterisk, parties: Parties, speech: Speech
) -> None:
    push_phone(pbx, "agent-302", "secret")
    emergency = parties.start("phone", "100", port=pbx.runtime.demo_port)
    call = parties.start(
        "agent_dials", "100", keys={"agent": "agent-302"}, user="agent-302", password="secret"
    )
    assert call.ended_well(), call.errors()
    assert emergency.ended_well(), emergency.errors()
    assert "emergency:100" in pbx.places.cdr.read_text()
