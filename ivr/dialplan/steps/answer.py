"""``answer``: answer the call now, before anything is heard.

Every step that is heard answers by itself; this one is for lines where the answer must come first,
for instance before a look-up that takes a moment.

Exits: ``next``.

    pick_up:
      kind: answer
      next: who_calls
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan import native
from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, NativeContext, Operations
from ivr.dialplan.step import Step, Target
from ivr.ids import Label


class Answer(Step):
    """Answer now."""

    kind: Literal["answer"] = "answer"
    next: Target

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next}

    def native(self, at: NativeContext) -> Operations:
        return (native.Answer(), Go(at.to(self.next)))

    async def run(self, call: StepContext) -> Label:
        await call.answer()
        return self.next
