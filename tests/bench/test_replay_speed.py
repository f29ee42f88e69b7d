"""10,000 traced calls through a plan within a minute.

Seen on 2 cores shared with other work (2026-11-25, load average 4 to 5): 3.5 to 8.5 s.
"""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.recorded_call import RecordedCall
from ivr.dialplan.replay import replay
from ivr.dialplan.scenario import Scenario
from ivr.dialplan.simulate import simulate
from ivr.ids import CallId, LineName
from tests.unit.ivr.dialplan.recording import recorded
from tests.unit.ivr.dialplan.simulating import BILLING, OPEN, SITE, length, some_callers

CALLS = 10_000
LINE = LineName("billing")
pytestmark = pytest.mark.timeout(300)


def past(count: int) -> list[RecordedCall]:
    """Return calls of a week: every kind of caller of the billing line, at random times."""
    dice = random.Random(5)  # noqa: S311 - a fixed sequence
    kinds = some_callers(BILLING)
    calls = []
    for place in range(count):
        at = OPEN + timedelta(seconds=dice.uniform(0, 7 * 86400))
        scenario: Scenario = replace(dice.choice(kinds), at=at)
        call = recorded(simulate(BILLING, SITE, scenario, length), scenario, LINE)
        calls.append(replace(call, call_id=CallId(f"call-{place}")))
    return calls


def test_ten_thousand_calls_are_replayed_within_a_minute() -> None:
    draft = plan_of_text(BILLING.text.replace("'3': ask_person", "'3': department"))
    calls = past(CALLS)
    for plan in (BILLING, draft):
        began = time.perf_counter()
        again = replay(calls, {LINE: plan}, lambda _call: BILLING, SITE, length)
        seconds = time.perf_counter() - began
        told = f"{again.calls} calls replayed in {seconds:.1f} s, {len(again.changed)} changed\n"
        sys.stdout.write(told)
        assert again.calls + again.set_aside == CALLS
        assert bool(again.changed) == (plan is draft)
        assert seconds <= 60
