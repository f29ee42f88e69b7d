"""What ``moked demo`` and tests may ask of the running endpoint: one JSON line in, one out."""

import secrets
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from ivr.demo.behaviour import NAMED, Behaviour
from ivr.demo.desk_phone import DeskPhone
from ivr.demo.endpoint import DemoEndpoint
from ivr.demo.leg import Leg
from ivr.demo.party import Party
from ivr.errors import MokedError


class DemoRefused(MokedError):
    """The demo endpoint cannot do what it was asked; the text says why."""


class SignIn(msgspec.Struct, frozen=True, tag_field="do", tag="sign-in"):
    phone: str  # 301 or agent-301
    password: str = ""  # only for a phone that the endpoint does not know yet


class SignOut(msgspec.Struct, frozen=True, tag_field="do", tag="sign-out"):
    phone: str


class Behave(msgspec.Struct, frozen=True, tag_field="do", tag="behave"):
    """Set how a phone or number behaves: by a name such as ``busy``, or in full."""

    who: str
    named: str = ""
    behaviour: Behaviour | None = None


class Dial(msgspec.Struct, frozen=True, tag_field="do", tag="dial"):
    """A desk phone calls *number* for at most *seconds*."""

    phone: str
    number: str
    seconds: float = 30.0


class HangUp(msgspec.Struct, frozen=True, tag_field="do", tag="hang-up"):
    who: str


class Press(msgspec.Struct, frozen=True, tag_field="do", tag="press"):
    """Press keys in every call that this party is in now."""

    who: str
    digits: str


class Status(msgspec.Struct, frozen=True, tag_field="do", tag="status"):
    pass


class Calls(msgspec.Struct, frozen=True, tag_field="do", tag="calls"):
    pass


Command = SignIn | SignOut | Behave | Dial | HangUp | Press | Status | Calls


class DemoControl:
    """Carries out commands on one endpoint."""

    def __init__(self, endpoint: DemoEndpoint) -> None:
        self._endpoint = endpoint
        self._obey: dict[type[Any], Callable[[Any], Awaitable[dict[str, Any]]]] = {
            SignIn: self._sign_in,
            SignOut: self._sign_out,
            Behave: self._behave,
            Dial: self._dial,
            HangUp: self._hang_up,
            Press: self._press,
            Status: self._status,
            Calls: self._calls,
        }

    async def answer(self, line: bytes) -> bytes:
        """Return the reply to one command: ``{"ok":true,…}`` or ``{"ok":false,"why":…}``."""
        try:
            command = msgspec.json.decode(line, type=Command)
            reply = {"ok": True, **await self._obey[type(command)](command)}
        except (msgspec.DecodeError, MokedError, OSError) as error:
            reply = {"ok": False, "why": str(error)}
        return msgspec.json.encode(reply)

    async def _sign_in(self, command: SignIn) -> dict[str, Any]:
        if command.password:
            self._endpoint.add_phone(_phone_name(command.phone), command.password)
        return {"state": str(await self._phone(command.phone).sign_in())}

    async def _sign_out(self, command: SignOut) -> dict[str, Any]:
        return {"state": str(await self._phone(command.phone).sign_out())}

    async def _behave(self, command: Behave) -> dict[str, Any]:
        behaviour = command.behaviour or NAMED.get(command.named)
        if behaviour is None:
            raise DemoRefused(f"behave how? one of {', '.join(NAMED)}, or a behaviour in full")
        phone = self._endpoint.phones.get(_phone_name(command.who))
        if phone is not None:
            phone.behaviour = behaviour
        elif command.who.lstrip("+").isdigit():
            self._endpoint.carrier.behave(command.who, behaviour)
        else:
            raise DemoRefused(f"no demo phone and no number: {command.who}")
        return {"behaviour": msgspec.to_builtins(behaviour)}

    async def _dial(self, command: Dial) -> dict[str, Any]:
        phone = self._phone(command.phone)
        call = phone.dial(command.number, self._endpoint.new_media())
        self._endpoint.background.start(f"dial {secrets.token_hex(4)}", self._limit(call, command))
        return {"call_id": call.call_id}

    async def _limit(self, call: Leg, command: Dial) -> None:
        if await call.ended.within(self._endpoint.stack.reactor, command.seconds) is None:
            call.hang_up()

    async def _hang_up(self, command: HangUp) -> dict[str, Any]:
        calls = list(self._party(command.who).current)
        for call in calls:
            call.hang_up()
        return {"hung_up": len(calls)}

    async def _press(self, command: Press) -> dict[str, Any]:
        calls = list(self._party(command.who).current)
        for call in calls:
            try:
                await call.media.press(command.digits)
            except ValueError as error:
                raise DemoRefused(str(error)) from None
        return {"pressed_in": len(calls)}

    async def _status(self, _command: Status) -> dict[str, Any]:
        return {
            "sip": [self._endpoint.stack.host, self._endpoint.stack.port],
            "phones": {
                name: {"state": str(phone.state), "calls": len(phone.current)}
                for name, phone in self._endpoint.phones.items()
            },
            "numbers": {
                number: {"name": party.name, "calls": len(party.current)}
                for number, party in self._endpoint.carrier.parties.items()
            },
        }

    async def _calls(self, _command: Calls) -> dict[str, Any]:
        past = [call for party in self._endpoint.parties for call in party.past]
        return {"calls": msgspec.to_builtins(past)}

    def _phone(self, name: str) -> DeskPhone:
        phone = self._endpoint.phones.get(_phone_name(name))
        if phone is None:
            known = ", ".join(self._endpoint.phones) or "none"
            raise DemoRefused(f"no demo phone {name!r}; there are: {known}")
        return phone

    def _party(self, who: str) -> Party:
        party = self._endpoint.phones.get(_phone_name(who)) or self._endpoint.carrier.party_at(who)
        if party is None:
            raise DemoRefused(f"no demo phone and no demo number: {who!r}")
        return party


def _phone_name(name: str) -> str:
    return f"agent-{name}" if name.isdigit() else name
