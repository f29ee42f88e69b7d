"""Runs a plan with a caller who exists on paper: the real interpreter, the real steps."""

from ivr.dialplan.interpreter import Place, run_dialplan
from ivr.dialplan.on_paper import result_of
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import Scenario
from ivr.dialplan.simulated_call import Length, SimulatedCall
from ivr.dialplan.simulation import Simulation
from ivr.dialplan.site import Site
from ivr.dialplan.world import ScriptedWorld, World


def simulate(
    plan: Dialplan, site: Site, scenario: Scenario, length: Length, world: World | None = None
) -> Simulation:
    """Let the caller of *scenario* go through *plan*; *length* knows the seconds of each prompt.

    A *world* that is given answers in place of the scenario's own.
    """
    call = SimulatedCall(plan, site, scenario, world or ScriptedWorld(scenario), length)
    start = Place(scenario.start) if scenario.start else None
    ending = result_of(run_dialplan(plan, call, call.trace, start=start, at_step=call.at_step))
    return Simulation(
        ending=ending,
        end=call.end,
        reached_at=call.reached_at if call.end.reached is not Reached.LOST else call.seconds,
        seconds=call.seconds,
        events=tuple(call.events),
        steps=tuple(call.trace.entries),
        began=tuple(call.began),
    )
