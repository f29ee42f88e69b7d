"""A simulated call's script: who calls when, what they press, what the world answers.

People write it in short words, in plan tests and on the command line: ``'2 after 3 s'`` is a key,
``'empty, then accepted after 20 s'`` is what becomes of one thing that is asked for twice.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    DayKind,
    DialOutcome,
    LookupOutcome,
    MessageOutcome,
    PayOutcome,
    QueueOutcome,
    SendOutcome,
    SurveyOutcome,
)
from ivr.dialplan.problem import did_you_mean
from ivr.ids import Label

TRUE, FALSE, FAILING = "true", "false", "failing"  # how a condition comes out
FAILS = "fails"  # our own fault: the step fails
HANGS_UP = "hangs_up"  # the caller leaves meanwhile


class TicketOutcome(StrEnum):
    """How opening a ticket ended."""

    OPENED = "opened"
    IMPOSSIBLE = "impossible"


class Service(StrEnum):
    """What a call can turn to in the world."""

    QUEUE = "queue"
    NUMBER = "number"
    BOX = "box"
    TICKET = "ticket"  # by department
    LOOKUP = "lookup"
    PAY = "pay"
    SEND = "send"
    SURVEY = "survey"
    CALLBACK = "callback"
    AGI = "agi"


OUTCOMES: Mapping[Service, type[StrEnum]] = MappingProxyType(
    {
        Service.QUEUE: QueueOutcome,
        Service.NUMBER: DialOutcome,
        Service.BOX: MessageOutcome,
        Service.TICKET: TicketOutcome,
        Service.LOOKUP: LookupOutcome,
        Service.PAY: PayOutcome,
        Service.SEND: SendOutcome,
        Service.SURVEY: SurveyOutcome,
        Service.CALLBACK: CallbackOutcome,
        Service.AGI: AgiOutcome,
    }
)
_ALSO = {  # the words people use
    (Service.QUEUE, "nobody"): QueueOutcome.EMPTY,
    (Service.QUEUE, "answered"): QueueOutcome.TALKED,
    (Service.NUMBER, "answered"): DialOutcome.TALKED,
}
_UNSAID: Mapping[Service, StrEnum] = {
    Service.QUEUE: QueueOutcome.EMPTY,
    Service.NUMBER: DialOutcome.TALKED,
    Service.BOX: MessageOutcome.ACCEPTED,
    Service.TICKET: TicketOutcome.OPENED,
    Service.LOOKUP: LookupOutcome.UNKNOWN,
}
_AFTER = re.compile(r"(?P<what>.*?)(?: after (?P<after>\d{1,4}(?:\.\d{1,3})?) ?s)?", re.DOTALL)
_KEYS = re.compile(r"[0-9*#]{0,40}")


@dataclass(frozen=True, slots=True)
class Press:
    """One answer to a question; no keys: silence.

    *after* is in seconds from the beginning of the question; ``None``: a caller who listens first.
    """

    keys: str = ""
    after: float | None = None
    hangs_up: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What comes of turning to a service once, *after* so many seconds, else as long as usual."""

    outcome: str
    after: float | None = None
    values: Mapping[str, str] = field(default_factory=dict)  # of a look-up


Answers = Mapping[tuple[Service, str], tuple[Answer, ...]]  # used up in order, the last one stays


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One caller in one world. What is not said is what `usual` says; keys run out in silence."""

    at: datetime  # aware; the moment of the answer
    caller_number: str = "+972501110001"
    called_number: str = ""  # the line's first one
    language: str = ""  # the plan's own
    presses: tuple[Press, ...] = ()
    answers: Answers = field(default_factory=dict)
    staffed: Mapping[str, bool] = field(default_factory=dict)  # else as the queue's answer has it
    waiting: Mapping[str, int] = field(default_factory=dict)  # callers in a queue
    truths: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of conditions, in order
    emergency: bool = False
    day: DayKind | None = None  # else as the calendar has it
    hangs_up_after: float | None = None  # seconds since the answer
    start: Label | None = None  # jump to this step


def usual(service: Service) -> Answer:
    """Return what is assumed: nobody sits at a queue, outside numbers answer, messages are left.

    Services that need setting up are not set up.
    """
    return Answer(_UNSAID.get(service, "not_set_up"))


def read_press(text: str) -> Press:
    """Read ``'2'``, ``''`` (silence), ``'2 after 3 s'`` or ``'hangs up'``.

    Raises:
        ValueError: it is none of them.
    """
    what, after = _parts(text)
    if what == "hangs up":
        return Press(after=after, hangs_up=True)
    if not _KEYS.fullmatch(what):
        raise ValueError(f"{text!r} is not keys ('2', '' for silence, '2 after 3 s', 'hangs up')")
    return Press(what, after)


def read_answers(service: Service, text: str) -> tuple[Answer, ...]:
    """Read ``'busy'``, ``'answered after 20 s'`` or several of them joined by ``', then '``.

    Raises:
        ValueError: an outcome that this service does not have.
    """
    return tuple(_answer(service, part.strip()) for part in text.split(", then "))


def read_world(pairs: Mapping[str, str]) -> dict[tuple[Service, str], tuple[Answer, ...]]:
    """Read what a command line says: ``{'queue.billing': 'answered after 20 s', 'pay': 'paid'}``.

    Raises:
        ValueError: one of them is not understood.
    """
    answers: dict[tuple[Service, str], tuple[Answer, ...]] = {}
    for key, text in pairs.items():
        what, _, name = key.partition(".")
        if what not in list(Service):
            raise ValueError(
                f"{key!r}: write it like queue.billing{did_you_mean(what, map(str, Service))}"
            )
        answers[Service(what), name] = read_answers(Service(what), text)
    return answers


def _answer(service: Service, text: str) -> Answer:
    what, after = _parts(text)
    word = what.replace(" ", "_")
    also = {said: outcome for (of, said), outcome in _ALSO.items() if of is service}
    known = [*map(str, OUTCOMES[service]), *also, FAILS, HANGS_UP]
    if word not in known:
        listed = ", ".join(known).replace("_", " ")
        raise ValueError(f"a {service} cannot be {what!r}{did_you_mean(word, known)}: {listed}")
    return Answer(also.get(word, word), after)


def _parts(text: str) -> tuple[str, float | None]:
    match = _AFTER.fullmatch(text.strip())
    what, after = (match["what"], match["after"]) if match else (text, None)
    return what, None if after is None else float(after)
