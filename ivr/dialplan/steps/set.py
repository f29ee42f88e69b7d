"""``set``: keep values under names, for later steps, for tickets and for the agent's screen.

A value is text; ``{name}`` in it is replaced by what the call knows under that name: ``caller``,
``called``, ``language``, a variable, or a value of the authority as ``{site_…}`` (``site.yaml``,
under ``values``). Names that begin with ``secret_`` cannot be copied.

``count`` adds one to a counter that the plan declares at its top (``counters: {again: 3}``); the
counter is then known to conditions as ``int(vars.again)`` and never grows above what was declared.
Whatever leads back to an earlier step needs one, or a caller could go round for ever.

Exits: ``next``.

    note_topic:
      kind: set
      values: {topic: 'תשלום בטלפון', reached: '{called}'}
      next: transfer
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, NativeContext, Note, Operations, Tally
from ivr.dialplan.step import Step, Target
from ivr.dialplan.template import TemplateText, VariableName, names_in, render, values_of
from ivr.ids import Label


class Set(Step):
    """Values under names."""

    kind: Literal["set"] = "set"
    values: Annotated[dict[VariableName, TemplateText], Field(default_factory=dict, max_length=20)]
    count: VariableName | None = None
    next: Target

    @model_validator(mode="after")
    def _does_something(self) -> Self:
        if not self.values and self.count is None:
            raise ValueError("nothing is set: write 'values' or 'count'")
        if self.count in self.values:
            raise ValueError(f"{self.count!r} is a counter and cannot be set to a text")
        return self

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next}

    def reads(self) -> tuple[str, ...]:
        return tuple(name for text in self.values.values() for name in names_in(text))

    def writes(self) -> tuple[str, ...]:
        return (*self.values, *self.counters())

    def counters(self) -> tuple[str, ...]:
        return (self.count,) if self.count else ()

    def native(self, at: NativeContext) -> Operations:
        notes = [Note(name, None if names_in(text) else text) for name, text in self.values.items()]
        tallies = [Tally(name, at.counters[name]) for name in self.counters()]
        return (*notes, *tallies, Go(at.to(self.next)))

    async def run(self, call: StepContext) -> Label:
        known = values_of(call)
        call.variables.update({name: render(text, known) for name, text in self.values.items()})
        if self.count:
            call.count(self.count)
        return self.next
