"""What a step is: its fields are its YAML, ``run`` says where the call goes next."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from ivr.dialplan.context import Spoken, StepContext
from ivr.dialplan.native import OVER, PERSON, Go, NativeContext, Operations, Say
from ivr.ids import Label

END = OVER
RETURN = Label("return")  # a sub-dialplan goes back to whoever called it
ENTER = Label("(enter)")  # what a step returns to go into the plan it names; never in YAML
RESERVED_LABELS = frozenset({END, RETURN})

_NAME = r"^[a-z][a-z0-9_]{0,63}$"
# In the schema ``x-names`` tells editors what a text names, so that they can offer and follow it.
Target = Annotated[Label, Field(pattern=_NAME, json_schema_extra={"x-names": "step"})]  # an exit
PromptName = Annotated[str, Field(pattern=_NAME, json_schema_extra={"x-names": "prompt"})]
SiteName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]  # a name given in site.yaml
LanguageCode = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Digit = Annotated[str, Field(pattern=r"^[0-9*#]$")]


def _form(written: object) -> str:
    return "value" if isinstance(written, dict | Spoken) else "prompt"


SpeechText = Annotated[
    Annotated[PromptName, Tag("prompt")] | Annotated[Spoken, Tag("value")], Discriminator(_form)
]


class Step(BaseModel, ABC):
    """A step kind: its fields are its YAML keys, ``run`` returns the label of the next step.

    Every exit is a field at step level, named after what happened, with a label as its value.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    note: str = ""  # for authors only

    @abstractmethod
    def exits(self) -> Mapping[str, Label]:
        """Return the steps this one can go to, each under the name of its exit."""

    def prompts(self) -> tuple[str, ...]:
        """Return the names of all prompts the step can play."""
        return ()

    def uses(self) -> Mapping[str, tuple[str, ...]]:
        """Return what the step needs by name, e.g. ``{"queue": ("billing",)}``.

        Of the site: ``queue``, ``number``, ``hours``, ``box``, ``department``, ``lookup`` and
        ``value`` (``source.name``); of the files: ``dialplan``, ``line``.
        """
        return {}

    def reads(self) -> tuple[str, ...]:
        """Return the names of the call's variables that the step reads."""
        return ()

    def writes(self) -> tuple[str, ...]:
        """Return the names of the call's variables that the step may set."""
        return ()

    def inputs(self) -> tuple[str, ...]:
        """Return what a caller may press at this step, one for each way it is taken.

        The path proof presses each of them, and nothing, wherever the step asks.
        """
        return ()

    def takes(self, pressed: str) -> bool:
        """Say whether a caller who presses *pressed* does what the step asks for."""
        return bool(pressed)

    def choices(self) -> int:
        """Return how many choices callers are told; repeat, person and slow keys not counted."""
        return 0

    def languages(self) -> tuple[str, ...]:
        """Return the languages that a caller can choose at this step."""
        return ()

    def counters(self) -> tuple[str, ...]:
        """Return the names of the counters that the step adds to."""
        return ()

    @abstractmethod
    async def run(self, call: StepContext) -> Label:
        """Do the step's work and return where to go.

        Raises:
            CallerHungUp: the caller left.
            StepFailed: it could not be done; the plan's ``on_error`` is next.
        """

    def native(self, at: NativeContext) -> Operations:
        """Return what Asterisk does in the step's place while our service is away.

        What it cannot do, a person does.
        """
        return (Go(PERSON),)

    @classmethod
    def documentation(cls) -> str:
        """Return the module's docstring, which is written for dialplan authors."""
        return (sys.modules[cls.__module__].__doc__ or "").strip()


class ServiceStep(Step):
    """A step whose service a site may lack; then the caller is told, and goes to a person.

    A kind names its service's outcomes; each of them is a field and an exit.
    """

    outcomes: ClassVar[type[StrEnum]]
    not_set_up: Target
    not_set_up_prompt: PromptName = "service_not_yet"

    def exits(self) -> Mapping[str, Label]:
        return {outcome.value: getattr(self, outcome.value) for outcome in self.outcomes}

    def prompts(self) -> tuple[str, ...]:
        return (self.not_set_up_prompt,)

    def native(self, at: NativeContext) -> Operations:
        """Say that there is no such service now, and go where that leads: to a person."""
        return (Say((self.not_set_up_prompt,)), Go(at.to(self.not_set_up)))

    async def exit_of(self, call: StepContext, outcome: StrEnum) -> Label:
        """Return where *outcome* leads, the caller told first if there is no such service."""
        if outcome.value == "not_set_up":
            await call.play(self.not_set_up_prompt)
        return self.exits()[outcome.value]
