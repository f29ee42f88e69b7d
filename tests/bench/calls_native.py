"""Our calls beside the same menu in Asterisk's own dialplan: ``… -m tests.bench.calls_native``.

Same instance, same SIPps, same trunk; only the number called differs: one goes through Stasis and
our service, the other through ``Read`` and ``Dial``. Machines differ; the ratio is what counts.

Seen at 5 calls/s for 15 s on a busy machine (2026-11-22, load average 13): native 23 ms of Asterisk
a call; ours 30 ms of Asterisk and 22 ms of the service: 2.3 times native in all, the service alone
about as much as native. Memory of the service per live call: 35 KiB. At 10 calls/s for 30 s, load 2
(2026-11-25): native 16 ms; ours 26 + 14 ms, 2.4 times; 35 KiB again.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from ivr.pbx.places import PbxPlaces
from ivr.pbx.process import AsteriskProcess
from ivr.settings import Settings
from tests.bench.calls_rate import FAR_END, NUMBER, Load, bench_house, load
from tests.calls.house import House

NATIVE = "+97229900997"
_TRUNK = "trunk-load"


def add_native_line(house: House) -> None:
    """Write the same menu into the running dialplan, as its administrator could by hand."""
    asterisk = AsteriskProcess(PbxPlaces.of(Settings.model_validate({"home": house.home})))
    context = _trunk_context(asterisk.command(f"pjsip show endpoint {_TRUNK}"))
    steps = (
        "Answer()",
        "Read(KEY,moked/he/billing_menu,1,,1,5)",
        f"Dial(PJSIP/{FAR_END}@{_TRUNK},30)",
        "Hangup()",
    )
    asterisk.command("module load app_read.so")  # our own dialplans need none of it
    for place, step in enumerate(steps, start=1):
        asterisk.command(f"dialplan add extension {NATIVE},{place},{step} into {context}")


def _trunk_context(shown: str) -> str:
    lines = [line.split(":") for line in shown.splitlines()]
    return next(words[1].strip() for words in lines if words[0].strip() == "context")


def measure(rate: float, seconds: float) -> dict[str, Any]:
    """Return processor and memory of both ways, and their ratios."""
    with (
        tempfile.TemporaryDirectory(prefix="moked-bench-") as folder,
        bench_house(Path(folder)) as (house, far_end),
    ):
        add_native_line(house)
        load(house, far_end, NATIVE, rate, 3)  # both have run once before anything is measured
        load(house, far_end, NUMBER, rate, 3)
        native = load(house, far_end, NATIVE, rate, seconds)
        ours = load(house, far_end, NUMBER, rate, seconds)
    spent, natively = sum(ours.cpu.values()) / ours.calls, native.cpu["asterisk"] / native.calls
    return {
        "ours": _figures(ours),
        "native": _figures(native),
        "service cpu to native cpu": round(ours.cpu["service"] / ours.calls / natively, 2),
        "all cpu to native cpu": round(spent / natively, 2),
    }


def _figures(one: Load) -> dict[str, Any]:
    live = max(1, one.live // 2)  # two channels a call
    return {
        "sent": one.calls,
        "successful": one.callers.successful,
        "far end answered": one.far_ends.successful,
        "cpu ms per call": one.per_call(),
        "live calls": live,
        "memory KiB per live call": {k: round(used / live) for k, used in one.memory.items()},
    }


def main() -> int:
    rate, seconds = (float(word) for word in (*sys.argv[1:], "5", "20")[:2])
    sys.stdout.write(json.dumps(measure(rate, seconds), indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
