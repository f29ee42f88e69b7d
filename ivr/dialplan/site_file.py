"""Reads ``site.yaml`` into a ``Site``; every problem at once, with its line."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ivr.dialplan.hours_file import (
    CalendarText,
    HoursText,
    Language,
    Title,
    calendar_of,
    schedule_of,
)
from ivr.dialplan.problem import Problem, did_you_mean
from ivr.dialplan.site import (
    Authority,
    Box,
    Failsafe,
    LookupSource,
    Site,
    SiteAgent,
    SiteQueue,
)
from ivr.dialplan.step import PromptName, SiteName
from ivr.dialplan.template import SITE_PREFIX, PlainLine
from ivr.dialplan.yaml_model import fit
from ivr.dialplan.yaml_text import YamlFile, read_yaml
from ivr.ids import AgentId, AuthorityId, LineName, QueueName
from ivr.routing.numbers import normalise_called

LOOKUP_KINDS = {"contacts": ("name", "address", "language", "note")}  # what each can know


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"{name!r} is not a time zone, like 'Asia/Jerusalem'") from error
    return name


def _e164(number: str) -> str:
    if not number.startswith("+") or normalise_called(number) != number:
        raise ValueError(f"{number!r} is not a number in E.164, like '+97239990300'")
    return number


Zone = Annotated[str, AfterValidator(_zone)]
Number = Annotated[str, AfterValidator(_e164)]
AgentName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AuthorityText(_Part):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    name: Title
    timezone: Zone
    languages: Annotated[tuple[Language, ...], Field(min_length=1)]


class QueueText(_Part):
    title: Title
    agents: tuple[AgentName, ...]
    ring_for: Annotated[float, Field(ge=5, le=60)] = 15
    wrap_up: Annotated[float, Field(ge=0, le=600)] = 10
    wait: Annotated[float, Field(ge=5, le=3600)] = 90
    capacity: Annotated[int, Field(ge=1, le=1000)] = 50
    record: bool = True
    retention_days: Annotated[int, Field(ge=1, le=3650)] = 90


class AgentText(_Part):
    name: PlainLine
    extension: Annotated[str, Field(pattern=r"^[1-9][0-9]{1,5}$")]


class BoxText(_Part):
    department: SiteName


class LookupText(_Part):
    """A source of look-ups: ``contacts`` are the residents the council knows by their number."""

    kind: Literal["contacts"]


class FailsafeText(_Part):
    prompt: PromptName = "failsafe_apology"
    queue: SiteName
    wait: Annotated[float, Field(ge=5, le=600)] = 60
    number: SiteName
    box: SiteName


class SiteText(_Part):
    """The whole of ``site.yaml``."""

    note: str = ""
    authority: AuthorityText
    numbers: dict[SiteName, Number] = {}
    demo_numbers: tuple[Number, ...] = ()
    calendar: CalendarText = CalendarText()
    hours: dict[SiteName, HoursText] = {}
    departments: dict[SiteName, Title]
    queues: dict[SiteName, QueueText]
    agents: dict[AgentName, AgentText] = {}
    boxes: dict[SiteName, BoxText]
    lookups: dict[SiteName, LookupText] = {}
    values: dict[SiteName, PlainLine] = {}
    failsafe: FailsafeText
    emergency_numbers: tuple[Annotated[str, Field(pattern=r"^1\d{2}$")], ...] = (
        "100",
        "101",
        "102",
    )
    emergency_line: Annotated[LineName, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")]


def read_site(name: str, text: str) -> tuple[Site | None, list[Problem]]:
    """Return the site in *text* if it can be used, and every problem in it."""
    file = read_yaml(name, text)
    if file.data is None:
        return None, file.problems
    written = fit(SiteText, file, (), file.data)
    if written is None:
        return None, file.problems
    file.problems.extend(_unknown_names(file, written))
    return (None if file.problems else _site(written)), file.problems


def _unknown_names(file: YamlFile, site: SiteText) -> Iterator[Problem]:
    wanted: list[tuple[tuple[str | int, ...], str, str, Mapping[str, object]]] = [
        (("failsafe", "queue"), "queue", site.failsafe.queue, site.queues),
        (("failsafe", "number"), "number", site.failsafe.number, site.numbers),
        (("failsafe", "box"), "box", site.failsafe.box, site.boxes),
    ]
    for name, box in site.boxes.items():
        of_box = ("boxes", name, "department")
        wanted.append((of_box, "department", box.department, site.departments))
    for name, queue in site.queues.items():
        for place, agent in enumerate(queue.agents):
            wanted.append((("queues", name, "agents", place), "agent", agent, site.agents))
    for path, what, named, known in wanted:
        if named not in known:
            yield file.problem(path, f"no {what} {named!r}{did_you_mean(named, known)}")


def _site(written: SiteText) -> Site:
    zone = ZoneInfo(written.authority.timezone)
    calendar = calendar_of(written.calendar, zone)
    return Site(
        authority=Authority(
            AuthorityId(written.authority.id),
            written.authority.name,
            zone,
            written.authority.languages,
        ),
        numbers=written.numbers,
        demo_numbers=frozenset(written.demo_numbers),
        calendar=calendar,
        hours={name: schedule_of(text, zone, calendar) for name, text in written.hours.items()},
        queues={QueueName(name): _queue(name, queue) for name, queue in written.queues.items()},
        agents={AgentId(name): _agent(name, written) for name in written.agents},
        departments=written.departments,
        boxes={name: Box(name, box.department) for name, box in written.boxes.items()},
        lookups={
            name: LookupSource(source.kind, LOOKUP_KINDS[source.kind])
            for name, source in written.lookups.items()
        },
        values={SITE_PREFIX + name: text for name, text in written.values.items()},
        failsafe=_failsafe(written),
        emergency_numbers=written.emergency_numbers,
        emergency_line=written.emergency_line,
    )


def _queue(name: str, written: QueueText) -> SiteQueue:
    return SiteQueue(
        name=QueueName(name),
        title=written.title,
        agents=tuple(AgentId(agent) for agent in written.agents),
        ring_for=written.ring_for,
        wrap_up=written.wrap_up,
        wait=written.wait,
        capacity=written.capacity,
        record=written.record,
        retention_days=written.retention_days,
    )


def _agent(name: str, written: SiteText) -> SiteAgent:
    queues = (QueueName(q) for q, queue in written.queues.items() if name in queue.agents)
    agent = written.agents[name]
    return SiteAgent(AgentId(name), agent.name, agent.extension, name, tuple(queues))


def _failsafe(written: SiteText) -> Failsafe:
    failsafe = written.failsafe
    number = written.numbers[failsafe.number]
    return Failsafe(failsafe.prompt, QueueName(failsafe.queue), failsafe.wait, number, failsafe.box)
