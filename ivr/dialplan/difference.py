"""What a change means for callers: the same callers in the same worlds, through both versions."""

from dataclasses import dataclass
from datetime import datetime

from ivr.dialplan.callers import MOST_CALLERS, callers, telling_moments
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import Scenario
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulated_call import Length
from ivr.dialplan.simulation import End, Simulation
from ivr.dialplan.site import Site


@dataclass(frozen=True, slots=True)
class Changed:
    """A caller who ends elsewhere; both ways in full, to be shown or listened to."""

    scenario: Scenario
    before: Simulation
    after: Simulation

    @property
    def ends(self) -> tuple[End, End]:
        return self.before.end, self.after.end


@dataclass(frozen=True, slots=True)
class Difference:
    """How many callers went through both versions, and which of them end elsewhere.

    Not *whole*: there are more kinds of callers than were tried.
    """

    paths: int
    changed: tuple[Changed, ...]
    whole: bool


def difference(
    live: Dialplan,
    draft: Dialplan,
    site: Site,
    length: Length,
    *,
    after: datetime,
    most: int = MOST_CALLERS,
) -> Difference:
    """Send every kind of caller that *live* or *draft* can meet in the week *after* through both.

    Callers hang up only where the world does so for them: one who gives up is lost in any version.
    """
    moments = telling_moments((live, draft), site, after)
    found = [callers(plan, site, length, moments, most) for plan in (live, draft)]
    tried: dict[str, Scenario] = {
        repr(scenario): scenario for explored in found for scenario in explored.results
    }
    ways = [
        Changed(
            scenario,
            simulate(live, site, scenario, length),
            simulate(draft, site, scenario, length),
        )
        for scenario in tried.values()
    ]
    changed = tuple(way for way in ways if way.ends[0] != way.ends[1])
    return Difference(len(ways), changed, all(explored.whole for explored in found))
