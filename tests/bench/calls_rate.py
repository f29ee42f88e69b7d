"""Calls at a rate through the whole product: ``python -m tests.bench.calls_rate [rate] [seconds]``.

Each call: answered, 3 s of the menu heard, digit 3, a trunk leg that answers, RTP both ways for
2 s, BYE by the caller. SIPp plays residents and the carrier's far end. Every call sent must come
out of SIPp as a success, and as one row with its digit and its outcome.

Seen on 2 cores shared with other work (2026-11-22, Asterisk 22.10.1, SQLite):
- load average 6, 20 calls/s for 30 s: 600 of 600 sent, answered, talked, written; 0 failed; answer
  0.20 s on average; processor a call: service 16 ms, Asterisk 29 ms.
- load average 12, 20 calls/s for 60 s: not reached. 1200 answered by SIP, 1.3 s late on average;
  87 went to the native fail-safe unclaimed, 1113 rows, 443 talked before the caller's BYE.
Seen on a quieter machine (2026-11-25, load average 1 before it): 20 calls/s for 60 s, 1200 of 1200
sent, answered after 5 ms, talked, written with digit and outcome; service 11 ms, Asterisk 24 ms.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from ivr.demo.g711 import RATE, encode_alaw
from tests.calls.house import House, running_house, until
from tests.calls.sipp_process import SippResult, free_port
from tests.calls.sipp_runner import Phone
from tests.drills import product

NUMBER, FAR_END = "+97229900998", "+97239990301"
HOST = "127.0.0.2"
HEARD, TALK = 3.0, 2.0  # seconds
_KEY = """  <pause milliseconds="2200"/>
  <nop><action><exec play_dtmf="3"/></action></nop>
  <pause milliseconds="1350"/>
  <nop><action><exec rtp_stream="{file},-1,8"/></action></nop>
"""
_LINE = f"""\
line: bench
numbers: ['{NUMBER}']
language: he
start: welcome
on_error: good_bye
steps:
  welcome:
    kind: menu
    prompt: billing_menu
    digits: {{'3': far_end}}
    no_input: good_bye
    no_match: good_bye
  far_end:
    kind: dial
    number: external_payment_centre
    ring_for: 30
    record: false
    busy: good_bye
    no_answer: good_bye
    rejected: good_bye
    unreachable: good_bye
  good_bye:
    kind: hangup
"""


@dataclass
class Load:
    """What one load came to."""

    calls: int
    seconds: float
    callers: SippResult
    far_ends: SippResult
    cpu: dict[str, float]  # seconds of processor by process
    memory: dict[str, int]  # most resident KiB by process, above what it had before
    live: int  # most channels at once
    speech: list[tuple[int, int]] = field(default_factory=list)  # packets in, out of one leg

    def per_call(self) -> dict[str, float]:
        """Return milliseconds of processor a call, by process."""
        return {name: round(1000 * used / self.calls, 1) for name, used in self.cpu.items()}


@contextmanager
def bench_house(folder: Path) -> Iterator[tuple[House, Phone]]:
    """Offer a product whose only trunk leads to a SIPp, and that far end."""
    port = free_port(HOST)
    trunk = [{"name": "load", "host": f"{HOST}:{port}", "match": [HOST]}]
    settings = {"MOKED_DEMO": "off", "MOKED_TRUNKS": json.dumps(trunk)}
    with running_house(folder, _edit, **settings) as house:
        house.farm.trace_messages = False
        house.farm.host = HOST
        yield house, Phone(house.farm, "far-end", "", HOST, port)


def _edit(site: Path) -> None:
    """Add the line of the bench; give the external centre a number that is none of the demo's."""
    (site / "dialplans" / "bench.yaml").write_text(_LINE)
    file = site / "dialplans" / "site.yaml"
    text = file.read_text()
    old = "external_payment_centre: '+97239990300'"
    assert old in text
    file.write_text(text.replace(old, f"external_payment_centre: '{FAR_END}'"))


