"""``say``: say several things one after the other: prompts, and values of the call.

A prompt is written by its name. A value is written as ``{say: '{name}', as: digits}``: *name* is a
variable of the call, said in the caller's language, digit by digit (``as: digits``) or as a place
in a row (``as: place``). A value that is empty or has no digit in it is left out.

Exits: ``next``.

    tell_reference:
      kind: say
      speech: [ticket_opened, {say: '{ticket}', as: digits}]
      next: thank
"""

from collections.abc import Mapping
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ivr.dialplan import native
from ivr.dialplan.context import Speech, Spoken, StepContext
from ivr.dialplan.native import PERSON, Go, NativeContext, Operations
from ivr.dialplan.step import SpeechText, Step, Target
from ivr.dialplan.template import check_text, names_in, render, values_of
from ivr.ids import Label


class Say(Step):
    """Prompts and values, said one after the other."""

    kind: Literal["say"] = "say"
    speech: Annotated[tuple[SpeechText, ...], Field(min_length=1, max_length=20)]
    next: Target

    @model_validator(mode="after")
    def _values_are_texts(self) -> Self:
        for part in self.speech:
            if isinstance(part, Spoken):
                check_text(part.value)
        return self

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next}

    def prompts(self) -> tuple[str, ...]:
        return tuple(part for part in self.speech if isinstance(part, str))

    def reads(self) -> tuple[str, ...]:
        values = (part.value for part in self.speech if isinstance(part, Spoken))
        return tuple(name for value in values for name in names_in(value))

    def native(self, at: NativeContext) -> Operations:
        """Values are not spoken natively: a person says them."""
        if len(self.prompts()) < len(self.speech):
            return (Go(PERSON),)
        return (native.Say(self.prompts()), Go(at.to(self.next)))

    async def run(self, call: StepContext) -> Label:
        known = values_of(call)
        said = [_filled(part, known) for part in self.speech]
        await call.play(*(part for part in said if part is not None))
        return self.next


def _filled(part: Speech, known: Mapping[str, str]) -> Speech | None:
    if isinstance(part, str):
        return part
    digits = "".join(c for c in render(part.value, known) if c in "0123456789")
    return part.model_copy(update={"value": digits}) if digits else None
