"""``menu``: play a prompt, take one key, go where it points.

A caller who presses nothing for ``wait`` seconds after the prompt goes to ``no_input`` at once, so
that whoever cannot hear or press reaches a person soon; with ``silent_tries: 2`` the menu is said
once more before. A wrong key is told so (``no_match_prompt``) and the menu is said again; after
``tries`` wrong keys the caller goes to ``no_match``. ``repeat_key`` says the menu again and costs
no try; whoever asks for it more than ``repeats`` times goes to ``no_input``. ``person_key`` goes to
``person`` and ``slow_key`` says this menu, and whatever is said from then on, slower (the slower
recordings come with a later release; until then the menu is said again as it is). Keys pressed
while the prompt plays count (``barge_in``), and keys pressed before it (``type_ahead``).
``variable`` keeps the key for later steps and for the agent. At most five choices are told; the
keys for repeating, for slower and for a person (also ``'0'`` among the digits) are not counted.

Exits: one for each key in ``digits``, ``person``, ``no_input``, ``no_match``.

    welcome:
      kind: menu
      prompt: billing_menu
      digits: {'1': pay, '2': pay_person, '3': ask_person, '4': department}
      person_key: '0'
      person: person
      repeat_key: '9'
      slow_key: '8'
      no_input: department
      no_match: person
      tries: 3
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Ask, Count, Go, Mark, NativeContext, Note, OnKeys, Operations
from ivr.dialplan.step import Digit, PromptName, Step, Target
from ivr.dialplan.template import VariableName
from ivr.ids import Label

_ASK, _HEARD, _SILENT, _REPEAT = (
    Label(f"({word})") for word in ("ask", "heard", "silent", "again")
)


class Menu(Step):
    """One key decides where the call goes."""

    kind: Literal["menu"] = "menu"
    prompt: PromptName
    digits: Annotated[dict[Digit, Target], Field(min_length=1)]
    person_key: Digit | None = None
    person: Target | None = None
    repeat_key: Digit | None = None
    slow_key: Digit | None = None
    repeats: Annotated[int, Field(ge=1, le=10)] = 3
    no_input: Target
    no_match: Target
    no_match_prompt: PromptName = "no_match"
    tries: Annotated[int, Field(ge=1, le=5)] = 3
    silent_tries: Annotated[int, Field(ge=1, le=3)] = 1
    wait: Annotated[float, Field(ge=1, le=30)] = 5.0
    barge_in: bool = True
    type_ahead: bool = True
    variable: VariableName | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if (self.person_key is None) != (self.person is None):
            raise ValueError("'person_key' (the key) and 'person' (where it goes) belong together")
        taken = dict.fromkeys(self.digits, "one of the digits")
        for name in ("person_key", "repeat_key", "slow_key"):
            key = getattr(self, name)
            if key in taken:
                raise ValueError(f"{name} {key!r} is also {taken[key]}")
            if key is not None:
                taken[key] = name
        return self

    @property
    def targets(self) -> Mapping[str, Label]:
        """Every key that leads to another step."""
        person = {self.person_key: self.person} if self.person_key and self.person else {}
        return {**self.digits, **person}

    def exits(self) -> Mapping[str, Label]:
        keys = {f"digit {digit}": label for digit, label in self.digits.items()}
        person = {"person": self.person} if self.person else {}
        return {**keys, **person, "no_input": self.no_input, "no_match": self.no_match}

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, self.no_match_prompt)

    def inputs(self) -> tuple[str, ...]:
        taken = [*self.targets, *(key for key in (self.repeat_key, self.slow_key) if key)]
        wrong = next((key for key in "5*#123467890" if key not in taken), None)
        return (*taken, *([wrong] if wrong else []))

    def takes(self, pressed: str) -> bool:
        return pressed in self.targets

    def choices(self) -> int:
        return len(self.digits.keys() - {"0"})

    def writes(self) -> tuple[str, ...]:
        return (self.variable,) if self.variable else ()

    def native(self, at: NativeContext) -> Operations:
        ask = Ask(prompts=(self.prompt,), wait=self.wait, barge_in=self.barge_in)
        no_match = at.to(self.no_match)
        no_input = at.to(self.no_input)
        other = [key for key in (self.repeat_key, self.slow_key) if key]
        return (
            Mark(_ASK),
            ask,
            Mark(_HEARD),
            *(OnKeys(key, _chose(key)) for key in self.targets),
            OnKeys("", _SILENT),
            *(OnKeys(key, _REPEAT) for key in other),
            Count("wrong", self.tries, no_match),
            replace(ask, prompts=(self.no_match_prompt, self.prompt)),
            Go(_HEARD),
            *(Mark(_SILENT), Count("silent", self.silent_tries, no_input), Go(_ASK)),
            *(Mark(_REPEAT), Count("repeated", self.repeats + 1, no_input), Go(_ASK)),
            *(one for key in self.targets for one in self._natively_chosen(at, key)),
        )

    def _natively_chosen(self, at: NativeContext, key: str) -> Operations:
        note = (Note(self.variable, key),) if self.variable else ()
        return (Mark(_chose(key)), *note, Go(at.to(self.targets[key])))

    async def run(self, call: StepContext) -> Label:
        wrong = silent = repeated = 0
        speech: tuple[str, ...] = (self.prompt,)
        while True:
            digit = await self._ask(call, speech)
            if digit in self.targets:
                return self._chosen(call, digit)
            speech = (self.prompt,)
            if digit == "":
                silent += 1
            elif digit in (self.repeat_key, self.slow_key):
                repeated += 1
            else:
                wrong += 1
                speech = (self.no_match_prompt, self.prompt)
            if silent == self.silent_tries or repeated > self.repeats:
                return self.no_input
            if wrong == self.tries:
                return self.no_match

    async def _ask(self, call: StepContext, speech: tuple[str, ...]) -> str:
        if not self.type_ahead:
            call.forget_keys()
        digit = await call.ask(*speech, wait=self.wait, barge_in=self.barge_in)
        if digit and digit == self.slow_key:
            call.slow_down()
        return digit

    def _chosen(self, call: StepContext, digit: str) -> Label:
        if self.variable:
            call.variables[self.variable] = digit
        return self.targets[digit]


def _chose(key: str) -> Label:
    return Label(f"(chose {key})")
