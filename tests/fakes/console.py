"""The console's surroundings in tests: real storage on SQLite, agents and recordings in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from argon2 import PasswordHasher

from ivr.background import Background
from ivr.console.access import Role
from ivr.console.ports import AgentView, ConsolePorts, QueueView, SiteNames
from ivr.errors import IllegalTransition, RecordNotFound
from ivr.events import AgentStateChanged, EventBus
from ivr.ids import AgentId, AuthorityId, CallId, RecordingName, UserId
from ivr.routing.opening_hours import OpeningHours
from ivr.routing.schedule import Schedule, parse_interval
from ivr.storage.audit import Audit
from ivr.storage.call_lists import CallLists
from ivr.storage.calls import Calls
from ivr.storage.closures import Closures
from ivr.storage.contacts import Contacts
from ivr.storage.database import Database
from ivr.storage.messages import Messages
from ivr.storage.recordings import Recordings
from ivr.storage.records import (
    CallRecord,
    MessageRecord,
    RecordingRecord,
    TraceRow,
    User,
    WorkItem,
)
from ivr.storage.sessions import Sessions
from ivr.storage.tickets import Tickets
from ivr.storage.traces import Traces
from ivr.storage.users import Users
from ivr.storage.work_items import WorkItems
from tests.fakes.dialplans import dialplans_on, sound_of

AUTHORITY = AuthorityId("mateh-yehuda")
OTHER = AuthorityId("elsewhere")
NOON = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
PASSWORD = "a long enough one"
QUICK_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
SERVICE_TOKEN = "t" * 32
CALL = CallId("call-1")
OTHER_CALL = CallId("call-2")
RECORDING = RecordingName("rec-1")
WAV = bytes(range(256)) * 8
JERUSALEM = ZoneInfo("Asia/Jerusalem")
HOURS = {
    "billing_department": Schedule(
        JERUSALEM, dict.fromkeys(range(7), (parse_interval("08:00-16:00"),))
    )
}

SITE = SiteNames(
    authority={"he": "מועצה אזורית מטה יהודה", "en": "Mateh Yehuda Regional Council"},
    lines={
        "billing": {"he": "גבייה", "en": "Billing"},
        "council": {"he": "מוקד המועצה", "en": "Council centre"},
    },
    queues={
        "billing": {"he": "גבייה", "en": "Billing"},
        "centre": {"he": "מוקד", "en": "Centre"},
    },
    departments={
        "billing": {"he": "מחלקת גבייה", "en": "Billing department"},
        "centre": {"he": "מוקד המועצה", "en": "Council centre"},
    },
    prompts={"billing_menu": {"he": "תפריט גבייה", "en": "Billing menu"}},
    agents={"201": "דנה כהן", "202": "אבי מזרחי", "301": "נועה לוי"},
)


class SetClock:
    """A clock that stands until it is moved."""

    def __init__(self, now: datetime = NOON) -> None:
        self._now = now
        self._seconds = 0.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._seconds += seconds


class MemoryDesk:
    """``AgentDesk`` in memory: who is signed in, and every command that was given."""

    def __init__(self, clock: Any, bus: EventBus) -> None:
        self._clock = clock
        self._bus = bus
        self.commands: list[tuple[str, ...]] = []
        self.queue_views = [
            QueueView("billing", 1, 62.0, 2, 1),
            QueueView("centre", 0, 0.0, 1, 1),
        ]
        names = {"201": "דנה כהן", "202": "אבי מזרחי", "301": "נועה לוי"}
        self.views = {
            AgentId(agent_id): AgentView(
                AgentId(agent_id), name, "signed_out", clock.now(), "", ("billing",), True
            )
            for agent_id, name in names.items()
        }

    async def sign_in(self, agent_id: AgentId) -> None:
        self.put(agent_id, "available", only_from=("signed_out",))

    async def sign_out(self, agent_id: AgentId) -> None:
        self.put(agent_id, "signed_out")

    async def pause(self, agent_id: AgentId, reason: str) -> None:
        self.put(agent_id, "paused", reason, only_from=("available", "wrap_up", "ringing"))

    async def resume(self, agent_id: AgentId) -> None:
        self.put(agent_id, "available", only_from=("paused",))

    async def finish_wrap_up(self, agent_id: AgentId) -> None:
        self.put(agent_id, "available", only_from=("wrap_up",))

    async def state(self, agent_id: AgentId) -> AgentView:
        if agent_id not in self.views:
            raise RecordNotFound(agent_id)
        return self.views[agent_id]

    async def agents(self) -> list[AgentView]:
        return list(self.views.values())

    def queues(self) -> list[QueueView]:
        return self.queue_views

    async def pause_recording(self, call_id: CallId, reason: str) -> None:
        self.commands.append(("pause_recording", call_id, reason))

    async def resume_recording(self, call_id: CallId) -> None:
        self.commands.append(("resume_recording", call_id))

    async def hang_up(self, call_id: CallId) -> None:
        self.commands.append(("hang_up", call_id))

    def put(
        self, agent_id: AgentId, state: str, reason: str = "", only_from: tuple[str, ...] = ()
    ) -> None:
        """Move an agent and tell everybody, as routing does."""
        before = self.views.get(agent_id)
        if before is None:
            raise RecordNotFound(agent_id)
        if only_from and before.state not in only_from:
            raise IllegalTransition(f"{state} while {before.state}")
        now = self._clock.now()
        self.commands.append((state, agent_id))
        self.views[agent_id] = replace(before, state=state, since=now, reason=reason)
        self._bus.publish(
            AgentStateChanged(
                authority_id=AUTHORITY,
                at=now,
                agent_id=agent_id,
                state=state,
                previous=before.state,
                reason=reason,
            )
        )


class MemoryEmergency:
    """Emergency mode that is kept nowhere."""

    def __init__(self) -> None:
        self.is_on = False
        self.since: datetime | None = None
        self.switched_by = ""

    async def switch(self, *, on: bool, who: str) -> None:
        self.is_on, self.since, self.switched_by = on, NOON, who


class MemoryVault:
    """Opened recordings: every one sounds the same."""

    async def audio(self, recording: RecordingRecord) -> bytes:
        return WAV


class OneLink:
    """A one-time link."""

    def __init__(self, token: str) -> None:
        self._token: str | None = token

    def spend(self, token: str) -> bool:
        if token != self._token:
            return False
        self._token = None
        return True


def ports_on(
    database: Database,
    clock: Any,
    bus: EventBus,
    in_thread: Callable[..., Any],
    web: Path,
    home: Path,
) -> ConsolePorts:
    """Return the console's ports over a started *database*; *home* gets the site's files."""
    return ConsolePorts(
        clock=clock,
        background=Background(),
        authority_id=AUTHORITY,
        web=web,
        users=Users(database, clock),
        sessions=Sessions(database, clock),
        audit=Audit(database),
        lists=CallLists(database),
        traces=Traces(database),
        tickets=Tickets(database, clock),
        contacts=Contacts(database, clock),
        recordings=Recordings(database),
        vault=MemoryVault(),
        work_items=WorkItems(database, clock),
        messages=Messages(database, clock),
        desk=MemoryDesk(clock, bus),
        opening_hours=OpeningHours(HOURS, JERUSALEM, Closures(database, AUTHORITY)),
        emergency=MemoryEmergency(),
        dialplans=dialplans_on(database, clock, in_thread, home, AUTHORITY),
        prompt_sound=lambda language, name: sound_of(home, language, name),
        first_link=OneLink("the-link"),
        site=lambda: SITE,
        status=lambda: {"ready": True, "why": [], "lines": []},
        in_thread=in_thread,
        service_token=SERVICE_TOKEN,
    )


def user(name: str, role: str, *, authority: AuthorityId = AUTHORITY, agent: str = "") -> User:
    """Return a user whose password is ``PASSWORD``."""
    return User(
        user_id=UserId(f"user-{authority}-{name}"),
        authority_id=authority,
        name=name,
        full_name=name.title(),
        role=role,
        password_hash=QUICK_HASH.hash(PASSWORD),
        agent_id=AgentId(agent) if agent else None,
        created_at=NOON,
        password_changed_at=NOON,
    )


USERS = (
    user("agent", Role.AGENT, agent="201"),
    user("colleague", Role.AGENT, agent="202"),
    user("lead", Role.SHIFT_LEAD, agent="301"),
    user("admin", Role.ADMINISTRATOR),
    user("auditor", Role.AUDITOR),
)


async def fill(ports: ConsolePorts, database: Database) -> None:
    """Add users of every role, a call of each authority with all that hangs on it."""
    for one in USERS:
        await ports.users.add(one)
    calls = Calls(database)
    for call_id, authority, agent in ((CALL, AUTHORITY, "201"), (OTHER_CALL, OTHER, "")):
        await calls.arrived(_call(call_id, authority, agent))
        await ports.recordings.started(_recording(call_id, authority))
        await ports.work_items.add(
            WorkItem(
                work_item_id=f"work-{authority}",
                authority_id=authority,
                kind="abandoned_call",
                call_id=call_id,
                line="billing",
                caller_number="+972500000101",
                opened_at=NOON,
            )
        )
        await ports.messages.left(_message(call_id, authority))
    for row in TRACE:
        await ports.traces.append(AUTHORITY, CALL, row)
    await ports.contacts.import_demo(AUTHORITY)


def _call(call_id: CallId, authority: AuthorityId, agent: str) -> CallRecord:
    return CallRecord(
        call_id=call_id,
        authority_id=authority,
        line="billing",
        caller_number="+972500000101",
        called_number="+97229900200",
        arrived_at=NOON,
        answered_at=NOON,
        ended_at=NOON + timedelta(seconds=90),
        outcome="talked",
        talked_with=agent,
    )


def _recording(call_id: CallId, authority: AuthorityId) -> RecordingRecord:
    name = RECORDING if authority == AUTHORITY else RecordingName("rec-2")
    return RecordingRecord(
        name=name,
        authority_id=authority,
        call_id=call_id,
        queue="billing",
        agent_id="201",
        state="finished",
        started_at=NOON,
        seconds=4.0,
        size=len(WAV),
        wrapped_key="sealed",
        path="2026/rec",
        retain_until=NOON + timedelta(days=90),
    )


def _message(call_id: CallId, authority: AuthorityId) -> MessageRecord:
    return MessageRecord(
        message_id=f"message-{authority}",
        authority_id=authority,
        box="council",
        call_id=call_id,
        recording="rec-message",
        caller_number="+972500000102",
        left_at=NOON,
        seconds=7.5,
    )


TRACE = (
    TraceRow(seq=1, label="welcome", kind="menu", at=NOON + timedelta(seconds=1),
             heard=["recording_notice", "billing_menu"], pressed="3", went_to="ask_person"),
    TraceRow(seq=2, label="ask_person", kind="dial", at=NOON + timedelta(seconds=14),
             went_to="department", details={"outcome": "no_answer"}),
    TraceRow(seq=3, label="department", kind="queue", at=NOON + timedelta(seconds=44),
             went_to="end", details={"outcome": "talked", "waited": 18.0}),
)  # fmt: skip
