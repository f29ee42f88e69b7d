"""``emergency``: go one way while the authority is in emergency mode, another otherwise.

A shift lead or an administrator switches the mode in the console, or ``moked emergency on`` on the
machine; calls that come to this step from then on go the other way at once.

Exits: ``on``, ``off``.

    first:
      kind: emergency
      on: centre
      off: greeting
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, If, NativeContext, Operations
from ivr.dialplan.step import Step, Target
from ivr.ids import Label


class Emergency(Step):
    """Emergency mode or not."""

    kind: Literal["emergency"] = "emergency"
    on: Target
    off: Target

    def exits(self) -> Mapping[str, Label]:
        return {"on": self.on, "off": self.off}

    def native(self, at: NativeContext) -> Operations:
        return (If(("emergency", ""), "on", at.to(self.on)), Go(at.to(self.off)))

    async def run(self, call: StepContext) -> Label:
        return self.on if call.is_emergency() else self.off
