"""SIPp, a SIP implementation that nobody here wrote, as callers and phones of our tests.

    with SippFarm(tmp_path, ("127.0.0.1", 5060)) as farm:
        phone = farm.phone("agent-201", "secret", "127.0.0.3")
        phone.sign_in()
        ringing = phone.answer(talk=3.0)
        result = farm.call("+97229900200", presses=[(3.0, "3")], talk=8.0).wait()
        assert result.ok, result.errors

Speech: a caller's SIPp echoes what it hears (``-rtp_echo``), a phone's does not, or the two would
send each other packets without end. SIPp counts none of it: give a ``Listener`` to count it, to
measure its level and times, and to speak a tone of its own; two of them prove both directions
(one must be told where to ``speak_to`` if the server itself says nothing first).

Limits of SIPp 3.6.1: MD5 only, and it answers the first challenge (a server that offers SHA-256
first cannot be signed in to); keys are always payload type 96.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from types import TracebackType

from tests.calls.rtp_listener import Listener
from tests.calls.sipp_process import RunningSipp, SippResult, free_port

__all__ = ["Phone", "RunningSipp", "SippFarm", "SippResult", "all_ok", "free_port"]

SCENARIOS = Path(__file__).parent / "sipp"
CALLER = "+972501234567"
_PRESS = """  <pause milliseconds="{wait}"/>
  <nop><action><exec play_dtmf="{digits}"/></action></nop>
  <pause milliseconds="{length}"/>