def load(house: House, far_end: Phone, number: str, rate: float, seconds: float) -> Load:
    """Call *number* so often a second for so long, and wait until all calls are over."""
    calls = int(rate * seconds)
    tone = _tone(house.home / "tone.alaw")
    length = HEARD + TALK + 15
    # Asterisk asks the far end now and then whether it lives: SIPp takes that for calls, too.
    answering = far_end.answer(
        ring=0.001, talk=60, calls=calls + 1000, wait=seconds + length, speech=tone
    )
    until(lambda: _far_end_answers(house), 20, "Asterisk to see that the far end lives")
    watch = Watch(house)
    began = time.monotonic()
    values = {
        "caller": "+972588000001",
        "answer_ms": "20000",
        "presses": _KEY.format(file=tone),
        "talk_ms": str(int(1000 * TALK) + 500),
        "at_limit": 'ontimeout="5"',
        "speech_port": "[media_port]",
        "further_headers": "",
    }
    limits = {"calls": calls, "rate": rate, "limit": 2000, "echo": 0.0}
    callers = house.farm.start("uac_call", number, values, seconds=length + 60, load=limits).wait()
    took = time.monotonic() - began
    until(lambda: not product.channels(house), 10, "Asterisk to be empty again")
    watch.stop()
    time.sleep(1.5)  # SIPp writes its figures once a second
    alive = answering.is_running
    answering.stop()
    assert alive, "the far end itself died: nothing can be said of this load"
    return Load(
        calls,
        took,
        callers,
        answering._result(0),  # it never ends by itself
        watch.cpu(),
        watch.memory(),
        watch.live,
        watch.speech,
    )


def _far_end_answers(house: House) -> bool:
    return bool(product.ari(house, "GET", "endpoints/PJSIP/trunk-load")["state"] == "online")


def _tone(path: Path) -> Path:
    wave = 8000 * np.sin(2 * np.pi * 440 * np.arange(RATE) / RATE)
    path.write_bytes(encode_alaw(wave.astype(np.int16)))
    return path


class Watch:
    """Looks at service and Asterisk once a second: processor, memory, channels, packets."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._pids = {name: house.pid(name) for name in ("service", "asterisk")}
        self._before = {name: _cpu(pid) for name, pid in self._pids.items()}
        self._resident = {name: _resident(pid) for name, pid in self._pids.items()}
        self._most = dict(self._resident)
        self.live = 0
        self.speech: list[tuple[int, int]] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._over.set()
        self._thread.join(15)

    def cpu(self) -> dict[str, float]:
        return {name: _cpu(pid) - self._before[name] for name, pid in self._pids.items()}

    def memory(self) -> dict[str, int]:
        return {name: most - self._resident[name] for name, most in self._most.items()}

    def _look(self) -> None:
        while not self._over.wait(1.0):
            for name, pid in self._pids.items():
                self._most[name] = max(self._most[name], _resident(pid))
            found = product.channels(self._house)
            self.live = max(self.live, len(found))
            self._count_speech(found)

    def _count_speech(self, found: list[dict[str, Any]]) -> None:
        """Ask of one leg that has been up for long what has come and gone."""
        legs = [one for one in found if one["id"].startswith("leg-") and one["state"] == "Up"]
        if legs:
            try:
                heard = product.ari(self._house, "GET", f"channels/{legs[0]['id']}/rtp_statistics")
            except OSError:  # gone between the two questions
                return
            self.speech.append((heard["rxcount"], heard["txcount"]))


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def rows_of(house: House) -> dict[str, int]:
    """Count what the product wrote down of the calls."""
    until(lambda: house.ask("/api/status")["counts"]["journal_pending"] == 0, 20, "the journal")
    counts = {
        "rows": "SELECT count(*) AS n FROM calls WHERE line = 'bench'",
        "talked": "SELECT count(*) AS n FROM calls WHERE line = 'bench' AND outcome = 'talked'",
        "digits": "SELECT count(*) AS n FROM call_traces WHERE label = 'welcome' AND pressed = '3'",
        "positions left": "SELECT count(*) AS n FROM call_positions",
    }
    return {name: product.rows(house, query)[0]["n"] for name, query in counts.items()}


def measure(rate: float, seconds: float) -> dict[str, Any]:
    """Return the figures of one load on an instance of its own."""
    with (
        tempfile.TemporaryDirectory(prefix="moked-bench-") as folder,
        bench_house(Path(folder)) as (house, far_end),
    ):
        done = load(house, far_end, NUMBER, rate, seconds)
        return {
            "sent": done.calls,
            "successful": done.callers.successful,
            "failed": done.callers.failed,
            "far end answered": done.far_ends.successful,
            **rows_of(house),
            "response times": dict(done.callers.response_times),
            "seconds": round(done.seconds, 1),
            "cpu ms per call": done.per_call(),
            "memory KiB": done.memory,
            "channels at once": done.live,
            "packets in and out of a leg": done.speech[-5:],
            "errors": done.callers.errors[-500:],
        }


def main() -> int:
    rate, seconds = (float(word) for word in (*sys.argv[1:], "20", "60")[:2])
    figures = measure(rate, seconds)
    sys.stdout.write(json.dumps(figures, indent=1) + "\n")
    counted = ("successful", "rows", "talked", "digits")
    return 0 if all(figures[name] == figures["sent"] for name in counted) else 1


if __name__ == "__main__":
    sys.exit(main())
