"""``collect_digits``: ask for a number of several digits and keep it in a variable.

The input ends with the key ``finish``, after ``longest`` digits, or ``between`` seconds after the
last key. Fewer than ``shortest`` digits are told so (``no_match_prompt``) and asked for again, as
is silence; after ``tries`` questions the caller goes to ``no_input`` (nothing pressed the last
time) or ``no_match``. With ``secret: true`` the digits are masked in the trace and kept nowhere
but in the running call; the variable's name must then begin with ``secret_``.

Exits: ``next``, ``no_input``, ``no_match``.

    ask_account:
      kind: collect_digits
      prompt: ask_account_number
      variable: account
      shortest: 5
      longest: 9
      next: look_up
      no_input: person
      no_match: person
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import (
    Ask,
    Count,
    Go,
    Mark,
    NativeContext,
    Note,
    OnKeys,
    OnNumber,
    Operations,
)
from ivr.dialplan.step import PromptName, Step, Target
from ivr.dialplan.template import SECRET_PREFIX, VariableName
from ivr.ids import Label

_ASK, _HEARD, _SILENT, _ENOUGH = (
    Label(f"({word})") for word in ("ask", "heard", "silent", "enough")
)


class CollectDigits(Step):
    """A number the caller types."""

    kind: Literal["collect_digits"] = "collect_digits"
    prompt: PromptName
    variable: VariableName
    shortest: Annotated[int, Field(ge=1, le=40)] = 1
    longest: Annotated[int, Field(ge=1, le=40)]
    finish: Literal["#", "*", ""] = "#"
    wait: Annotated[float, Field(ge=1, le=30)] = 7.0
    between: Annotated[float, Field(ge=1, le=15)] = 4.0
    tries: Annotated[int, Field(ge=1, le=5)] = 3
    barge_in: bool = True
    secret: bool = False
    no_match_prompt: PromptName = "no_match"
    next: Target
    no_input: Target
    no_match: Target

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.shortest > self.longest:
            raise ValueError(f"shortest ({self.shortest}) is more than longest ({self.longest})")
        if self.secret != self.variable.startswith(SECRET_PREFIX):
            raise ValueError(f"'secret: true' goes with a variable named {SECRET_PREFIX}…, only")
        return self

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next, "no_input": self.no_input, "no_match": self.no_match}

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, self.no_match_prompt)

    def inputs(self) -> tuple[str, ...]:
        """A number that is long enough, and one that is not taken."""
        return ("1" * self.shortest, "*" if self.finish != "*" else "")

    def takes(self, pressed: str) -> bool:
        return pressed.isdecimal() and len(pressed) >= self.shortest

    def writes(self) -> tuple[str, ...]:
        return (self.variable,)

    def native(self, at: NativeContext) -> Operations:
        ask = Ask(
            prompts=(self.prompt,),
            wait=self.wait,
            digits=self.longest,
            between=self.between,
            finish=self.finish,
            barge_in=self.barge_in,
        )
        return (
            *(Mark(_ASK), ask, Mark(_HEARD), OnNumber(self.shortest, _ENOUGH)),
            OnKeys("", _SILENT),
            Count("asked", self.tries, at.to(self.no_match)),
            replace(ask, prompts=(self.no_match_prompt, self.prompt)),
            Go(_HEARD),
            *(Mark(_SILENT), Count("asked", self.tries, at.to(self.no_input)), Go(_ASK)),
            *(Mark(_ENOUGH), Note(self.variable, None), Go(at.to(self.next))),
        )

    async def run(self, call: StepContext) -> Label:
        speech: tuple[str, ...] = (self.prompt,)
        digits = ""
        for _ in range(self.tries):
            digits = await self._ask(call, speech)
            if self.shortest <= len(digits) and digits.isdecimal():
                call.variables[self.variable] = digits
                return self.next
            speech = (self.no_match_prompt, self.prompt) if digits else (self.prompt,)
        return self.no_match if digits else self.no_input

    async def _ask(self, call: StepContext, speech: tuple[str, ...]) -> str:
        return await call.ask(
            *speech,
            digits=self.longest,
            wait=self.wait,
            between=self.between,
            finish=self.finish,
            barge_in=self.barge_in,
            secret=self.secret,
        )
