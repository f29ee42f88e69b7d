"""Compiles a linked dialplan to what Asterisk can do alone; every way of it ends at a person.

What a step cannot do natively its ``native`` says; what only the whole plan shows is done here:
labels without dots, conditions decided by what can be in their variables, nobody hung up on who
was not served, and the fail-safe's own way to a person as the last step.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import ConfigDict

from ivr.dialplan.context import StepContext
from ivr.dialplan.decisions import Domains, Undecidable, decide
from ivr.dialplan.native import (
    OFFERED,
    PERSON,
    Decide,
    Dial,
    End,
    Go,
    If,
    Mark,
    Memory,
    NativeContext,
    Note,
    Operation,
    Operations,
    Queue,
    Say,
    Spot,
    TakeMessage,
    if_not_served,
    spots_of,
)
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.site import Site
from ivr.dialplan.step import END, Step
from ivr.dialplan.steps.refuse import Refuse
from ivr.errors import StepFailed
from ivr.ids import Label, LineName

FINISHED = Label("(over)")  # where an exit to ``end`` leads: whoever was not served goes on
MOST_STEPS = 1000  # of a plan that Asterisk gets; ours have 40
_ENDS = {FINISHED: (if_not_served(), End(allowed="a message could be left"))}


class NotCompilable(ValueError):
    """A plan that Asterisk cannot be given; the line's fail-safe is all that it gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NativePlan:
    """A line's plan as Asterisk does it; steps stand in the order in which they are reached."""

    line: LineName
    numbers: tuple[str, ...]
    language: str
    start: Label
    steps: Mapping[Label, Operations]
    written: Mapping[Label, Step] = field(repr=False)  # the step that each was made of
    texts: Mapping[str, tuple[str, ...]]  # of variables that are asked for, the first one first
    counters: Mapping[str, int]
    languages: Mapping[str, tuple[str, ...]]

    def operations(self) -> Iterator[Operation]:
        for operations in self.steps.values():
            yield from operations

    def facts(self, kind: str) -> tuple[str, ...]:
        """Return the names of all facts of that kind that the plan asks for."""
        asked = (one.fact for one in self.operations() if isinstance(one, If))
        return tuple(dict.fromkeys(name for found, name in asked if found == kind))

    def queues(self) -> tuple[str, ...]:
        """Return the queues that ring, or that are looked at."""
        ring = [one.queue for one in self.operations() if isinstance(one, Queue)]
        return tuple(dict.fromkeys([*ring, *self.facts("staffed")]))

    def as_dialplan(self) -> Dialplan:
        """Return it as a plan whose steps do what Asterisk would do, to prove and to try it."""
        steps: dict[Label, Step] = {
            label: CompiledStep(operations=tuple(operations), written=self.written.get(label))
            for label, operations in self.steps.items()
        }
        return Dialplan(
            line=self.line,
            numbers=self.numbers,
            language=self.language,
            start=self.start,
            on_error=PERSON,
            steps=steps,
            counters=self.counters,
            languages=self.languages,
        )


class CompiledStep(Step):
    """A step that does the native operations of the step that was *written*."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    kind: Literal["compiled"] = "compiled"
    operations: Any
    written: Any = None

    def exits(self) -> Mapping[str, Label]:
        return {}

    def inputs(self) -> tuple[str, ...]:
        return self.written.inputs() if self.written else ()

    def takes(self, pressed: str) -> bool:
        return bool(self.written and self.written.takes(pressed))

    def writes(self) -> tuple[str, ...]:
        noted = (one.variable for one in self.operations if isinstance(one, Note))
        offers = any(isinstance(one, TakeMessage) for one in self.operations)
        return (*noted, *([OFFERED] if offers else ()))

    async def run(self, call: StepContext) -> Label:
        """Do one operation after the other; a mark of this step goes on there."""
        marks = {one.spot: at for at, one in enumerate(self.operations) if isinstance(one, Mark)}
        memory, at = Memory(), 0
        while at < len(self.operations):
            spot: Spot | None = await self.operations[at].do(call, memory)
            if spot is not None and spot not in marks:
                return spot
            at = at + 1 if spot is None else marks[spot]
        raise StepFailed("native operations lead nowhere")


def compile_plan(plan: Dialplan, site: Site) -> NativePlan:
    """Return what Asterisk does with callers of *plan*.

    Raises:
        NotCompilable: nothing of it would be left, or too much.
    """
    if isinstance(plan.steps[plan.start], Refuse):
        raise NotCompilable(f"line {plan.line}: calls are refused before any of it")
    steps = {**_reached(plan), **_ENDS, PERSON: person_step(site)}
    if len(steps) > MOST_STEPS:
        raise NotCompilable(f"line {plan.line}: more than {MOST_STEPS} steps")
    domains = _domains(steps, plan, site)
    languages = tuple(dict.fromkeys([plan.language, *_spoken(plan)]))
    start = _safe(plan.start)
    every = {label: _decided(one, domains, languages) for label, one in steps.items()}
    decided = {label: every[label] for label in [*_led_to(every, start), PERSON]}
    if decided[start] == (Go(PERSON),):
        raise NotCompilable(f"line {plan.line}: its first step already needs our service")
    asked = {
        one.fact[1]: tuple(domains.get(one.fact[1]) or ("",))
        for operations in decided.values()
        for one in operations
        if isinstance(one, If) and one.fact[0] == "variable"
    }
    return NativePlan(
        line=plan.line,
        numbers=plan.numbers,
        language=plan.language,
        start=start,
        steps=decided,
        written={_safe(label): step for label, step in plan.steps.items()},
        texts=asked,
        counters=plan.counters,
        languages=plan.languages,
    )


def person_step(site: Site) -> Operations:
    """Return the fail-safe's way to a person, as ``extensions.conf`` has it in ``[failsafe]``."""
    number, message, thanks = (Label(f"({word})") for word in ("number", "message", "thanks"))
    rules = site.failsafe
    ring = Queue(queue=rules.queue, wait=rules.wait, no_answer=number, empty=number, full=number)
    dial = Dial(
        number=rules.number,
        ring_for=30.0,
        busy=message,
        no_answer=message,
        rejected=message,
        unreachable=message,
    )
    take = TakeMessage(box=rules.box, longest=180.0, accepted=thanks, empty=thanks)
    return (
        *(Say((rules.prompt,)), ring),
        *(Mark(number), dial),
        *(Mark(message), Say(("leave_message",)), take),
        *(Mark(thanks), Say(("message_thanks",)), End(allowed="everybody was asked for")),
    )


