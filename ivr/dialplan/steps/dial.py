"""``dial``: call a number outside and join it to the caller.

``number`` is the name of a number in ``site.yaml`` or a number in E.164 (``+9725…``). It rings
``ring_for`` seconds at most. With ``confirm``, the person called hears that prompt and takes the
call by pressing 1, so that a mobile's own voicemail never swallows a caller. ``record: false``
keeps the talk from being recorded. When the talk is over the call ends; the exits are for callers
nobody talked to.

Exits: ``busy``, ``no_answer``, ``rejected``, ``unreachable`` (also: no line out).

    on_call:
      kind: dial
      number: on_call
      ring_for: 30
      confirm: on_call_accept
      busy: message
      no_answer: message
      rejected: message
      unreachable: message
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan import native
from ivr.dialplan.context import StepContext
from ivr.dialplan.native import NativeContext, Operations
from ivr.dialplan.outcomes import DialOutcome
from ivr.dialplan.step import END, PromptName, Step, Target
from ivr.ids import Label


class Dial(Step):
    """Call outside."""

    kind: Literal["dial"] = "dial"
    number: Annotated[str, Field(pattern=r"^([a-z][a-z0-9_]{0,63}|\+[1-9][0-9]{6,14})$")]
    ring_for: Annotated[float, Field(ge=5, le=120)] = 30.0
    confirm: PromptName | None = None
    record: bool = True
    busy: Target
    no_answer: Target
    rejected: Target
    unreachable: Target

    def exits(self) -> Mapping[str, Label]:
        return {
            "busy": self.busy,
            "no_answer": self.no_answer,
            "rejected": self.rejected,
            "unreachable": self.unreachable,
        }

    def prompts(self) -> tuple[str, ...]:
        return (self.confirm,) if self.confirm else ()

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {} if self.number.startswith("+") else {"number": (self.number,)}

    def native(self, at: NativeContext) -> Operations:
        call = native.Dial(
            number=self.number,
            ring_for=self.ring_for,
            confirm=self.confirm,
            busy=at.to(self.busy),
            no_answer=at.to(self.no_answer),
            rejected=at.to(self.rejected),
            unreachable=at.to(self.unreachable),
        )
        return (call,)

    async def run(self, call: StepContext) -> Label:
        outcome = await call.dial(
            self.number, ring_for=self.ring_for, confirm=self.confirm, record=self.record
        )
        return END if outcome is DialOutcome.TALKED else self.exits()[outcome.value]
