"""``hangup``: end the call in order, after an optional last prompt.

Exits: none.

    good_bye:
      kind: hangup
      prompt: goodbye
"""

from collections.abc import Mapping
from typing import Literal

from ivr.dialplan.step import END, PromptName, Step, StepContext
from ivr.ids import Label


class Hangup(Step):
    """The end."""

    kind: Literal["hangup"] = "hangup"
    prompt: PromptName | None = None

    def exits(self) -> Mapping[str, Label]:
        return {}

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,) if self.prompt else ()

    async def run(self, call: StepContext) -> Label:
        if self.prompt:
            await call.play(self.prompt)
        await call.hang_up()
        return END
