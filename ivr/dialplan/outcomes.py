"""How the operations of ``StepContext`` can end: finite lists, so that all of them can be tried."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from ivr.routing.day_kind import DayKind as DayKind  # noqa: PLC0414 - steps see it here


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


class LookupOutcome(StrEnum):
    """How looking something up ended."""

    FOUND = "found"
    UNKNOWN = "unknown"
    FAILED = "failed"  # the source did not answer in time, or with rubbish


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What was found under which name; empty unless ``FOUND``."""

    outcome: LookupOutcome
    values: Mapping[str, str] = field(default_factory=dict)


class PayOutcome(StrEnum):
    """How paying by keys ended."""

    PAID = "paid"
    DECLINED = "declined"
    UNKNOWN = "unknown"  # the gateway did not say: the caller must not pay again now
    CANCELLED = "cancelled"  # the caller gave up before anything was sent
    NOT_SET_UP = "not_set_up"


class SendOutcome(StrEnum):
    """How sending a written message ended."""

    SENT = "sent"
    FAILED = "failed"
    NOT_SET_UP = "not_set_up"


class SurveyOutcome(StrEnum):
    """How asking for an opinion ended."""

    DONE = "done"
    NO_INPUT = "no_input"
    NOT_SET_UP = "not_set_up"


class CallbackOutcome(StrEnum):
    """How offering to call back ended."""

    PROMISED = "promised"
    DECLINED = "declined"  # the caller would rather wait
    IMPOSSIBLE = "impossible"  # no number to call, or the queue promises none now
    NOT_SET_UP = "not_set_up"


class AgiOutcome(StrEnum):
    """How a script outside ended."""

    DONE = "done"
    FAILED = "failed"
    NOT_SET_UP = "not_set_up"


WORKING = frozenset({DayKind.WORKDAY, DayKind.EVE, DayKind.CHOL_HAMOED, DayKind.MEMORIAL})


class Reached(StrEnum):
    """What a caller reached, the least first; the best thing that happened is what counts."""

    LOST = "lost"
    REFUSED = "refused"  # by a rule of the plan that may do so
    CALLBACK = "callback"
    TICKET = "ticket"
    MESSAGE = "message"
    PERSON = "person"
    PAID = "paid"

    def at_least(self, other: "Reached") -> bool:
        """Say whether this is as good for the caller as *other*."""
        order = list(Reached)
        return order.index(self) >= order.index(other)
