"""Looking at a draft before it is published: its proof, callers on paper, tests, what changes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request

from ivr.aio import to_asyncio
from ivr.calls.rehearsals import Side
from ivr.console import scenarios
from ivr.console.guard import GuardedRoute, Ports, Who
from ivr.console.plan_access import Dialplans, UnitPath
from ivr.console.scenarios import ScenarioBody, SimulationBody
from ivr.console.turns import Turns
from ivr.dialplan.asking import Asks
from ivr.dialplan.plan_test_file import Goal
from ivr.dialplan.plan_tests import Tested, TestResult, moment_reached
from ivr.dialplan.problem import Problem as PlanProblem
from ivr.dialplan.proof.prove import Counterexample, Happening
from ivr.dialplan.proof.retold import scenario_of
from ivr.dialplan.scenario import Scenario
from ivr.dialplan.simulation import End, Event, Kind, Simulation

router = APIRouter(route_class=GuardedRoute, tags=["dialplans"])

_MOST_SHOWN = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class LostCaller:
    """A caller whom the draft does not serve; *scenario* is their call, to be played."""

    rule: str
    label: str
    moment: datetime
    emergency: bool
    language: str
    seconds: float
    story: tuple[Happening, ...]
    scenario: ScenarioBody


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProof:
    """What came of proving a draft; at most a hundred lost callers are shown of *found*."""

    holds: bool
    version_hash: str
    worlds: int
    states: int
    took: float
    found: int
    lost: list[LostCaller]


@dataclass(frozen=True, slots=True, kw_only=True)
class Played:
    """One call on paper: what happened, by which steps, where it ended, what it asks for.

    A call that *asks* is not over: the end is where it stands.
    """

    ending: str
    end: End
    seconds: float
    events: tuple[Event, ...]
    labels: tuple[str, ...]
    began: tuple[float, ...]  # of each of the steps
    asks: Asks | None = None


@dataclass(frozen=True, slots=True)
class ChangedCaller:
    """A kind of caller who ends elsewhere."""

    scenario: ScenarioBody
    live: End
    draft: End


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """How many kinds of callers were tried (*whole*: all there are), and who ends elsewhere."""

    tried: int
    whole: bool
    found: int
    changed: list[ChangedCaller]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTest:
    """A test of a plan; no *failures*: it passed.

    *reached_at*: seconds until the caller came to *reaches*; *unheard* and *overheard*: prompts
    that should have been heard, and that should not.
    """

    name: str
    file: str
    line_number: int
    reaches: Goal | None
    within: float | None
    reached_at: float | None
    unheard: list[str]
    overheard: list[str]
    failures: tuple[str, ...]
    end: End
    seconds: float
    scenario: ScenarioBody


@dataclass(frozen=True, slots=True)
class ShownTests:
    tests: list[ShownTest]
    problems: list[PlanProblem]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayedCall:
    """A real call that would have ended elsewhere."""

    call_id: str
    at: datetime
    caller_number: str
    live: End
    draft: Played


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What became of the last days' calls; *set_aside* could not be replayed."""

    calls: int
    set_aside: int
    found: int
    changed: list[ReplayedCall]


@router.get("/api/dialplans/lines/{line}/proof")
async def proof(request: Request, who: Who, plans: Dialplans, line: UnitPath) -> ShownProof:
    """Prove the draft: who is not served, with the whole story of each."""
    found = await to_asyncio(_turns(request).take(who.user.user_id, plans.rehearsals.proof(line)))
    return ShownProof(
        holds=found.holds,
        version_hash=found.version_hash,
        worlds=found.worlds,
        states=found.states,
        took=round(found.took, 3),
        found=len(found.counterexamples),
        lost=[_lost(one) for one in found.counterexamples[:_MOST_SHOWN]],
    )


