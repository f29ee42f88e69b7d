"""What a simulated call asks the world and its caller, and the world of a written scenario."""

from collections import Counter
from typing import Protocol

from ivr.dialplan.interpreter import Place
from ivr.dialplan.outcomes import DayKind, QueueOutcome
from ivr.dialplan.scenario import FAILING, TRUE, Answer, Press, Scenario, Service, usual
from ivr.dialplan.step import Step
from ivr.errors import StepFailed


class World(Protocol):
    """Answers whatever a call comes to; asked in the order in which it comes to it."""

    def at_step(self, place: Place, step: Step) -> float | None:
        """Hear where the call stands; return which second of the call it is, if that is known."""

    def hangs_up_after(self) -> float | None:
        """Return after how many seconds the caller leaves, as seen from this step."""

    def press(self) -> Press:
        """Return how the caller answers the question of this step."""

    def answer(self, service: Service, name: str) -> Answer:
        """Return what comes of turning to *service*."""

    def is_staffed(self, queue: str) -> bool: ...

    def queue_waiting(self, queue: str) -> int: ...

    def is_emergency(self) -> bool: ...

    def day_kind(self) -> DayKind | None:
        """Return the kind of day if the world knows better than the calendar."""

    def is_open(self, hours: str) -> bool | None:
        """Say whether *hours* are open if the world knows better than the schedule."""

    def holds(self, condition: str) -> bool | None:
        """Say whether *condition* is true if it need not be worked out."""


class ScriptedWorld:
    """The world of one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._presses = iter(scenario.presses)
        self._asked: Counter[tuple[Service, str]] = Counter()
        self._truths = {condition: list(told) for condition, told in scenario.truths.items()}

    def at_step(self, place: Place, step: Step) -> float | None:
        return None

    def hangs_up_after(self) -> float | None:
        return self._scenario.hangs_up_after

    def press(self) -> Press:
        return next(self._presses, Press())

    def answer(self, service: Service, name: str) -> Answer:
        answers = self._scenario.answers.get((service, name)) or (usual(service),)
        asked = self._asked[service, name]
        self._asked[service, name] += 1
        return answers[min(asked, len(answers) - 1)]

    def is_staffed(self, queue: str) -> bool:
        answers = self._scenario.answers.get((Service.QUEUE, queue)) or (usual(Service.QUEUE),)
        asked = self._asked[Service.QUEUE, queue]
        coming = answers[min(asked, len(answers) - 1)]
        # Staffed and yet left with nobody: the last agent went away while the caller waited.
        there = coming.outcome != QueueOutcome.EMPTY or bool(coming.after)
        return self._scenario.staffed.get(queue, there)

    def queue_waiting(self, queue: str) -> int:
        return self._scenario.waiting.get(queue, 0)

    def is_emergency(self) -> bool:
        return self._scenario.emergency

    def day_kind(self) -> DayKind | None:
        return self._scenario.day

    def is_open(self, hours: str) -> bool | None:
        return None

    def holds(self, condition: str) -> bool | None:
        told = self._truths.get(condition)
        if not told:
            return None
        held = told.pop(0)
        if held == FAILING:
            raise StepFailed("a condition failed")
        return held == TRUE
