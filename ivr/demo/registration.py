"""A phone's registration: REGISTER with digest, refreshed before it expires (RFC 3261 §10)."""

import secrets
from enum import StrEnum

from twisted.internet.defer import Deferred

from ivr.demo.digest import Credentials, authorization, strongest
from ivr.demo.ports import Address
from ivr.demo.sip_message import Headers, SipRequest, SipResponse
from ivr.demo.sip_stack import SipStack
from ivr.demo.transactions import Timers

_EXPIRES = 120
_RETRY = 5.0


class RegistrationState(StrEnum):
    """Whether the registrar knows where we are."""

    SIGNED_OUT = "signed out"
    SIGNED_IN = "signed in"
    REFUSED = "refused"
    UNANSWERED = "unanswered"


class Registration:
    """Keeps one address of record registered between ``sign_in`` and ``sign_out``."""

    def __init__(self, stack: SipStack, registrar: Address, who: Credentials) -> None:
        self.state = RegistrationState.SIGNED_OUT
        self._stack = stack
        self._registrar = registrar
        self._who = who
        self._timers = Timers(stack.reactor)
        self._call_id = secrets.token_hex(12)
        self._tag = secrets.token_hex(6)
        self._cseq = 0
        self._wanted = False

    async def sign_in(self) -> RegistrationState:
        """Register, and keep it so; an unanswered registration is tried again every 5 s."""
        self._wanted = True
        return await self._register(_EXPIRES)

    async def sign_out(self) -> RegistrationState:
        """Remove the registration."""
        self._wanted = False
        self._timers.stop()
        return await self._register(0)

    def stop(self) -> None:
        """Stop refreshing, without a word to the registrar."""
        self._wanted = False
        self._timers.stop()

    async def _register(self, expires: int) -> RegistrationState:
        response = await self._ask(expires, "")
        if response is not None and response.status == 401:
            asked = strongest(response.headers.all("WWW-Authenticate"))
            if asked is not None:
                cnonce = secrets.token_hex(8)
                value = authorization(asked, self._who, "REGISTER", self._uri, cnonce)
                response = await self._ask(expires, value)
        self.state = self._meaning(response, expires)
        if self._wanted:
            good = self.state is RegistrationState.SIGNED_IN
            self._timers.start("again", _EXPIRES / 2 if good else _RETRY, self._again)
        return self.state

    def _again(self) -> None:
        refreshed = Deferred.fromCoroutine(self._register(_EXPIRES))
        refreshed.addErrback(lambda failure: failure.trap(ConnectionError))

    @staticmethod
    def _meaning(response: SipResponse | None, expires: int) -> RegistrationState:
        if response is None:
            return RegistrationState.UNANSWERED
        if response.status != 200:
            return RegistrationState.REFUSED
        return RegistrationState.SIGNED_IN if expires else RegistrationState.SIGNED_OUT

    @property
    def _uri(self) -> str:
        return f"sip:{self._registrar[0]}:{self._registrar[1]}"

    def _ask(self, expires: int, authorized: str) -> "Deferred[SipResponse | None]":
        answered: Deferred[SipResponse | None] = Deferred()

        def on_response(response: SipResponse) -> None:
            if response.status >= 200:
                answered.callback(response)

        self._stack.request(
            self._request(expires, authorized),
            self._registrar,
            on_response,
            lambda: answered.callback(None),
        )
        return answered

    def _request(self, expires: int, authorized: str) -> SipRequest:
        self._cseq += 1
        address = f"sip:{self._who.username}@{self._registrar[0]}:{self._registrar[1]}"
        fields = [
            ("Max-Forwards", "70"),
            ("From", f"<{address}>;tag={self._tag}"),
            ("To", f"<{address}>"),
            ("Call-ID", self._call_id),
            ("CSeq", f"{self._cseq} REGISTER"),
            ("Contact", f"<{self._stack.contact(self._who.username)}>;expires={expires}"),
            ("Expires", str(expires)),
            ("User-Agent", "moked-demo"),
        ]
        if authorized:
            fields.append(("Authorization", authorized))
        return SipRequest("REGISTER", self._uri, Headers(tuple(fields)))
