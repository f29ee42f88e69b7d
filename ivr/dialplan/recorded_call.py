"""A real call as its trace tells it, and what the trace says of its caller and its world."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from ivr.dialplan.outcomes import DayKind, Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import FAILS, HANGS_UP, OUTCOMES, Answer, Service
from ivr.dialplan.simulation import End
from ivr.dialplan.step import END, Step
from ivr.dialplan.steps.branch import Branch
from ivr.dialplan.steps.calendar import Calendar
from ivr.dialplan.steps.dial import Dial
from ivr.dialplan.steps.hours import Hours
from ivr.dialplan.trace import MASKED
from ivr.ids import CallId, Label, LineName

_REACHED: Mapping[str, Reached] = {
    "talked": Reached.PERSON,
    "paid": Reached.PAID,
    "ticket": Reached.TICKET,
    "voicemail": Reached.MESSAGE,
    "callback": Reached.CALLBACK,
    "refused": Reached.REFUSED,
    "abandoned": Reached.LOST,
}
_USED: Mapping[str, Service] = {
    "department": Service.TICKET,
    **{str(service): service for service in Service},
}
_BRINGS = {
    "promised": Reached.CALLBACK,
    "opened": Reached.TICKET,
    "accepted": Reached.MESSAGE,
    "paid": Reached.PAID,
}
_LEAVES_A_MESSAGE = "voicemail"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedStep:
    """One step of a trace; *pressed* has one text a question."""

    label: Label
    kind: str
    at: datetime  # as schedules saw it
    pressed: tuple[str, ...] = ()
    went_to: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedCall:
    """One call that is over; *waits* says how each wait in a queue ended, in order."""

    call_id: CallId
    line: LineName
    version: int
    at: datetime
    caller_number: str
    called_number: str
    language: str
    outcome: str
    steps: tuple[RecordedStep, ...]
    ended_at: datetime
    waits: tuple[str, ...] = ()

    @property
    def seconds(self) -> float:
        return (self.ended_at - self.at).total_seconds()


@dataclass(frozen=True, slots=True, kw_only=True)
class Remembered:
    """What one visit of a step says of the caller and the world."""

    at: datetime
    turned_to: tuple[Service, str] | None = None
    answer: Answer | None = None
    pressed: tuple[str, ...] = ()
    hung_up: bool = False
    open: Mapping[str, bool] = field(default_factory=dict)  # hours
    true: Mapping[str, bool] = field(default_factory=dict)  # conditions
    day: DayKind | None = None


def can_be_replayed(call: RecordedCall, plan: Dialplan) -> bool:
    """Say whether the trace tells all: it is whole, and the call did not end by a fault of ours."""
    whole = all(step.went_to or step.error for step in call.steps)
    known = all(step.label in plan.steps for step in call.steps)
    faults = {step.error for step in call.steps} - {"", "CallerHungUp", "StepFailed"}
    return bool(call.steps) and whole and known and not faults and call.outcome in _REACHED


def end_of(call: RecordedCall, plan: Dialplan) -> End:
    """Return where the caller ended; *plan* is the version that the call ran on."""
    reached = _REACHED[call.outcome]
    wanted = {
        Reached.PERSON: (Service.QUEUE, Service.NUMBER),
        Reached.MESSAGE: (Service.BOX,),
        Reached.TICKET: (Service.TICKET,),
    }.get(reached, ())
    for step in reversed(call.steps):
        turned_to = _turned_to(plan.steps[step.label])
        if turned_to and turned_to[0] in wanted and _came_to_it(step, plan):
            return End(reached, turned_to[1])
    return End(reached)


def remember(call: RecordedCall, plan: Dialplan) -> Iterator[Remembered]:
    """Yield what each step of *call* says; *plan* is the version that it ran on."""
    waits = iter(call.waits)
    for place, written in enumerate(call.steps):
        step = plan.steps[written.label]
        last = place == len(call.steps) - 1
        after = call.ended_at if last else call.steps[place + 1].at
        seconds = max(0.0, (after - written.at).total_seconds())
        turned_to = _turned_to(step)
        likely = [name for name in _exits(written, plan) if _agrees(name, call)]
        why = next(waits, "") if written.kind == "queue" else ""
        exit_ = why if why in likely else next(iter(likely), "")
        yield Remembered(
            at=written.at,
            turned_to=turned_to,
            answer=_answer(call, written, exit_, seconds if not last else None),
            pressed=_pressed(written, step),
            hung_up=written.error == "CallerHungUp",
            open={step.hours: exit_ == "open"} if isinstance(step, Hours) and exit_ else {},
            true=_truths(step, exit_) if isinstance(step, Branch) and exit_ else {},
            day=DayKind(exit_) if isinstance(step, Calendar) and exit_ else None,
        )


def _turned_to(step: Step) -> tuple[Service, str] | None:
    if isinstance(step, Dial):
        return Service.NUMBER, step.number
    for what, names in step.uses().items():
        if what in _USED and step.exits().keys() & {*OUTCOMES[_USED[what]]}:
            return _USED[what], names[0]
    return None  # a condition may name a queue, too, but does not turn to it


def _came_to_it(step: RecordedStep, plan: Dialplan) -> bool:
    """Say whether a step was where a talk, a message or a ticket came about."""
    if step.error == "CallerHungUp" or step.went_to == END:
        return True
    return not _BRINGS.keys().isdisjoint(_exits(step, plan))


def _exits(step: RecordedStep, plan: Dialplan) -> list[str]:
    """Return the names of the exits that lead where the call went on."""
    exits = plan.steps[step.label].exits()
    return [
        name
        for name, label in exits.items()
        if step.went_to and plan.target(step.label, label) == step.went_to
    ]


def _agrees(exit_: str, call: RecordedCall) -> bool:
    """Say whether *exit_* can have been taken: what it brings is no better than the call's end."""
    return exit_ not in _BRINGS or _REACHED[call.outcome].at_least(_BRINGS[exit_])


def _answer(
    call: RecordedCall, written: RecordedStep, exit_: str, seconds: float | None
) -> Answer | None:
    """Return what the step was answered, after *seconds*; of a talk it is not known how long."""
    if written.error == "StepFailed":
        return Answer(FAILS)
    if written.kind in ("queue", "dial") and seconds is None and call.outcome == "talked":
        return Answer("talked", 0.0)
    if written.error:
        return Answer(HANGS_UP) if call.outcome == _LEAVES_A_MESSAGE else None
    return Answer(exit_, seconds) if exit_ else None


def _pressed(written: RecordedStep, step: Step) -> tuple[str, ...]:
    """Return the keys; in place of secret ones, such as the step takes or does not take."""
    keys = list(written.pressed)
    for place, one in enumerate(keys):
        if one == MASKED and step.inputs():
            taken = place == len(keys) - 1 and written.went_to.endswith(
                step.exits().get("next", "?")
            )
            keys[place] = step.inputs()[0 if taken else -1]
    return tuple(keys)


def _truths(step: Branch, exit_: str) -> dict[str, bool]:
    """Return the conditions that were looked at: the last one was true unless all were false."""
    found: dict[str, bool] = {}
    for place, case in enumerate(step.when, 1):
        found[case.condition] = exit_ == f"if {place}"
        if found[case.condition]:
            break
    return found
