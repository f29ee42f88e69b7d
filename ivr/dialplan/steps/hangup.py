"""``hangup``: end the call in order, after an optional last prompt.

A caller who reached nobody before counts as lost, unless ``allowed`` says why this line may end
here: ``allowed: 'opening hours only; 0 reaches a person'``.

Exits: none.

    good_bye:
      kind: hangup
      prompt: goodbye
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import End, NativeContext, Operations, Say, if_not_served
from ivr.dialplan.step import END, PromptName, Step
from ivr.ids import Label


class Hangup(Step):
    """The end."""

    kind: Literal["hangup"] = "hangup"
    prompt: PromptName | None = None
    allowed: Annotated[str, Field(max_length=200)] = ""

    def exits(self) -> Mapping[str, Label]:
        return {}

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,) if self.prompt else ()

    def native(self, at: NativeContext) -> Operations:
        """Whom nobody served is not hung up on: a person is next, unless that is allowed."""
        kept = () if self.allowed else (if_not_served(),)
        said = (Say((self.prompt,)),) if self.prompt else ()
        return (*kept, *said, End(allowed=self.allowed or "a message could be left"))

    async def run(self, call: StepContext) -> Label:
        if self.prompt:
            await call.play(self.prompt)
        await call.hang_up(allowed=self.allowed)
        return END
