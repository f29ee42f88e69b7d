"""Users: who may sign in, with Argon2id hashes of their passwords."""

from typing import Any

from sqlalchemy import Connection, func, select, update

from ivr.clock import Clock
from ivr.errors import RecordNotFound
from ivr.ids import AuthorityId, UserId
from ivr.storage import tables
from ivr.storage.database import Database
from ivr.storage.records import User
from ivr.storage.rows import record_of, values_of


class Users:
    """Hashing is the console's work; here only the finished hash is kept."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def add(self, user: User) -> None:
        """Add a user.

        Raises:
            sqlalchemy.exc.IntegrityError: the name is taken in this authority.
        """
        row = tables.users.insert().values(values_of(user))
        await self._database.transact(lambda connection: connection.execute(row).close())

    async def get(self, user_id: UserId) -> User:
        """Return the user.

        Raises:
            RecordNotFound: there is none with this id.
        """
        found = await self._select(tables.users.c.user_id == user_id)
        if not found:
            raise RecordNotFound(f"no user {user_id}")
        return found[0]

    async def by_name(self, authority_id: AuthorityId, name: str) -> User | None:
        row = tables.users.c
        found = await self._select((row.authority_id == authority_id) & (row.name == name))
        return found[0] if found else None

    async def all(self) -> list[User]:
        return await self._select(tables.users.c.user_id != "")

    async def count(self) -> int:
        wanted = select(func.count()).select_from(tables.users)
        return await self._database.read(
            lambda connection: int(connection.execute(wanted).scalar_one())
        )

    async def set_password(self, user_id: UserId, password_hash: str) -> None:
        """Change the hash and end every session of this user, in one transaction."""
        values = {"password_hash": password_hash, "password_changed_at": self._clock.now()}
        await self._change(user_id, values, end_sessions=True)

    async def set_role(self, user_id: UserId, role: str) -> None:
        """Change the role; sessions end, so that nobody keeps rights they had."""
        await self._change(user_id, {"role": role}, end_sessions=True)

    async def set_disabled(self, user_id: UserId, *, disabled: bool) -> None:
        """Let the user in or out; out ends every session at once."""
        await self._change(user_id, {"disabled": disabled}, end_sessions=disabled)

    async def _change(self, user_id: UserId, values: dict[str, Any], *, end_sessions: bool) -> None:
        def query(connection: Connection) -> None:
            change = update(tables.users).where(tables.users.c.user_id == user_id).values(**values)
            if connection.execute(change).rowcount != 1:
                raise RecordNotFound(f"no user {user_id}")
            if end_sessions:
                sessions = tables.sessions
                connection.execute(sessions.delete().where(sessions.c.user_id == user_id))

        await self._database.transact(query)

    async def _select(self, where: Any) -> list[User]:
        wanted = select(tables.users).where(where).order_by(tables.users.c.name)
        return await self._database.read(
            lambda connection: [
                record_of(User, found) for found in connection.execute(wanted).mappings()
            ]
        )
