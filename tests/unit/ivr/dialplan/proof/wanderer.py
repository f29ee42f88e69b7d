"""A caller who goes any way at all, in a house that is as it really would be at that time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from ivr.dialplan import expressions
from ivr.dialplan.interpreter import Ending, run_dialplan
from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    DialOutcome,
    LookupOutcome,
    MessageOutcome,
    PayOutcome,
    QueueOutcome,
    SendOutcome,
    SurveyOutcome,
)
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.proof.prove import Happening
from ivr.dialplan.proof.walk import FAULTS
from tests.results import result_of
from tests.unit.ivr.dialplan.proof.story_call import StoryCall

OUTCOMES = {
    "queue": tuple(QueueOutcome),
    "dial": tuple(DialOutcome),
    "message": tuple(MessageOutcome),
    "ticket": ("opened", "impossible"),
    "condition": ("true", "false"),
    "lookup": tuple(LookupOutcome),
    "pay": tuple(PayOutcome),
    "send": tuple(SendOutcome),
    "survey": tuple(SurveyOutcome),
    "callback": tuple(CallbackOutcome),
    "agi": tuple(AgiOutcome),
    "answer": ("",),
    "hand_over": ("he",),
    "hang_up": ("",),
    "refuse": ("",),
    "heard": ("",),
    "pressed": ("",),
}
WAITED = {"talked", "no_answer", "rejected"}


@dataclass
class Wanderer(StoryCall):
    """Follows its story to the end, if it has one; then chance decides."""

    plan: Dialplan | None = None
    chance: Random = field(default_factory=Random)
    silent: bool = False
    faults: int = 0

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.plan:
            self.counters, self.called_number = self.plan.counters, self.plan.numbers[0]

    def told(
        self, what: str, *, fact: str | None = None, least: float = 0.0, most: float = 0.0
    ) -> Happening:
        if self.ahead:
            told = super().told(what, fact=fact, least=least, most=most)
            self.until = self.clock
            self._note_fault(told.outcome)
            return told
        outcome = str(self.chance.choice(self._possible(what))) if fact is None else fact
        self._note_fault(outcome)
        seconds = max(least, most if outcome in WAITED else 0.0)
        self.clock += seconds
        self.until = self.clock
        key = self._pressed() if what == "pressed" else ""
        return Happening(self.clock, self.label, what, key, outcome, seconds)

    def is_emergency(self) -> bool:
        return super().is_emergency() if self.ahead else self.emergency

    def _possible(self, what: str) -> tuple[str, ...]:
        worse = self.faults < FAULTS
        return tuple(one for one in OUTCOMES[what] if worse or one != "impossible")

    def _note_fault(self, outcome: str) -> None:
        self.faults += outcome == "impossible"

    def _pressed(self) -> str:
        assert self.plan is not None
        return (
            "" if self.silent else self.chance.choice(["", *self.plan.steps[self.label].inputs()])
        )

    def _decides(self, condition: str) -> bool:
        if self.ahead:
            return super()._decides(condition)
        return not any(expressions.asks(condition, o) for o in ("is_staffed", "queue_waiting"))


def wander(plan: Dialplan, call: Wanderer) -> Ending:
    """Return how the engine's run of *plan* with *call* ended."""
    return result_of(run_dialplan(plan, call, call.trace, at_step=call.at_step))


def seeds(many: int) -> Iterator[Random]:
    """Yield sources of chance, the same ones each time."""
    for seed in range(many):
        yield Random(seed)  # noqa: S311 - callers of a test
