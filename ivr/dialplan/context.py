"""The only view of the world that a step has: ``StepContext``.

Every operation has a finite list of outcomes and a worst duration, so that the path proof can run
the real step once per outcome. A caller who hangs up raises ``CallerHungUp`` out of any operation;
no step checks for it.
"""

from collections.abc import Mapping, MutableMapping
from datetime import datetime
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    DayKind,
    DialOutcome,
    LookedUp,
    MessageOutcome,
    PayOutcome,
    QueueOutcome,
    SendOutcome,
    SurveyOutcome,
)
from ivr.ids import CallId, Label


class Spoken(BaseModel):
    """A value said in the caller's language, e.g. ``{say: "{ticket}", as: digits}``."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    value: str = Field(alias="say", min_length=1, max_length=200)
    kind: Literal["digits", "place"] = Field(alias="as")


Speech = (
    str | Spoken
)  # a prompt's name (``en/name``: in that language whatever the call's), or a value


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

    @property
    def site_values(self) -> Mapping[str, str]:
        """The authority's own values, under the names that texts and conditions know."""

    def now(self) -> datetime:
        """The time that schedules go by, aware, in the authority's time zone."""

    def is_open(self, hours: str) -> bool:
        """Say whether the opening hours called *hours* (of the site) are open now."""

    def is_staffed(self, queue: str) -> bool:
        """Say whether anybody is signed in to *queue*."""

    def queue_waiting(self, queue: str) -> int:
        """Return how many callers wait in *queue* now."""

    def is_emergency(self) -> bool:
        """Say whether the authority is in emergency mode."""

    def day_kind(self) -> DayKind:
        """Return what kind of day it is for the authority now."""

    def holds(self, condition: str) -> bool:
        """Say whether *condition*, an expression that was checked at load, is true of this call.

        Raises:
            StepFailed: it failed on this call's values, such as ``int('')``.
        """

    def count(self, counter: str) -> None:
        """Add one to *counter*; it stays at the most that the plan declares."""

    def speak(self, language: str) -> None:
        """Say everything in *language* from now on: the caller chose it, for the whole call."""

    def hand_over(self, line: str) -> None:
        """Go on as a call of *line*: in its language, unless the caller chose one it speaks."""

    def slow_down(self) -> None:
        """Say everything slower from now on; kept for the whole call."""

    def forget_keys(self) -> None:
        """Drop the keys that were pressed and not asked for yet."""

    async def answer(self) -> None:
        """Answer the call, if nothing that was heard did so before."""

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

    async def look_up(self, source: str, about: str) -> LookedUp:
        """Ask *source* of the site what it knows under *about*; it is given two seconds."""

    async def pay(self, account: str) -> PayOutcome:
        """Take a payment by keys for *account*; ``""`` lets the caller say which."""

    async def send_message(self, template: str, number: str) -> SendOutcome:
        """Hand a written message to whoever sends them."""

    async def survey(self, name: str) -> SurveyOutcome:
        """Ask the caller the questions of a survey."""

    async def promise_callback(self, queue: str) -> CallbackOutcome:
        """Offer to call back when an agent of *queue* is free, the place in line kept."""

    async def run_agi(self, script: str) -> AgiOutcome:
        """Let a script of the site talk to the caller."""

    async def refuse(self, cause: int) -> None:
        """Refuse the call with a Q.850 *cause*; before the answer it costs nobody a thing."""

    async def hang_up(self, *, allowed: str = "") -> None:
        """End the call in order; *allowed* says why a caller who reached nobody may go."""
