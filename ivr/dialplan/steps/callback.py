"""``callback``: offer to call back when an agent of a queue is free; the place in line is kept.

Where nobody is called back the caller is told so (``not_set_up_prompt``) and goes to
``not_set_up``, which leads to a person.

Exits: ``promised``, ``declined`` (the caller would rather wait), ``impossible`` (no number to
call), ``not_set_up``.

    offer:
      kind: callback
      queue: billing
      promised: good_bye
      declined: wait
      impossible: wait
      not_set_up: wait
"""

from collections.abc import Mapping
from typing import ClassVar, Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.outcomes import CallbackOutcome
from ivr.dialplan.step import ServiceStep, SiteName, Target
from ivr.ids import Label


class Callback(ServiceStep):
    """Offer to call back."""

    outcomes: ClassVar = CallbackOutcome
    kind: Literal["callback"] = "callback"
    queue: SiteName
    promised: Target
    declined: Target
    impossible: Target

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"queue": (self.queue,)}

    async def run(self, call: StepContext) -> Label:
        return await self.exit_of(call, await call.promise_callback(self.queue))
