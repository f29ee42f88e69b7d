"""The site: what ``site.yaml`` says of the council, its numbers, hours, queues and agents."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ivr.ids import AgentId, AuthorityId, LineName, QueueName
from ivr.routing.calendar import Calendar
from ivr.routing.schedule import Schedule

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Authority:
    """A council; *name* by language."""

    authority_id: AuthorityId
    name: Mapping[str, str]
    timezone: "ZoneInfo"
    languages: tuple[str, ...]  # the first is what callers and agents get by default


@dataclass(frozen=True, slots=True)
class SiteQueue:
    """A queue; durations in seconds, *wait* where a step names no limit of its own."""

    name: QueueName
    title: Mapping[str, str]
    agents: tuple[AgentId, ...]
    ring_for: float
    wrap_up: float
    wait: float
    capacity: int
    record: bool
    retention_days: int


@dataclass(frozen=True, slots=True)
class SiteAgent:
    """An agent and the phone they sit at."""

    agent_id: AgentId
    name: str
    extension: str
    endpoint: str
    queues: tuple[QueueName, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A message box; its department owns what is left there."""

    name: str
    department: str


@dataclass(frozen=True, slots=True)
class LookupSource:
    """Something that ``lookup`` steps can ask; *values* are what it can know."""

    kind: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Failsafe:
    """Where Asterisk itself takes callers when our service cannot: phones, number, message."""

    prompt: str
    queue: QueueName
    wait: float
    number: str  # E.164
    box: str


@dataclass(frozen=True, slots=True)
class Site:
    """Everything of one council that dialplans can name."""

    authority: Authority
    numbers: Mapping[str, str]  # name → E.164
    demo_numbers: frozenset[str]  # E.164; never dialled through a real trunk
    calendar: Calendar
    hours: Mapping[str, Schedule]
    queues: Mapping[QueueName, SiteQueue]
    agents: Mapping[AgentId, SiteAgent]
    departments: Mapping[str, Mapping[str, str]]  # name → title by language
    boxes: Mapping[str, Box]
    lookups: Mapping[str, LookupSource]
    values: Mapping[str, str]  # the authority's own, under the names that texts and conditions know
    failsafe: Failsafe
    emergency_numbers: tuple[str, ...]
    emergency_line: LineName  # whose number the emergency services see

    def number_of(self, named: str) -> str:
        """Return the E.164 of a dial step's ``number``: a name of the site, or a number itself.

        Raises:
            KeyError: the site has no such number; a plan that was checked never asks for one.
        """
        return named if named.startswith("+") else self.numbers[named]

    def names(self, what: str) -> frozenset[str]:
        """Return what there is of *what*: queue, number, hours, box, department, lookup, value."""
        known: Mapping[str, Mapping[str, object]] = {
            "queue": {str(name): queue for name, queue in self.queues.items()},
            "number": self.numbers,
            "hours": self.hours,
            "box": self.boxes,
            "department": self.departments,
            "lookup": self.lookups,
            "value": {
                f"{name}.{value}": source
                for name, source in self.lookups.items()
                for value in source.values
            },
        }
        return frozenset(known.get(what, {}))
