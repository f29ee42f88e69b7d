"""A call on paper that stops where nothing is said yet of what comes next, and asks for it."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import NoReturn

from ivr.dialplan import expressions
from ivr.dialplan.interpreter import Place
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import OUTCOMES, Answer, Press, Scenario, Service
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulated_call import Length
from ivr.dialplan.simulation import Kind, Simulation
from ivr.dialplan.site import Site
from ivr.dialplan.step import Step
from ivr.dialplan.world import ScriptedWorld
from ivr.errors import CallerHungUp
from ivr.ids import Label

PRESS, STAFFED = "press", "staffed"


@dataclass(frozen=True, slots=True)
class Asks:
    """What has to be said before the call goes on: a key, or how a part of the world answers."""

    what: str  # PRESS, STAFFED or a ``Service``
    name: str
    options: tuple[str, ...]  # the keys that the step takes, or the outcomes
    label: Label


def simulate_asking(
    plan: Dialplan, site: Site, scenario: Scenario, length: Length
) -> tuple[Simulation, Asks | None]:
    """Go as far as *scenario* says; return what is asked there, ``None`` if the call is over."""
    world = AskingWorld(scenario)
    simulation = simulate(plan, site, scenario, length, world)
    events = simulation.events
    if world.asks and events and events[-1].kind is Kind.HUNG_UP:
        events = events[:-1]  # nobody hung up: the caller is still to choose
    return replace(simulation, events=events), world.asks


class AskingWorld(ScriptedWorld):
    """The world of a scenario that is still being told."""

    def __init__(self, scenario: Scenario) -> None:
        super().__init__(scenario)
        self._told = scenario
        self._presses_left = len(scenario.presses)
        self._turned: Counter[tuple[Service, str]] = Counter()
        self._label = Label("")
        self._inputs: tuple[str, ...] = ()
        self.asks: Asks | None = None

    def at_step(self, place: Place, step: Step) -> float | None:
        self._label = place.label
        self._inputs = tuple(keys for keys in step.inputs() if step.takes(keys))
        return super().at_step(place, step)

    def press(self) -> Press:
        """Take the next key; if none was told, leave when the question has been heard."""
        if not self._presses_left:
            self.asks = Asks(PRESS, "", self._inputs, self._label)
            return Press(hangs_up=True)
        self._presses_left -= 1
        return super().press()

    def answer(self, service: Service, name: str) -> Answer:
        self._turned[service, name] += 1
        if self._turned[service, name] > len(self._told.answers.get((service, name), ())):
            self._ask(str(service), name, tuple(map(str, OUTCOMES[service])))
        return super().answer(service, name)

    def is_staffed(self, queue: str) -> bool:
        if queue not in self._told.staffed and (Service.QUEUE, queue) not in self._told.answers:
            self._ask(STAFFED, queue, ("yes", "no"))
        return super().is_staffed(queue)

    def holds(self, condition: str) -> bool | None:
        """Ask before the condition is worked out: its engine takes a question for a fault."""
        if expressions.asks(condition, "is_staffed"):
            for queue in expressions.uses(condition).get("queue", ()):
                self.is_staffed(queue)
        return super().holds(condition)

    def _ask(self, what: str, name: str, options: tuple[str, ...]) -> NoReturn:
        self.asks = Asks(what, name, options, self._label)
        raise CallerHungUp
