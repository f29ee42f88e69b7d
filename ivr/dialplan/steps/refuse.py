"""``refuse``: do not take the call at all, for a reason.

A line whose first step is ``refuse`` takes no voice calls: Asterisk itself refuses them before they
are answered, at no cost to the caller, whether or not the service runs. ``cause`` is ``rejected``
(SIP 403), ``busy`` (486), ``congestion`` (503) or ``unallocated`` (404).

Exits: none.

    no_voice:
      kind: refuse
      cause: rejected
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import End, NativeContext, Operations
from ivr.dialplan.step import END, Step
from ivr.ids import Label

# Q.850 causes, and what Asterisk 22 makes of them in SIP (res_pjsip_session, hangup_cause2sip)
CAUSES = MappingProxyType({"rejected": 21, "busy": 17, "congestion": 34, "unallocated": 1})


class Refuse(Step):
    """No voice call here."""

    kind: Literal["refuse"] = "refuse"
    cause: Literal["rejected", "busy", "congestion", "unallocated"] = "rejected"

    @property
    def q850(self) -> int:
        return CAUSES[self.cause]

    def exits(self) -> Mapping[str, Label]:
        return {}

    def native(self, at: NativeContext) -> Operations:
        return (End(self.q850),)

    async def run(self, call: StepContext) -> Label:
        await call.refuse(self.q850)
        return END