"""
_STREAM = """  <nop><action><exec rtp_stream="{file},-1,8"/></action></nop>
"""
# SIPp 3.6.1 sends 0.8 s of packets without a key before the first one, then 0.2 s of key and 0.2 s
# of pause each (seen on the wire); a second play_dtmf before the end silences the first.
_LEAD_IN_MS = 800
_KEY_MS = 400
_MARGIN_MS = 150
_AFTER_KEY_MS = 200 + _MARGIN_MS


@dataclass
class SippFarm:
    """Starts SIPps against one server, each in a folder of its own, and ends them all."""

    work: Path
    server: tuple[str, int]
    host: str = "127.0.0.2"  # the carrier's address, as the trunk's identify has it
    trace_messages: bool = True
    _running: list[RunningSipp] = field(default_factory=list)

    def __enter__(self) -> SippFarm:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for running in self._running:
            running.stop()

    def call(
        self,
        number: str,
        *,
        caller: str = CALLER,
        presses: Sequence[tuple[float, str]] = (),
        talk: float = 30.0,
        then_hang_up: bool = True,
        answer_within: float = 10.0,
        listener: Listener | None = None,
        at: str = "",
        **load: float,
    ) -> RunningSipp:
        """Call *number*; press keys, each group after its wait in seconds; talk; hang up or fail.

        A group's first key goes out 0.8 s after its wait has ended.

        *talk* is how long to wait for the other side's BYE after the last key. With
        ``then_hang_up=False`` it is a failure if no BYE comes. *load*: calls, rate, limit. *at*:
        the time that the demonstration's carrier says it is (``YYYYMMDDHHMM``).
        """
        values = self._values(caller, answer_within, listener)
        values |= {
            "presses": "".join(_press(wait, digits) for wait, digits in presses),
            "talk_ms": _ms(talk),
            "at_limit": 'ontimeout="5"' if then_hang_up else "",
            "further_headers": f"\nX-Moked-At: {at}" if at else "",
        }
        pressing = sum(wait + _length_ms(digits) / 1000 for wait, digits in presses)
        limit = answer_within + pressing + talk + 10
        if listener and presses:
            listener.quiet_for = pressing - _AFTER_KEY_MS / 1000
        # An echo beside the keys would be a second source in one stream: keys come out doubled.
        load = {"echo": 0.0 if listener or presses else 1.0, **load}
        return self.start("uac_call", number, values, seconds=limit, load=load)

    def hang_up_at(self, number: str, seconds: float, *, caller: str = CALLER) -> RunningSipp:
        """Call, say nothing, hang up *seconds* after the answer."""
        return self.call(number, caller=caller, talk=seconds)

    def expect(self, number: str, status: int, *, caller: str = CALLER) -> RunningSipp:
        """Call and be refused with *status*, with nothing but 100 before it."""
        values = self._values(caller, 10.0, None) | {"status": str(status)}
        return self.start("uac_expect", number, values, seconds=20)

    def cancel_after(self, number: str, seconds: float, *, caller: str = CALLER) -> RunningSipp:
        """Call and give up *seconds* after it began to ring."""
        values = self._values(caller, 20.0, None) | {"talk_ms": _ms(seconds)}
        return self.start("uac_cancel", number, values, seconds=seconds + 30)

    def phone(self, name: str, password: str = "", host: str = "127.0.0.1") -> Phone:
        """Return a phone on a port of its own; with a password it can sign in as *name*."""
        return Phone(self, name, password, host, free_port(host))

    def start(
        self,
        scenario: str,
        service: str,
        values: Mapping[str, str],
        *,
        seconds: float,
        load: Mapping[str, float] | None = None,
        place: tuple[str, int] | None = None,
        credentials: tuple[str, str] | None = None,
    ) -> RunningSipp:
        """Start SIPp with *scenario*, its ``$names`` replaced by *values*.

        Raises:
            KeyError: a name of the scenario has no value.
        """
        work = self.work / f"sipp{len(self._running)}-{scenario}"
        work.mkdir(parents=True)
        text = (SCENARIOS / f"{scenario}.xml").read_text()
        (work / "scenario.xml").write_text(Template(text).substitute(values))
        host, port = place or (self.host, free_port(self.host))
        words = [*self._command(service, seconds, load or {}), "-i", host, "-p", str(port)]
        words += ["-mi", host, "-mp", str(free_port(host, media=True))]
        if credentials:
            words += ["-au", credentials[0], "-ap", credentials[1]]
        process = subprocess.Popen(
            words,
            cwd=work,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        running = RunningSipp(process, work, seconds, host, port)
        self._running.append(running)
        return running

    def _command(self, service: str, seconds: float, load: Mapping[str, float]) -> list[str]:
        calls = int(load.get("calls", 1))
        rate = load.get("rate", 10.0)
        words = [_sipp(), f"{self.server[0]}:{self.server[1]}", "-sf", "scenario.xml"]
        words += ["-s", service, "-m", str(calls), "-r", str(rate)]
        words += ["-l", str(int(load.get("limit", max(10, calls))))]
        words += [
            "-timeout",
            f"{int(seconds + calls / rate)}s",
            "-timeout_error",
            "-nostdin",
            "-aa",
        ]
        if load.get("echo", 1.0):
            words.append("-rtp_echo")
        words += ["-trace_err", "-error_file", "errors.log"]
        words += ["-trace_stat", "-stf", "stat.csv", "-fd", "1"]
        if self.trace_messages:
            words += ["-trace_msg", "-message_file", "messages.log"]
        return words

    def _values(
        self, caller: str, answer_within: float, listener: Listener | None
    ) -> dict[str, str]:
        return {
            "caller": caller,
            "answer_ms": _ms(answer_within),
            "speech_port": str(listener.port) if listener else "[media_port]",
        }


@dataclass
class Phone:
    """A desk phone, or a carrier's number, on one SIP port."""

    farm: SippFarm
    name: str
    password: str
    host: str
    port: int

    def sign_in(self, *, status: int = 200) -> SippResult:
        """Register; *status* is what the registrar must say to the credentials."""
        return self._register("3600", status)

    def sign_out(self) -> SippResult:
        return self._register("0", 200)

    def answer(
        self,
        *,
        ring: float = 0.5,
        talk: float = 30.0,
        presses: Sequence[tuple[float, str]] = (),
        calls: int = 1,
        wait: float = 60.0,
        speech: Listener | Path | None = None,
    ) -> RunningSipp:
        """Answer the next call after *ring* seconds; hang up after *talk* unless they do.

        *speech*: a listener, or a file of A-law at 8 kHz that SIPp says over and over (cheap under
        load; SIPp cannot count what it hears meanwhile).
        """
        place = str(speech.port) if isinstance(speech, Listener) else "[media_port]"
        stream = isinstance(speech, Path)
        values = {
            "ring_ms": _ms(ring),
            "talk_ms": _ms(talk),
            "presses": (_STREAM.format(file=speech) if stream else "")
            + "".join(_press(pause, digits) for pause, digits in presses),
            "speech_port": "[rtpstream_audio_port]" if stream else place,
        }
        return self._wait_for_call("uas_answer", values, wait + ring + talk + 10, calls)

    def refuse(
        self, status: int = 486, *, after: float = 0.0, wait: float = 60.0, calls: int = 1
    ) -> RunningSipp:
        """Refuse the next calls: 486 busy, 603 or 403 rejected, 503 unavailable."""
        values = {"ring_ms": _ms(max(after, 0.001)), "status": str(status)}
        return self._wait_for_call("uas_refuse", values, wait + after, calls)

    def ignore(self, *, ring: float = 120.0, wait: float = 60.0) -> RunningSipp:
        """Ring until the caller gives up; a failure if nobody does within *ring* seconds."""
        return self._wait_for_call("uas_no_answer", {"ring_ms": _ms(ring)}, wait + ring, 1)

    def _register(self, expires: str, status: int) -> SippResult:
        values = {"expires": expires, "status": str(status)}
        return self.farm.start(
            "register",
            self.name,
            values,
            seconds=10,
            place=(self.host, self.port),
            credentials=(self.name, self.password),
        ).wait()

    def _wait_for_call(
        self, scenario: str, values: Mapping[str, str], seconds: float, calls: int
    ) -> RunningSipp:
        return self.farm.start(
            scenario,
            self.name,
            values,
            seconds=seconds,
            load={"calls": calls, "rate": 1000.0, "echo": 0.0},
            place=(self.host, self.port),
        )


def all_ok(results: Iterable[SippResult]) -> bool:
    return all(result.ok for result in results)


def _press(wait: float, digits: str) -> str:
    return _PRESS.format(wait=_ms(wait), digits=digits, length=_length_ms(digits))


def _length_ms(digits: str) -> int:
    return _LEAD_IN_MS + len(digits) * _KEY_MS + _MARGIN_MS


def _ms(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))


def _sipp() -> str:
    found = shutil.which("sipp")
    if found is None:
        raise FileNotFoundError("sipp is not installed (Debian's sip-tester)")
    return found
