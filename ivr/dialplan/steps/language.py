"""``language``: let the caller choose a language, once and for the whole call.

``prompt`` is said once in each language of ``digits``, in their order: "for English, press 2" is a
prompt of the English manifest. A wrong key is passed over like silence; after ``tries`` questions
the caller goes to ``no_input`` and the line's own language stays. The languages must be among the
``languages`` at the head of the plan, and all prompts of the line are needed in each of them.

Exits: ``next``, ``no_input``.

    choose:
      kind: language
      prompt: choose_language
      digits: {'1': he, '2': en}
      wait: 4
      next: welcome
      no_input: welcome
"""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from ivr.dialplan.context import StepContext
from ivr.dialplan.native import Ask, Count, Go, Mark, NativeContext, OnKeys, Operations, Speak
from ivr.dialplan.step import Digit, LanguageCode, PromptName, Step, Target
from ivr.ids import Label

_ASK = Label("(ask)")


class Language(Step):
    """One key decides in which language all is said."""

    kind: Literal["language"] = "language"
    prompt: PromptName = "choose_language"
    digits: Annotated[dict[Digit, LanguageCode], Field(min_length=1)]
    wait: Annotated[float, Field(ge=1, le=30)] = 5.0
    tries: Annotated[int, Field(ge=1, le=5)] = 1
    next: Target
    no_input: Target

    def exits(self) -> Mapping[str, Label]:
        return {"next": self.next, "no_input": self.no_input}

    def prompts(self) -> tuple[str, ...]:
        return (self.prompt,)

    def languages(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.digits.values()))

    def inputs(self) -> tuple[str, ...]:
        wrong = next((key for key in "5*#123467890" if key not in self.digits), None)
        return (*self.digits, *([wrong] if wrong else []))

    def takes(self, pressed: str) -> bool:
        return pressed in self.digits

    def native(self, at: NativeContext) -> Operations:
        speech = tuple(f"{language}/{self.prompt}" for language in self.languages())
        chosen = at.to(self.next)
        return (
            *(Mark(_ASK), Ask(prompts=speech, wait=self.wait)),
            *(OnKeys(key, _spoken(language)) for key, language in self.digits.items()),
            Count("asked", self.tries, at.to(self.no_input)),
            Go(_ASK),
            *(
                one
                for language in self.languages()
                for one in (Mark(_spoken(language)), Speak(language), Go(chosen))
            ),
        )

    async def run(self, call: StepContext) -> Label:
        speech = [f"{language}/{self.prompt}" for language in self.languages()]
        for _ in range(self.tries):
            digit = await call.ask(*speech, wait=self.wait)
            if digit in self.digits:
                call.speak(self.digits[digit])
                return self.next
        return self.no_input


def _spoken(language: str) -> Label:
    return Label(f"(speak {language})")
