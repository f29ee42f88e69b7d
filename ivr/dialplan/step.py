"""What a step is, and the only view of the world that a step has: ``StepContext``.

Every operation of ``StepContext`` has a finite list of outcomes and a worst duration, so that the
path proof can run the real step once per outcome. A caller who hangs up raises ``CallerHungUp``
out of any operation; no step checks for it.
"""

import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping, MutableMapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag

from ivr.ids import CallId, Label

END = Label("end")  # the call is over, in order
RETURN = Label("return")  # a sub-dialplan goes back to whoever called it
ENTER = Label("(enter)")  # what a subroutine step returns: go into its sub-dialplan; never in YAML
RESERVED_LABELS = frozenset({END, RETURN})

Target = Annotated[Label, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]  # an exit's value
PromptName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
SiteName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]  # a name given in site.yaml
Digit = Annotated[str, Field(pattern=r"^[0-9*#]$")]


class QueueOutcome(StrEnum):
    """How waiting in a queue ended."""

    TALKED = "talked"  # an agent answered and the talk is over: the call ends
    NO_ANSWER = "no_answer"  # nobody answered within ``wait``
    EMPTY = "empty"  # nobody is signed in, or the last one left while the caller waited
    FULL = "full"


class DialOutcome(StrEnum):
    """How a call out to a number ended."""

    TALKED = "talked"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"  # also: the person called did not press 1 to take the call
    UNREACHABLE = "unreachable"  # trunk down, congestion, number unknown, not allowed


class MessageOutcome(StrEnum):
    """How leaving a message ended."""

    ACCEPTED = "accepted"
    EMPTY = "empty"  # nothing was said
    IMPOSSIBLE = "impossible"  # it could not be recorded


class Spoken(BaseModel):
    """A value said in the caller's language, e.g. ``{say: "{ticket}", as: digits}``."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    value: str = Field(alias="say", min_length=1, max_length=200)
    kind: Literal["digits", "place"] = Field(alias="as")


Speech = str | Spoken  # a prompt's name, or a value


def _form(written: object) -> str:
    return "value" if isinstance(written, dict | Spoken) else "prompt"


SpeechText = Annotated[
    Annotated[PromptName, Tag("prompt")] | Annotated[Spoken, Tag("value")], Discriminator(_form)
]


class StepContext(Protocol):
    """One call, as a step sees it. Durations are seconds."""

    @property
    def call_id(self) -> CallId: ...

    @property
    def label(self) -> Label:
        """The step that runs now."""

    @property
    def caller_number(self) -> str:
        """E.164 where it could be read, else as it came; ``""`` for anonymous callers."""

    @property
    def called_number(self) -> str: ...

    @property
    def language(self) -> str: ...

    @property
    def variables(self) -> MutableMapping[str, str]:
        """The call's own values: ``set`` writes them, expressions read them; stored."""

    def now(self) -> datetime:
        """The time that schedules go by, aware, in the authority's time zone."""

    def is_open(self, hours: str) -> bool:
        """Say whether the opening hours called *hours* (of the site) are open now."""

    def is_staffed(self, queue: str) -> bool:
        """Say whether anybody is signed in to *queue*."""

    async def play(self, *speech: Speech) -> None:
        """Say all of *speech* to the end."""

    async def ask(
        self,
        *speech: Speech,
        digits: int = 1,
        wait: float = 5.0,
        between: float = 3.0,
        finish: str = "",
        barge_in: bool = True,
        secret: bool = False,
    ) -> str:
        """Say *speech* and return what was pressed: up to *digits* keys, ``""`` for silence.

        Keys pressed before count (type-ahead). *wait* runs from the end of the speech to the first
        key, *between* from key to key; *finish* ends the input and is not returned. *secret* keys
        reach neither trace nor log.
        """

    async def enqueue(self, queue: str, *, wait: float | None) -> QueueOutcome:
        """Wait in *queue* for an agent, at most *wait* seconds; ``None``: its own limit."""

    async def dial(
        self, number: str, *, ring_for: float, confirm: str | None = None, record: bool = True
    ) -> DialOutcome:
        """Call an outside *number* and join it to the caller until one of them hangs up.

        *number* is the name of a number in site.yaml, or E.164. *confirm* is a prompt played to
        the person called, who takes the call by pressing 1.
        """

    async def open_ticket(self, *, subject: str, text: str, department: str) -> str:
        """Open a ticket once per visit of this step; return the reference, digits only."""

    async def take_message(self, box: str, *, longest: float, finish: str = "#") -> MessageOutcome:
        """Record a message for *box* after a tone; an accepted one has an owner and is a fact."""

    async def refuse(self, cause: int) -> None:
        """Refuse the call with a Q.850 *cause*; before the answer it costs nobody a thing."""

    async def hang_up(self) -> None:
        """End the call in order, by a rule of the plan."""


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

        Of the site: ``queue``, ``number``, ``hours``, ``box``, ``department``; and ``dialplan``.
        """
        return {}

    def reads(self) -> tuple[str, ...]:
        """Return the names of the call's variables that the step reads."""
        return ()

    def writes(self) -> tuple[str, ...]:
        """Return the names of the call's variables that the step may set."""
        return ()

    @abstractmethod
    async def run(self, call: StepContext) -> Label:
        """Do the step's work and return where to go.

        Raises:
            CallerHungUp: the caller left.
            StepFailed: it could not be done; the plan's ``on_error`` is next.
        """

    @classmethod
    def documentation(cls) -> str:
        """Return the module's docstring, which is written for dialplan authors."""
        return (sys.modules[cls.__module__].__doc__ or "").strip()
