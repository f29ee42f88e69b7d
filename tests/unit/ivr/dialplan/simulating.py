"""What tests of simulated calls share: the shipped site, prompts of three seconds, a Tuesday."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ivr.dialplan.callers import MOST_CALLERS, callers, telling_moments
from ivr.dialplan.check import load_site
from ivr.dialplan.loader import link, read_plan
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import Answer, Press, Scenario, Service
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulation import Event, Kind, Simulation
from ivr.ids import LineName

LOADED = load_site(Path(__file__).parents[4] / "dialplans")
SITE = LOADED.site
BILLING = LOADED.plans[LineName("billing")]
ZONE = ZoneInfo("Asia/Jerusalem")
OPEN = datetime(2026, 11, 24, 10, 30, tzinfo=ZONE)
CLOSED = datetime(2026, 11, 24, 21, 30, tzinfo=ZONE)
HEAD = """\
line: test
numbers: ['+97229900999']
language: he
start: first
on_error: bye
steps:
"""
BYE = "  bye: {kind: hangup}\n"


def length(_language: str, prompt: str) -> float:
    return 1.0 if prompt == "beep" else 3.0


def plan_of(steps: str, head: str = HEAD) -> Dialplan:
    """Return the plan with these steps and one called ``bye``."""
    plan, problems = read_plan("test.yaml", head + steps + BYE)
    assert plan is not None, problems
    assert problems == []
    return link(plan, {})


def simulated(plan: Dialplan = BILLING, *presses: str | Press, **rest: Any) -> Simulation:
    keys = tuple(one if isinstance(one, Press) else Press(one) for one in presses)
    return simulate(plan, SITE, Scenario(presses=keys, **{"at": OPEN, **rest}), length)


def answers(**given: str | Answer) -> dict[tuple[Service, str], tuple[Answer, ...]]:
    """Return e.g. ``number_on_call="busy"`` as a scenario takes it."""
    return {
        (Service(key.partition("_")[0]), key.partition("_")[2]): (
            one if isinstance(one, Answer) else Answer(one),
        )
        for key, one in given.items()
    }


def heard(simulation: Simulation) -> list[tuple[float, str, float]]:
    """Return what was heard: when, what and for how long."""
    return [(one.at, one.name, one.seconds) for one in of_kind(simulation, Kind.HEARD)]


def of_kind(simulation: Simulation, kind: Kind) -> list[Event]:
    return [event for event in simulation.events if event.kind is kind]


def some_callers(plan: Dialplan) -> list[Scenario]:
    """Return every kind of caller that *plan* can meet."""
    moments = telling_moments([plan], SITE, OPEN)
    explored = callers(plan, SITE, length, moments, MOST_CALLERS)
    assert explored.whole
    return list(explored.results)