def _safe(label: Label) -> Label:
    """Return a label that says nothing about sub-dialplans: all exits are whole labels now."""
    return Label(label.replace(".", "/"))


def label_written(label: Label) -> Label:
    """Return the label of the dialplan that stands behind one of a native plan."""
    return Label(label.replace("/", "."))


def _reached(plan: Dialplan) -> dict[Label, Operations]:
    """Return the native form of every step that a caller natively comes to."""
    steps: dict[Label, Operations] = {}
    ahead = [plan.start]
    while ahead:
        label = ahead.pop(0)
        if _safe(label) in steps or len(steps) > MOST_STEPS:
            continue
        led_to: list[Label] = []
        steps[_safe(label)] = tuple(plan.steps[label].native(_context(plan, label, led_to)))
        ahead.extend(led_to)
    return steps


def _context(plan: Dialplan, label: Label, led_to: list[Label]) -> NativeContext:
    def spot(target: Label) -> Spot:
        if target == END:
            return FINISHED
        led_to.append(target)
        return _safe(target)

    on_error = plan.on_error_at(label)
    return NativeContext(
        to=lambda exit_label: spot(plan.target(label, exit_label)),
        failed=lambda: PERSON if label == on_error else spot(on_error),
        counters=plan.counters,
        languages=plan.languages,
    )


def _led_to(steps: Mapping[Label, Operations], start: Label) -> list[Label]:
    """Return what callers come to, but the way to a person, in that order."""
    found = [start]
    for label in found:  # grows meanwhile
        spots = (spot for one in steps[label] for spot in spots_of(one))
        found += dict.fromkeys(one for one in spots if one in steps and one not in found)
    return [label for label in found if label != PERSON]


def _domains(steps: Mapping[Label, Operations], plan: Dialplan, site: Site) -> Domains:
    """Return for each variable every text that it can have, the one it has at first first."""
    found: dict[str, tuple[str, ...] | None] = {
        name: tuple(str(number) for number in range(most + 1))
        for name, most in plan.counters.items()
    }
    found |= {name: (text,) for name, text in site.values.items()}
    found[OFFERED] = ("", "1")
    for one in (one for operations in steps.values() for one in operations):
        if isinstance(one, Note):
            known = found.get(one.variable, ("",))
            unknown = known is None or one.text is None
            found[one.variable] = None if unknown else _with(known or (), one.text or "")
    return found


def _with(known: tuple[str, ...], text: str) -> tuple[str, ...]:
    return known if text in known else (*known, text)


def _spoken(plan: Dialplan) -> Iterator[str]:
    for languages in plan.languages.values():
        yield from languages


def _decided(operations: Operations, domains: Domains, languages: tuple[str, ...]) -> Operations:
    """Return *operations* with every condition in questions; the first that is not ends them."""
    done: list[Operation] = []
    for number, one in enumerate(operations):
        if not isinstance(one, Decide):
            done.append(one)
            continue
        try:
            done.extend(decide(one, domains, languages, f"if {number}"))
        except Undecidable:
            return (*done, Go(PERSON))
    return tuple(done)
