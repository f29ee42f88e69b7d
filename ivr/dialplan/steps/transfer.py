"""``transfer``: hand the call over to another line of the house, for good.

The call goes on as if the caller had called that line: with its steps, its prompts, its
``on_error`` and its language, unless the caller chose one that the line speaks, too. Calls made
for the caller still show the number that was called. Variables stay.

Exits: none.

    to_council:
      kind: transfer
      line: council
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, HandOver, NativeContext, Operations
from ivr.dialplan.step import ENTER, Step
from ivr.ids import Label


class Transfer(Step):
    """Another line takes the call."""

    kind: Literal["transfer"] = "transfer"
    line: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]

    def exits(self) -> Mapping[str, Label]:
        return {}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"line": (self.line,)}

    def native(self, at: NativeContext) -> Operations:
        return (HandOver(self.line, at.languages[self.line]), Go(at.to(ENTER)))

    async def run(self, call: StepContext) -> Label:
        call.hand_over(self.line)
        return ENTER
