"""``agi``: let a script of the site talk to the caller (Asterisk Gateway Interface).

``script`` is the name under which the site keeps it. Where no scripts are set up the caller is
told so (``not_set_up_prompt``) and goes to ``not_set_up``, which leads to a person.

Exits: ``done``, ``failed``, ``not_set_up``.

    meter:
      kind: agi
      script: water_meter
      done: thank
      failed: person
      not_set_up: person
"""

from typing import ClassVar, Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.outcomes import AgiOutcome
from ivr.dialplan.step import ServiceStep, SiteName, Target
from ivr.ids import Label


class Agi(ServiceStep):
    """A script outside."""

    outcomes: ClassVar = AgiOutcome
    kind: Literal["agi"] = "agi"
    script: SiteName
    done: Target
    failed: Target

    async def run(self, call: StepContext) -> Label:
        return await self.exit_of(call, await call.run_agi(self.script))
