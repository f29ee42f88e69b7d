"""``voicemail``: play a prompt, then record a message after a tone.

``box`` is one of the site's boxes; each belongs to a department, which owns the message. The
recording ends with ``#``, when the caller stops speaking, after ``longest`` seconds, or when the
caller hangs up, which leaves the message like any other.

Exits: ``accepted``, ``empty`` (nothing was said), ``impossible`` (it could not be recorded).

    message:
      kind: voicemail
      box: centre
      prompt: leave_message
      longest: 120
      accepted: thank
      empty: tell_empty
      impossible: open_ticket
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import NativeContext, Operations, Say, TakeMessage
from ivr.dialplan.step import PromptName, SiteName, Step, Target
from ivr.ids import Label


class Voicemail(Step):
    """Leave a message."""

    kind: Literal["voicemail"] = "voicemail"
    box: SiteName
    prompt: PromptName = "leave_message"
    longest: Annotated[float, Field(ge=10, le=600)] = 120.0
    accepted: Target
    empty: Target
    impossible: Target

    def exits(self) -> Mapping[str, Label]:
        return {"accepted": self.accepted, "empty": self.empty, "impossible": self.impossible}

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,)

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        return {"box": (self.box,)}

    def native(self, at: NativeContext) -> Operations:
        take = TakeMessage(
            box=self.box,
            longest=self.longest,
            accepted=at.to(self.accepted),
            empty=at.to(self.empty),
        )
        return (Say((self.prompt,)), take)

    async def run(self, call: StepContext) -> Label:
        await call.play(self.prompt)
        outcome = await call.take_message(self.box, longest=self.longest)
        return self.exits()[outcome.value]
