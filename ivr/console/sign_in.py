"""Signing in: sessions live on the server, the browser holds an unguessable token."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from ivr.console.access import Role
from ivr.console.passwords import Passwords, is_weak
from ivr.console.ports import ConsolePorts
from ivr.console.problems import Problem
from ivr.console.rate_limit import RateLimit
from ivr.ids import UserId, new_id
from ivr.storage.records import AuditEntry, User

LONGEST = timedelta(hours=12)  # a shift
IDLE = {
    Role.AGENT: LONGEST,  # agents look at the desk and talk: an idle mouse is no absence
    Role.SHIFT_LEAD: LONGEST,
    Role.ADMINISTRATOR: timedelta(minutes=30),
    Role.AUDITOR: timedelta(minutes=30),
}


@dataclass(frozen=True, slots=True)
class Identity:
    """Who makes a request: a user by session, or the machine's own command line."""

    user: User
    token: str = ""  # empty: the service token
    csrf: str = ""  # what unsafe requests of this session carry in ``X-Moked-CSRF``
    ends_at: datetime | None = None

    @property
    def role(self) -> Role:
        return Role(self.user.role)

    @property
    def is_machine(self) -> bool:
        return not self.token


class SignIn:
    """The rules of sessions; keeps nothing itself but the counters of tries."""

    def __init__(self, ports: ConsolePorts, passwords: Passwords) -> None:
        self._ports = ports
        self._passwords = passwords
        self._per_account = RateLimit(ports.clock, tries=5, seconds=60)
        self._per_address = RateLimit(ports.clock, tries=30, seconds=60)
        self._links = RateLimit(ports.clock, tries=5, seconds=60)

    async def with_password(self, name: str, password: str, address: str) -> Identity:
        """Return a fresh session.

        Raises:
            Problem: ``too_many_tries`` or ``wrong_password``.
        """
        key = f"{address}|{name}"
        if not (self._per_address.allows(address) and self._per_account.allows(key)):
            raise Problem("too_many_tries", headers={"Retry-After": "60"})
        user = await self._ports.users.by_name(self._ports.authority_id, name)
        fits = await self._passwords.check(user.password_hash if user else "", password)
        if user is None or not fits or user.disabled:
            await self._note(user, "sign_in_failed", name, address)
            raise Problem("wrong_password")
        self._per_account.forget(key)
        return await self._begin(user, address, "signed_in")

    async def with_first_link(self, token: str, name: str, password: str, address: str) -> Identity:
        """Set the administrator's password by the one-time link and sign them in.

        Raises:
            Problem: ``too_many_tries``, ``weak_password``, ``name_taken`` or ``link_used``.
        """
        if not self._links.allows(address):
            raise Problem("too_many_tries", headers={"Retry-After": "60"})
        if is_weak(password, name):
            raise Problem("weak_password")
        user = await self._ports.users.by_name(self._ports.authority_id, name)
        if user is not None and user.role != Role.ADMINISTRATOR:
            raise Problem("name_taken")
        hashed = await self._passwords.hash(password)
        if not self._ports.first_link.spend(token):
            raise Problem("link_used")
        return await self._begin(
            await self._administrator(user, name, hashed), address, "first_link_used"
        )

    async def again(self, user: User, address: str) -> Identity:
        """Return a fresh session for who just changed the own password."""
        return await self._begin(user, address, "password_changed")

    async def identify(self, token: str) -> Identity | None:
        """Return whose session *token* is, ``None`` when there is none that still lives."""
        found = await self._ports.sessions.find(token, idle=LONGEST) if token else None
        if found is None:
            return None
        session, user = found
        if self._ports.clock.now() - session.seen_at >= IDLE[Role(user.role)]:
            await self._ports.sessions.end(token)
            return None
        return Identity(user, token, session.csrf, session.expires_at)

    async def end(self, who: Identity, address: str) -> None:
        await self._ports.sessions.end(who.token)
        await self._note(who.user, "signed_out", who.user.name, address)

    async def _administrator(self, user: User | None, name: str, hashed: str) -> User:
        if user is not None:
            await self._ports.users.set_password(user.user_id, hashed)
            return user
        now = self._ports.clock.now()
        made = User(
            user_id=UserId(new_id("user")),
            authority_id=self._ports.authority_id,
            name=name,
            full_name=name,
            role=Role.ADMINISTRATOR,
            password_hash=hashed,
            created_at=now,
            password_changed_at=now,
        )
        await self._ports.users.add(made)
        return made

    async def _begin(self, user: User, address: str, action: str) -> Identity:
        new = await self._ports.sessions.begin(user, LONGEST, address)
        await self._note(user, action, user.name, address)
        return Identity(user, new.token, new.session.csrf, new.session.expires_at)

    async def _note(self, user: User | None, action: str, subject: str, address: str) -> None:
        entry = AuditEntry(
            authority_id=user.authority_id if user else self._ports.authority_id,
            at=self._ports.clock.now(),
            who=user.user_id if user else "",
            action=action,
            subject=subject,
            address=address,
        )
        await self._ports.audit.add(entry)
