"""``set``: keep values under names, for later steps, for tickets and for the agent's screen.

A value is text; ``{name}`` in it is replaced by what the call knows under that name: ``caller``,
``called``, ``language`` or a variable. Names that begin with ``secret_`` cannot be copied.

Exits: ``next``.

    note_topic:
      kind: set
      values: {topic: 'תשלום בטלפון', reached: '{called}'}
      next: transfer
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan.step import Step, StepContext, Target
from ivr.dialplan.template import TemplateText, VariableName, names_in, render, values_of
from ivr.ids import Label


class Set(Step):
    """Values under names."""

    kind: Literal["set"] = "set"
    values: Annotated[dict[VariableName, TemplateText], Field(min_length=1, max_length=20)]
    next: Target

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next}

    def reads(self) -> tuple[str, ...]:
        return tuple(name for text in self.values.values() for name in names_in(text))

    def writes(self) -> tuple[str, ...]:
        return tuple(self.values)

    async def run(self, call: StepContext) -> Label:
        known = values_of(call)
        call.variables.update({name: render(text, known) for name, text in self.values.items()})
        return self.next
