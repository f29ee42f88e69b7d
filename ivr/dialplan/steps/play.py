"""``play``: play one prompt to the end, then go on.

Keys pressed meanwhile are kept for the next menu.

Exits: ``next``.

    greeting:
      kind: play
      prompt: welcome_billing
      next: menu
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Go, NativeContext, Operations, Say
from ivr.dialplan.step import PromptName, Step, Target
from ivr.ids import Label


class Play(Step):
    """One prompt, played to the end."""

    kind: Literal["play"] = "play"
    prompt: PromptName
    next: Target

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next}

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,)

    def native(self, at: NativeContext) -> Operations:
        return (Say((self.prompt,)), Go(at.to(self.next)))

    async def run(self, call: StepContext) -> Label:
        await call.play(self.prompt)
        return self.next