@router.post("/api/dialplans/lines/{line}/simulation")
async def simulation(
    request: Request, who: Who, ports: Ports, plans: Dialplans, line: UnitPath, body: SimulationBody
) -> Played:
    """Let a caller on paper call the draft, or what is live; nothing really happens."""
    now = ports.clock.now()
    live = body.version == "live"

    def scenario(side: Side) -> Scenario:
        return scenarios.read(body.scenario, side.plan, now)

    turns, user = _turns(request), who.user.user_id
    if body.asks:
        asking = plans.rehearsals.simulate_asking(line, scenario, live=live)
        return _played(*await to_asyncio(turns.take(user, asking)))
    whole = plans.rehearsals.simulate(line, scenario, live=live)
    return _played(await to_asyncio(turns.take(user, whole)))


@router.get("/api/dialplans/lines/{line}/changes")
async def changes(request: Request, who: Who, plans: Dialplans, line: UnitPath) -> Changes:
    """Say which kinds of callers the draft takes elsewhere than what is live."""
    work = plans.rehearsals.difference(line)
    found = await to_asyncio(_turns(request).take(who.user.user_id, work))
    return Changes(
        tried=found.paths,
        whole=found.whole,
        found=len(found.changed),
        changed=[
            ChangedCaller(scenarios.shown(one.scenario), *one.ends)
            for one in found.changed[:_MOST_SHOWN]
        ],
    )


@router.get("/api/dialplans/lines/{line}/tests")
async def tests(request: Request, who: Who, plans: Dialplans, line: UnitPath) -> ShownTests:
    """Run the tests that stand beside the plan on the draft."""
    work = plans.rehearsals.tests(line)
    found: Tested = await to_asyncio(_turns(request).take(who.user.user_id, work))
    return ShownTests([_test(one) for one in found.results], list(found.problems))


@router.get("/api/dialplans/lines/{line}/replay")
async def replay(
    request: Request,
    who: Who,
    plans: Dialplans,
    line: UnitPath,
    days: Annotated[int, Query(ge=1, le=31)] = 7,
) -> Replayed:
    """Let the real callers of the last days call the draft: who would have ended elsewhere."""
    work = plans.rehearsals.replay(line, days)
    found = await to_asyncio(_turns(request).take(who.user.user_id, work))
    return Replayed(
        calls=found.calls,
        set_aside=found.set_aside,
        found=len(found.changed),
        changed=[
            ReplayedCall(
                call_id=one.call.call_id,
                at=one.call.at,
                caller_number=one.call.caller_number,
                live=one.before,
                draft=_played(one.after),
            )
            for one in found.changed[:_MOST_SHOWN]
        ],
    )


def _turns(request: Request) -> Turns:
    turns: Turns = request.app.state.turns
    return turns


def _lost(one: Counterexample) -> LostCaller:
    return LostCaller(
        rule=one.rule,
        label=one.label,
        moment=one.moment,
        emergency=one.emergency,
        language=one.language,
        seconds=one.seconds,
        story=one.story,
        scenario=scenarios.shown(scenario_of(one)),
    )


def _played(simulation: Simulation, asks: Asks | None = None) -> Played:
    return Played(
        ending=simulation.ending,
        end=simulation.end,
        seconds=round(simulation.seconds, 2),
        events=simulation.events,
        labels=tuple(map(str, simulation.labels)),
        began=simulation.began,
        asks=asks,
    )


def _test(one: TestResult) -> ShownTest:
    test = one.test
    heard = {event.name for event in one.simulation.events if event.kind is Kind.HEARD}
    return ShownTest(
        name=test.name,
        file=test.file,
        line_number=test.line_number,
        reaches=test.reaches,
        within=test.within,
        reached_at=moment_reached(one.simulation, test.reaches) if test.reaches else None,
        unheard=[name for name in test.hears if name not in heard],
        overheard=[name for name in test.never_hears if name in heard],
        failures=one.failures,
        end=one.simulation.end,
        seconds=round(one.simulation.seconds, 2),
        scenario=scenarios.shown(test.scenario),
    )
