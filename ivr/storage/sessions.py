"""Sessions: sign-ins kept on the server, so that they can be ended here."""

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, delete, select, update

from ivr.clock import Clock
from ivr.errors import StorageUnavailable
from ivr.ids import UserId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import Session, User
from ivr.storage.rows import record_of, values_of

log = structlog.get_logger(__name__)

_SEEN_WITHIN = 0.3
_SEEN_EVERY = timedelta(seconds=60)  # a request does not write more often than this


@dataclass(frozen=True, slots=True)
class NewSession:
    """What the browser gets, once; the token itself is not kept anywhere."""

    token: str = field(repr=False)
    session: Session


class Sessions:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, user: User, lifetime: timedelta, address: str = "") -> NewSession:
        """Sign *user* in for at most *lifetime*, under a new token of 256 random bits."""
        token = secrets.token_urlsafe(32)
        now = self._clock.now()
        session = Session(
            token_hash=hash_token(token),
            authority_id=user.authority_id,
            user_id=user.user_id,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=now + lifetime,
            address=address,
        )
        row = tables.sessions.insert().values(values_of(session))
        await self._database.transact(lambda connection: connection.execute(row).close())
        return NewSession(token, session)

    async def find(self, token: str, *, idle: timedelta) -> tuple[Session, User] | None:
        """Return the session and its user, ``None`` if it is over, idle too long or shut out.

        Being found counts as being seen.
        """
        now = self._clock.now()
        token_hash = hash_token(token)
        found = await self._database.read(lambda connection: _find(connection, token_hash))
        if found is None:
            return None
        session, user = found
        if user.disabled or session.expires_at <= now or session.seen_at + idle <= now:
            await self.end(token)
            return None
        if session.seen_at + _SEEN_EVERY <= now:
            await self._seen(token_hash, now)
        return session, user

    async def _seen(self, token_hash: str, now: datetime) -> None:
        """Note the visit; while the database is locked, the page is shown all the same."""
        table = tables.sessions
        seen = update(table).where(table.c.token_hash == token_hash).values(seen_at=now)
        try:
            await self._database.transact(
                lambda connection: connection.execute(seen).close(), within=_SEEN_WITHIN
            )
        except StorageUnavailable:
            log.warning("a session's visit was not noted")

    async def end(self, token: str) -> None:
        table = tables.sessions
        gone = delete(table).where(table.c.token_hash == hash_token(token))
        await self._database.transact(lambda connection: connection.execute(gone).close())

    async def end_all(self, user_id: UserId) -> int:
        """End every session of this user; return how many there were."""
        gone = delete(tables.sessions).where(tables.sessions.c.user_id == user_id)
        return await self._database.transact(
            lambda connection: int(connection.execute(gone).rowcount)
        )

    async def forget_expired(self) -> int:
        """Delete the sessions that are over; return how many."""
        gone = delete(tables.sessions).where(tables.sessions.c.expires_at <= self._clock.now())
        return await self._database.transact(
            lambda connection: int(connection.execute(gone).rowcount)
        )


def hash_token(token: str) -> str:
    """Return what is kept of a token; it has 256 random bits, so one SHA-256 is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


def _find(connection: Connection, token_hash: str) -> tuple[Session, User] | None:
    table = tables.sessions
    row = connection.execute(select(table).where(table.c.token_hash == token_hash)).mappings()
    found = row.first()
    if found is None:
        return None
    session = record_of(Session, found)
    owner = select(tables.users).where(tables.users.c.user_id == session.user_id)
    return session, record_of(User, connection.execute(owner).mappings().one())
