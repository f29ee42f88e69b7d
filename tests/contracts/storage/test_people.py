"""Users, sessions, agents and contacts: who works here and who calls."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from ivr.crm import Contact
from ivr.errors import RecordNotFound, ReservationLost
from ivr.ids import AgentId, AuthorityId, OfferId, UserId
from ivr.storage import tables
from ivr.storage.agents import Agents
from ivr.storage.authorities import Authorities
from ivr.storage.contacts import Contacts
from ivr.storage.records import AgentRecord, User
from ivr.storage.sessions import Sessions
from ivr.storage.users import Users
from tests.contracts.storage.conftest import TOWN, Storage, started
from tests.reactor import ReactorThread

SHIFT = timedelta(hours=12)
IDLE = timedelta(minutes=15)


def agent(storage: Storage, name: str, *queues: str) -> AgentRecord:
    return AgentRecord(
        agent_id=AgentId(name), authority_id=TOWN, name=name.title(), endpoint=f"agent-{name}",
        queues=queues, state_since=storage.clock.now(),
    )  # fmt: skip


def user(storage: Storage, name: str = "dana") -> User:
    return User(
        user_id=UserId(f"user-{name}"), authority_id=TOWN, name=name, full_name="דנה",
        password_hash="$argon2id$…", created_at=storage.clock.now(),
        password_changed_at=storage.clock.now(),
    )  # fmt: skip


def test_the_sites_agents_keep_their_states_when_the_site_is_read_again(storage: Storage) -> None:
    agents = Agents(storage.database, storage.clock)
    storage.run(agents.put_all([agent(storage, "201", "billing"), agent(storage, "301", "centre")]))
    storage.run(agents.change(AgentId("201"), 0, "available", signed_in_at=storage.clock.now()))
    again = [agent(storage, "201", "centre", "billing"), agent(storage, "302")]
    storage.run(agents.put_all(again))
    found = {one.agent_id: one for one in storage.run(agents.all())}
    assert set(found) == {"201", "302"}
    assert found[AgentId("201")].state == "available"
    assert found[AgentId("201")].queues == ("centre", "billing")
    with pytest.raises(RecordNotFound):
        storage.run(agents.get(AgentId("301")))


def test_of_two_who_reserve_an_agent_one_gets_them(storage: Storage) -> None:
    agents = Agents(storage.database, storage.clock)
    storage.run(agents.put_all([agent(storage, "201")]))
    until = storage.clock.now() + timedelta(seconds=30)
    results = storage.run_all(
        *[
            agents.change(AgentId("201"), 0, "ringing", reserved_by=OfferId(f"offer-{number}"),
                          reserved_until=until)
            for number in range(6)
        ]
    )  # fmt: skip
    won = [result for result in results if isinstance(result, AgentRecord)]
    assert len(won) == 1
    assert all(isinstance(lost, ReservationLost) for lost in results if lost is not won[0])
    found = storage.run(agents.get(AgentId("201")))
    assert (found.reserved_by, found.version, found.state) == (won[0].reserved_by, 1, "ringing")


def test_a_reservation_runs_out_and_a_change_ends_it(storage: Storage) -> None:
    agents = Agents(storage.database, storage.clock)
    storage.run(agents.put_all([agent(storage, "201"), agent(storage, "202")]))
    until = storage.clock.now() + timedelta(seconds=30)
    storage.run(agents.change(AgentId("201"), 0, "ringing", reserved_by=OfferId("o"),
                              reserved_until=until, missed=1))  # fmt: skip
    assert storage.run(agents.expired(storage.clock.now())) == []
    storage.clock.advance(30)
    assert [one.agent_id for one in storage.run(agents.expired(storage.clock.now()))] == ["201"]
    changed = storage.run(agents.change(AgentId("201"), 1, "available", reason="no answer"))
    assert (changed.previous, changed.missed_in_a_row, changed.reserved_by) == ("ringing", 1, None)
    assert changed.state_since == storage.clock.now()
    assert storage.run(agents.expired(storage.clock.now())) == []


def test_a_user_is_found_by_name_and_a_name_is_taken_once(storage: Storage) -> None:
    users = Users(storage.database, storage.clock)
    dana = user(storage)
    storage.run(users.add(dana))
    assert storage.run(users.by_name(TOWN, "dana")) == dana
    assert storage.run(users.by_name(AuthorityId("other"), "dana")) is None
    assert storage.run(users.count()) == 1
    assert "argon2" not in repr(dana)
    with pytest.raises(IntegrityError):
        storage.run(users.add(user(storage)))
    with pytest.raises(RecordNotFound):
        storage.run(users.set_role(UserId("nobody"), "auditor"))


def test_a_session_is_found_by_its_token_only(storage: Storage) -> None:
    users, sessions = (
        Users(storage.database, storage.clock),
        Sessions(storage.database, storage.clock),
    )
    storage.run(users.add(user(storage)))
    new = storage.run(sessions.begin(user(storage), SHIFT, "127.0.0.1"))
    found = storage.run(sessions.find(new.token, idle=IDLE))
    assert found is not None
    assert (found[0].csrf, found[1].name) == (new.session.csrf, "dana")
    assert storage.run(sessions.find(new.session.token_hash, idle=IDLE)) is None
    assert new.token not in repr(new)

    def kept(connection: Connection) -> str:
        return str(connection.execute(tables.sessions.select()).all())

    assert new.token not in storage.run(storage.database.read(kept))


def test_a_session_ends_when_idle_when_over_and_when_told_to(storage: Storage) -> None:
    users, sessions = (
        Users(storage.database, storage.clock),
        Sessions(storage.database, storage.clock),
    )
    storage.run(users.add(user(storage)))
    new = storage.run(sessions.begin(user(storage), SHIFT))
    for _ in range(47):
        storage.clock.advance(15 * 60 - 1)
        assert storage.run(sessions.find(new.token, idle=IDLE)) is not None
    storage.clock.advance(15 * 60)
    assert storage.run(sessions.find(new.token, idle=IDLE)) is None
    second = storage.run(sessions.begin(user(storage), SHIFT))
    storage.clock.advance(12 * 3600)
    assert storage.run(sessions.find(second.token, idle=timedelta(days=9))) is None
    third = storage.run(sessions.begin(user(storage), SHIFT))
    storage.run(sessions.end(third.token))
    assert storage.run(sessions.find(third.token, idle=IDLE)) is None


@pytest.mark.parametrize("act", ["set_password", "set_role", "set_disabled"])
def test_sessions_end_with_the_password_the_role_and_the_user(storage: Storage, act: str) -> None:
    users, sessions = (
        Users(storage.database, storage.clock),
        Sessions(storage.database, storage.clock),
    )
    storage.run(users.add(user(storage)))
    new = storage.run(sessions.begin(user(storage), SHIFT))
    match act:
        case "set_password":
            storage.run(users.set_password(UserId("user-dana"), "other"))
        case "set_role":
            storage.run(users.set_role(UserId("user-dana"), "auditor"))
        case _:
            storage.run(users.set_disabled(UserId("user-dana"), disabled=True))
    assert storage.run(sessions.find(new.token, idle=IDLE)) is None


def test_a_resident_is_found_by_number_in_their_own_town(storage: Storage) -> None:
    contacts = Contacts(storage.database, storage.clock)
    storage.run(Authorities(storage.database, storage.clock).put_all({TOWN: "מטה יהודה"}))
    assert storage.run(Authorities(storage.database, storage.clock).all()) == {TOWN: "מטה יהודה"}
    for town in (TOWN, AuthorityId("other")):
        storage.run(contacts.import_demo(town))
        storage.run(contacts.import_demo(town))
    found = storage.run(contacts.find(TOWN, "+972500000101"))
    assert found is not None
    assert found.name == "רות לוי"
    assert storage.run(contacts.find(TOWN, "+972599999999")) is None
    assert storage.run(contacts.find(TOWN, "")) is None
    storage.run(contacts.put(TOWN, Contact("new", "רות כהן", "+972500000101")))
    renamed = storage.run(contacts.find(TOWN, "+972500000101"))
    assert renamed is not None
    assert (renamed.name, renamed.contact_id) == ("רות כהן", found.contact_id)
    assert len(storage.run(contacts.all(TOWN))) == 6


def test_a_locked_database_does_not_shut_people_out(reactor: ReactorThread, tmp_path: Path) -> None:
    file = tmp_path / "moked.sqlite3"
    with started(f"sqlite:///{file}", reactor)() as storage:
        sessions = Sessions(storage.database, storage.clock)
        storage.run(Users(storage.database, storage.clock).add(user(storage)))
        new = storage.run(sessions.begin(user(storage), SHIFT))
        storage.clock.advance(120)
        lock = sqlite3.connect(file, isolation_level=None)
        lock.execute("BEGIN EXCLUSIVE")
        assert storage.run(sessions.find(new.token, idle=IDLE)) is not None
        lock.execute("ROLLBACK")
        lock.close()
