"""``hours``: go one way while the opening hours of that name are open, another while closed.

The hours are those of the site (``site.yaml``, under ``hours``).

Exits: ``open``, ``closed``.

    department:
      kind: hours
      hours: billing_department
      open: department_queue
      closed: tell_closed
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, If, NativeContext, Operations
from ivr.dialplan.step import SiteName, Step, Target
from ivr.ids import Label


class Hours(Step):
    """Open or closed."""

    kind: Literal["hours"] = "hours"
    hours: SiteName
    open: Target
    closed: Target

    def exits(self) -> Mapping[str, Label]:
        return {"open": self.open, "closed": self.closed}

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"hours": (self.hours,)}

    def native(self, at: NativeContext) -> Operations:
        is_open = If(("hours", self.hours), "open", at.to(self.open))
        return (is_open, Go(at.to(self.closed)))

    async def run(self, call: StepContext) -> Label:
        return self.open if call.is_open(self.hours) else self.closed
