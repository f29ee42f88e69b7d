"""Builds the storage: the database, its aggregates, the journal, the vault."""

from dataclasses import dataclass
from typing import Any

from crm_bridge.connectors import CONNECTORS
from ivr.calls.recording_files import RecordingFiles
from ivr.clock import Clock
from ivr.events import AlarmCleared, AlarmRaised, EventBus
from ivr.ids import AuthorityId
from ivr.secret_files import SecretFiles
from ivr.settings import Settings
from ivr.storage.agents import Agents
from ivr.storage.alarms import Alarms
from ivr.storage.audit import Audit
from ivr.storage.authorities import Authorities
from ivr.storage.call_lists import CallLists
from ivr.storage.calls import Calls
from ivr.storage.closures import Closures
from ivr.storage.contacts import Contacts
from ivr.storage.database import Database
from ivr.storage.emergency import Emergencies
from ivr.storage.engines import database_url
from ivr.storage.enqueue import Subscription
from ivr.storage.fact_writer import FactWriter
from ivr.storage.journal import Journal
from ivr.storage.messages import Messages
from ivr.storage.outbox import Outbox
from ivr.storage.plans import Plans
from ivr.storage.positions import Positions
from ivr.storage.recordings import Recordings
from ivr.storage.refusals import Refusals
from ivr.storage.retention import Retention
from ivr.storage.sessions import Sessions
from ivr.storage.threads import PoolThreads, Threads
from ivr.storage.tickets import Tickets
from ivr.storage.traces import Traces
from ivr.storage.users import Users
from ivr.storage.vault import Vault
from ivr.storage.work_items import WorkItems


@dataclass(frozen=True, slots=True)
class Storehouse:
    """Everything that is kept."""

    database: Database
    journal: Journal
    agents: Agents
    alarms: Alarms
    audit: Audit
    authorities: Authorities
    calls: Calls
    closures: Closures
    contacts: Contacts
    emergencies: Emergencies
    lists: CallLists
    messages: Messages
    outbox: Outbox
    plans: Plans
    positions: Positions
    recordings: Recordings
    refusals: Refusals
    sessions: Sessions
    tickets: Tickets
    traces: Traces
    users: Users
    recording_files: RecordingFiles
    threads: Threads
    retention: Retention
    work_items: WorkItems


def subscriptions(settings: Settings) -> list[Subscription]:
    """Return which facts each connector that is switched on wants."""
    wanted = set(settings.connectors)
    return [
        Subscription(connector.name, connector.kinds, after_call=connector.after_call)
        for connector in CONNECTORS
        if connector.name in wanted
    ]


def open_database(reactor: Any, settings: Settings) -> Database:
    return Database(database_url(settings), reactor)


def build(
    database: Database,
    reactor: Any,
    clock: Clock,
    settings: Settings,
    authority_id: AuthorityId,
    bus: EventBus,
) -> Storehouse:
    """Build all of it on *database*, which is started already."""
    wanted_by = subscriptions(settings)

    def on_alarm(alarm: str, text: str) -> None:
        now = clock.now()
        if text:
            bus.publish(AlarmRaised(authority_id=authority_id, at=now, alarm=alarm, text=text))
        else:
            bus.publish(AlarmCleared(authority_id=authority_id, at=now, alarm=alarm))

    writer = FactWriter(clock, wanted_by)
    secrets = SecretFiles(settings.home / "secrets")
    folder = settings.home / "recordings"
    threads = PoolThreads(reactor, "files", 2)
    recordings, audit = Recordings(database), Audit(database)
    return Storehouse(
        database=database,
        journal=Journal(database, writer, settings.home / "db", reactor, on_alarm, clock=clock),
        agents=Agents(database, clock),
        alarms=Alarms(database),
        audit=audit,
        authorities=Authorities(database, clock),
        calls=Calls(database, wanted_by),
        closures=Closures(database, authority_id),
        contacts=Contacts(database, clock),
        emergencies=Emergencies(database),
        lists=CallLists(database),
        messages=Messages(database, clock, wanted_by),
        outbox=Outbox(database, clock),
        plans=Plans(database, clock, authority_id),
        positions=Positions(database, clock),
        recordings=recordings,
        refusals=Refusals(database),
        sessions=Sessions(database, clock),
        tickets=Tickets(database, clock, wanted_by),
        traces=Traces(database),
        users=Users(database, clock),
        recording_files=RecordingFiles(Vault(secrets.get), folder, threads),
        threads=threads,
        retention=Retention(recordings, audit, folder, clock, threads),
        work_items=WorkItems(database, clock),
    )
