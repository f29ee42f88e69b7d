"""``subroutine``: go through a sub-dialplan that several lines share.

The sub-dialplan is a file that begins with ``sub_dialplan: name``. Where it goes to ``return``, the
call comes back to ``next``; where it goes to ``end``, the call is over.

Exits: ``next``.

    to_centre:
      kind: subroutine
      dialplan: centre
      next: end
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, NativeContext, Operations
from ivr.dialplan.step import ENTER, SiteName, Step, Target
from ivr.ids import Label


class Subroutine(Step):
    """A shared piece of dialplan."""

    kind: Literal["subroutine"] = "subroutine"
    dialplan: SiteName
    next: Target

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"dialplan": (self.dialplan,)}

    def native(self, at: NativeContext) -> Operations:
        return (Go(at.to(ENTER)),)

    async def run(self, call: StepContext) -> Label:
        return ENTER
