"""What a simulated call came to: its events, its steps, and what the caller reached."""

from dataclasses import dataclass
from enum import StrEnum

from ivr.dialplan.interpreter import Ending
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.scenario import Service
from ivr.dialplan.trace import TraceEntry
from ivr.ids import Label


@dataclass(frozen=True, slots=True)
class End:
    """Where a caller ended; *whom* is the name of the queue, number, box or department."""

    reached: Reached = Reached.LOST
    whom: str = ""

    def better(self, other: "End") -> "End":
        """Return *other* if it is at least as good for the caller as this."""
        return other if other.reached.at_least(self.reached) else self


class Kind(StrEnum):
    """What kind of thing happened."""

    HEARD = "heard"
    PRESSED = "pressed"
    SILENT = "silent"
    TURNED = "turned"  # to a service
    HUNG_UP = "hung_up"  # the caller
    ENDED = "ended"  # by the plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened *at* so many seconds after the answer and lasted *seconds*."""

    at: float
    label: Label
    visit: int  # the how-manieth step of the call
    kind: Kind
    name: str = ""  # of the prompt or the thing turned to; the keys
    service: Service | None = None
    outcome: str = ""
    seconds: float = 0.0
    language: str = ""  # that the call is spoken in


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """One simulated call; its steps begin at ``began``, seconds after the answer."""

    ending: Ending
    end: End
    reached_at: float  # seconds; when ``end`` came about
    seconds: float
    events: tuple[Event, ...]
    steps: tuple[TraceEntry, ...]
    began: tuple[float, ...]

    @property
    def labels(self) -> tuple[Label, ...]:
        return tuple(step.label for step in self.steps)

    @property
    def ended_at(self) -> Label:
        """Return the last step."""
        return self.steps[-1].label if self.steps else Label("")
