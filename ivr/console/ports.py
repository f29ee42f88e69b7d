"""What the console is given: the storage's classes, and Protocols for what lies beside them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from ivr.background import Background
from ivr.calls.drafts import Drafts
from ivr.calls.plan_views import PlanViews
from ivr.calls.publishing import Publisher
from ivr.calls.rehearsals import Rehearsals
from ivr.clock import Clock
from ivr.ids import AgentId, AuthorityId, CallId
from ivr.prompts.listening import PromptSound
from ivr.routing.opening_hours import OpeningHours
from ivr.storage.audit import Audit
from ivr.storage.call_lists import CallLists
from ivr.storage.contacts import Contacts
from ivr.storage.messages import Messages
from ivr.storage.recordings import Recordings
from ivr.storage.records import RecordingRecord
from ivr.storage.scheduled_publishes import ScheduledPublishes
from ivr.storage.sessions import Sessions
from ivr.storage.step_counts import StepCounts
from ivr.storage.tickets import Tickets
from ivr.storage.traces import Traces
from ivr.storage.users import Users
from ivr.storage.work_items import WorkItems


@dataclass(frozen=True, slots=True)
class AgentView:
    """An agent as desks and shift leads see them."""

    agent_id: AgentId
    name: str
    state: str
    since: datetime
    reason: str = ""
    queues: tuple[str, ...] = ()
    phone_registered: bool = False


@dataclass(frozen=True, slots=True)
class QueueView:
    """A queue now; ``longest_wait`` in seconds."""

    name: str
    waiting: int
    longest_wait: float
    signed_in: int
    available: int


Titles = dict[str, str]  # by language: {"he": …, "en": …}


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteNames:
    """What people call the things of the site; what has no title is shown by its name."""

    authority: Titles = field(default_factory=dict)
    lines: dict[str, Titles] = field(default_factory=dict)
    queues: dict[str, Titles] = field(default_factory=dict)
    departments: dict[str, Titles] = field(default_factory=dict)
    prompts: dict[str, Titles] = field(default_factory=dict)  # menus, for the choices pressed
    agents: dict[str, str] = field(default_factory=dict)  # agent id -> person's name


class AgentDesk(Protocol):
    """Commands to routing.

    Each raises ``RecordNotFound`` for who or what is not there, ``IllegalTransition`` for what
    cannot be done now, ``ReservationLost`` when somebody was faster.
    """

    async def sign_in(self, agent_id: AgentId) -> None: ...

    async def sign_out(self, agent_id: AgentId) -> None: ...

    async def pause(self, agent_id: AgentId, reason: str) -> None: ...

    async def resume(self, agent_id: AgentId) -> None: ...

    async def finish_wrap_up(self, agent_id: AgentId) -> None: ...

    async def state(self, agent_id: AgentId) -> AgentView: ...

    async def agents(self) -> list[AgentView]: ...

    def queues(self) -> list[QueueView]: ...

    async def pause_recording(self, call_id: CallId, reason: str) -> None: ...

    async def resume_recording(self, call_id: CallId) -> None: ...

    async def hang_up(self, call_id: CallId) -> None: ...


class EmergencySwitch(Protocol):
    """The authority's emergency mode."""

    @property
    def is_on(self) -> bool: ...

    @property
    def since(self) -> datetime | None: ...

    async def switch(self, *, on: bool, who: str) -> None: ...


class RecordingVault(Protocol):
    """Where sealed recordings are opened."""

    async def audio(self, recording: RecordingRecord) -> bytes:
        """Return the decrypted WAV.

        Raises:
            RecordNotFound: its file is gone.
        """
        ...


class FirstLink(Protocol):
    def spend(self, token: str) -> bool:
        """Say whether *token* is the one-time link; if it is, it will never be again."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DialplanPorts:
    """What the editor of dialplans is given."""

    publisher: Publisher
    views: PlanViews
    rehearsals: Rehearsals
    drafts: Drafts
    scheduled: ScheduledPublishes
    counts: StepCounts
    day_began: Callable[[], datetime]  # the council's own midnight
    tree: Callable[[str], str]  # line -> its phone tree as it is live, SVG; blocks a moment


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolePorts:
    """Everything the console is given; nothing else is reached for."""

    clock: Clock
    background: Background
    authority_id: AuthorityId  # whose house this is: its agents, queues, sign-in
    web: Path  # the built front end
    users: Users
    sessions: Sessions
    audit: Audit
    lists: CallLists
    traces: Traces
    tickets: Tickets
    contacts: Contacts
    recordings: Recordings
    vault: RecordingVault
    work_items: WorkItems
    messages: Messages
    desk: AgentDesk
    opening_hours: OpeningHours
    emergency: EmergencySwitch
    dialplans: DialplanPorts
    prompt_sound: Callable[[str, str], PromptSound]  # language, name; blocks for a moment
    first_link: FirstLink
    site: Callable[[], SiteNames]
    status: Callable[[], dict[str, Any]]  # at least {"ready": bool}; nothing secret
    in_thread: Callable[..., Any]  # (function, *arguments) -> Deferred
    service_token: str = field(repr=False)  # of `moked status` and `moked call`
    secure_cookies: bool = False  # True behind TLS: ``__Host-`` and Secure
    origins: frozenset[str] = frozenset()  # further origins the console is reached under
