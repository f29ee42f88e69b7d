"""How tests of plans are written: the models of ``dialplans/tests/*.yaml``."""

import re
from datetime import date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ivr.dialplan.hours_file import WEEKDAYS
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.scenario import Answer, Service, read_answers, read_press
from ivr.dialplan.step import PromptName, SiteName
from ivr.dialplan.template import PlainLine
from ivr.ids import LineName

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

_ANCHOR = date(2026, 11, 22)  # a Sunday: 'friday 15:00' is the first one from here
_MOMENT = re.compile(
    r"(?:(?P<weekday>[a-z]+)|(?P<day>\d{4}-\d\d-\d\d))[ t](?P<time>(?:[01]\d|2[0-3]):[0-5]\d)"
)
_SERVICES = {
    "queues": Service.QUEUE,
    "numbers": Service.NUMBER,
    "boxes": Service.BOX,
    "tickets": Service.TICKET,
    "lookups": Service.LOOKUP,
    "messages": Service.SEND,
    "surveys": Service.SURVEY,
    "callbacks": Service.CALLBACK,
    "scripts": Service.AGI,
}


def _moment(text: str) -> str:
    match = _MOMENT.fullmatch(text.lower())
    if match is None or (match["weekday"] and match["weekday"] not in WEEKDAYS):
        raise ValueError(f"{text!r} is not a time like 'friday 15:00' or '2026-11-27 15:00'")
    if match["day"]:
        date.fromisoformat(match["day"])
    return text


def _press(text: str) -> str:
    read_press(text)
    return text


def _answers(service: Service, text: str) -> str:
    read_answers(service, text)
    return text


def _words(service: Service) -> AfterValidator:
    return AfterValidator(partial(_answers, service))


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class WorldText(_Part):
    """What the world answers, by name."""

    queues: dict[SiteName, Annotated[str, _words(Service.QUEUE)]] = {}
    numbers: dict[str, Annotated[str, _words(Service.NUMBER)]] = {}
    boxes: dict[SiteName, Annotated[str, _words(Service.BOX)]] = {}
    tickets: dict[SiteName, Annotated[str, _words(Service.TICKET)]] = {}  # by department
    lookups: dict[SiteName, Annotated[str, _words(Service.LOOKUP)]] = {}
    found: dict[SiteName, dict[SiteName, str]] = {}  # what look-ups find, by source
    pay: Annotated[str, _words(Service.PAY)] | None = None
    messages: dict[SiteName, Annotated[str, _words(Service.SEND)]] = {}
    surveys: dict[SiteName, Annotated[str, _words(Service.SURVEY)]] = {}
    callbacks: dict[SiteName, Annotated[str, _words(Service.CALLBACK)]] = {}
    scripts: dict[str, Annotated[str, _words(Service.AGI)]] = {}
    waiting: dict[SiteName, Annotated[int, Field(ge=0, le=1000)]] = {}


class TestText(_Part):
    """One test, as it is written."""

    __test__ = False  # not one of pytest's

    name: PlainLine
    at: Annotated[str, AfterValidator(_moment)]
    press: tuple[Annotated[str, AfterValidator(_press)], ...] = ()
    caller: Annotated[str, Field(pattern=r"^(\+[1-9][0-9]{6,14})?$")] = "+972501110001"
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    emergency: bool = False
    day: DayKind | None = None
    hangs_up_after: Annotated[float, Field(gt=0, le=7200)] | None = None
    world: WorldText = WorldText()
    reaches: PlainLine | None = None
    within: Annotated[float, Field(gt=0, le=7200)] | None = None
    hears: tuple[PromptName, ...] = ()
    never_hears: tuple[PromptName, ...] = ()


class TestsText(_Part):
    """A whole file."""

    __test__ = False

    line: LineName
    note: str = ""
    tests: Annotated[tuple[TestText, ...], Field(max_length=500)]


def moment_of(text: str, zone: "ZoneInfo") -> datetime:
    """Return the moment that *text* names: ``friday 15:00`` or ``2026-11-27 15:00``.

    Raises:
        ValueError: it names none.
    """
    match = _MOMENT.fullmatch(_moment(text).lower())
    if match is None:
        raise ValueError(text)
    day = date.fromisoformat(match["day"]) if match["day"] else _next(match["weekday"])
    return datetime.fromisoformat(f"{day} {match['time']}").replace(tzinfo=zone)


def answers_of(world: WorldText) -> dict[tuple[Service, str], tuple[Answer, ...]]:
    """Return what *world* says, as a scenario takes it."""
    answers = {
        (service, name): read_answers(service, text)
        for key, service in _SERVICES.items()
        for name, text in getattr(world, key).items()
    }
    for source, values in world.found.items():
        answers[Service.LOOKUP, source] = (Answer("found", None, values),)
    if world.pay is not None:
        answers[Service.PAY, ""] = read_answers(Service.PAY, world.pay)
    return answers


def _next(weekday: str) -> date:
    return _ANCHOR + timedelta(days=(WEEKDAYS.index(weekday) - _ANCHOR.weekday()) % 7)
