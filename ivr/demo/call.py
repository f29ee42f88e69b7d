"""``moked call``: one real call to the running service, listened to and reported."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace

import structlog
from twisted.internet.task import deferLater

from ivr.demo.call_report import CallReport, ServerTrace, differences, render
from ivr.demo.carrier import invitation_from
from ivr.demo.fingerprint import Library
from ivr.demo.leg import LegEnd
from ivr.demo.listening import audible_seconds, first_sound, listen
from ivr.demo.media import MediaSession
from ivr.demo.outgoing_call import OutgoingCall
from ivr.demo.ports import Address, UdpReactor
from ivr.demo.prompt_library import PARTY
from ivr.demo.sip_message import SipRequest
from ivr.demo.sip_stack import SipStack
from ivr.demo.transactions import ServerTransaction, response_to
from ivr.errors import MokedError

log = structlog.get_logger(__name__)

_LOOK_EVERY = 0.1
_TALK_EVERY = 0.5
_TRACE_EVERY = 1.0
_TALK_SECONDS = 3.0
_ENOUGH_PROMPT = 3.0  # seconds of speech after which a caller presses into the prompt
_PROMPT_ENDED = 0.6  # seconds of silence that end a prompt
_PATIENCE = 8.0  # seconds without any prompt after which the keys are pressed all the same
_GOODBYE = 2.0  # seconds for the other side to answer our BYE
_OUTCOME_WITHIN = 5.0  # seconds the server has to write down how the call ended
_AFTER_KEY = 0.4  # seconds in which the interrupted prompt may still be heard


@dataclass(frozen=True, slots=True)
class PlacedCall:
    """By what the server's trace of this call can be found."""

    called_number: str
    caller_number: str
    sip_call_id: str


FetchTrace = Callable[[PlacedCall], Awaitable[ServerTrace | None]]


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What to do in the call.

    *press* holds keys; at its beginning and after each comma a prompt is waited for, until it has
    ended or was heard for 3 s: ``3``, ``1,3``, ``2,1234#``.
    """

    server: Address
    called_number: str
    caller_number: str = "+972501234567"
    press: str = ""
    seconds: float = 30.0
    bind_host: str = "127.0.0.1"
    library: Library = field(default_factory=lambda: Library([]))
    fetch_trace: FetchTrace | None = None
    headers: tuple[tuple[str, str], ...] = ()  # further SIP headers of the INVITE


async def place_call(reactor: UdpReactor, plan: CallPlan) -> CallReport:
    """Place the call, live through it and return what happened.

    Raises:
        CannotListenError: no socket is free on the address to call from.
        ValueError: *press* holds something that is no key.
    """
    stack = SipStack(reactor, plan.bind_host, _refuse)
    media = MediaSession(reactor, plan.bind_host)
    stack.listen()
    try:
        media.open()
        invitation = invitation_from(plan.caller_number, plan.called_number, plan.server)
        invitation = replace(invitation, headers=plan.headers)
        caller = _Caller(reactor, plan, OutgoingCall(stack, media, plan.server, invitation))
        return await caller.live()
    finally:
        media.close()
        await stack.settle(_GOODBYE)
        await stack.close()


class _Caller:
    """Listens, presses and hangs up as a person would."""

    def __init__(self, reactor: UdpReactor, plan: CallPlan, call: OutgoingCall) -> None:
        self._reactor = reactor
        self._plan = plan
        self._call = call
        self._placed = PlacedCall(plan.called_number, plan.caller_number, call.call_id)
        self._keys = [group for group in plan.press.replace(" ", "").split(",") if group]
        self._pressed: list[tuple[float, str]] = []
        self._heard_from = 0.0  # a prompt counts from here on, seconds on the time line
        self._talk_at: float | None = None  # clock seconds
        self._parties = Library([p for p in plan.library.prompts if p.name.startswith(PARTY)])

    async def live(self) -> CallReport:
        began = self._reactor.seconds()
        self._call.start()
        if await self._answered(began):
            await self._talk(began)
        self._call.hang_up()
        end = await self._call.ended.within(self._reactor, 35.0)
        lost = LegEnd("network", 408, "no answer to CANCEL", self._reactor.seconds())
        return self._report(began, end or lost, await self._last_trace())

    async def _answered(self, began: float) -> bool:
        while not self._call.answered and not self._call.ended:
            if self._reactor.seconds() - began > self._plan.seconds:
                return False
            await deferLater(self._reactor, _LOOK_EVERY)
        return bool(self._call.answered)

    async def _talk(self, began: float) -> None:
        self._heard_from = self._position()
        looked = asked = began
        while not self._call.ended and not self._is_over(began):
            await self._press_when_due()
            now = self._reactor.seconds()
            if now - looked > _TALK_EVERY and self._talk_at is None:
                looked = now
                self._notice_party(now)
            if now - asked > _TRACE_EVERY and self._talk_at is None:
                trace = await self._trace()
                asked = self._reactor.seconds()
                self._talk_at = asked if trace and trace.talking else self._talk_at
            await deferLater(self._reactor, _LOOK_EVERY)

    def _is_over(self, began: float) -> bool:
        now = self._reactor.seconds()
        if now - began >= self._plan.seconds:
            return True
        return self._talk_at is not None and now - self._talk_at >= _TALK_SECONDS

    async def _press_when_due(self) -> None:
        if not self._keys or not self._is_time_to_press():
            return
        keys = self._keys.pop(0)
        self._pressed.append((self._since_answer(), keys))
        await self._call.media.press(keys)
        self._heard_from = self._position() + _AFTER_KEY

    def _is_time_to_press(self) -> bool:
        now = self._position()
        spoken, quiet = audible_seconds(self._call.media.received.samples(self._heard_from, now))
        quiet += max(0.0, now - max(self._call.media.received.seconds, self._heard_from))
        if spoken >= _ENOUGH_PROMPT or (spoken >= 0.4 and quiet >= _PROMPT_ENDED):
            return True
        return now - self._heard_from > _PATIENCE

    def _notice_party(self, now: float) -> None:
        """A demo party speaks a melody of its own: that is talk."""
        received = self._call.media.received
        samples = received.samples(max(0.0, received.seconds - 3.0))
        if any(part.kind == "party" for part in listen(samples, self._parties)):
            self._talk_at = now

    async def _last_trace(self) -> ServerTrace | None:
        """Return the trace once the server has given the call its outcome, or what there is."""
        deadline = self._reactor.seconds() + _OUTCOME_WITHIN
        while True:
            trace = await self._trace()
            if self._plan.fetch_trace is None or (trace is not None and trace.outcome):
                return trace
            if self._reactor.seconds() > deadline:
                return trace
            await deferLater(self._reactor, _LOOK_EVERY)

    async def _trace(self) -> ServerTrace | None:
        if self._plan.fetch_trace is None:
            return None
        try:
            return await self._plan.fetch_trace(self._placed)
        except (MokedError, OSError) as error:
            log.warning("no trace from the server", error=type(error).__name__)
            return None

    def _position(self) -> float:
        return self._reactor.seconds() - self._call.media.received.zero

    def _since_answer(self) -> float:
        return self._reactor.seconds() - (self._call.answered.value or self._reactor.seconds())

    def _talk_after(self) -> float | None:
        answered = self._call.answered.value
        if self._talk_at is None or answered is None:
            return None
        return self._talk_at - answered

    def _report(self, began: float, end: LegEnd, trace: ServerTrace | None) -> CallReport:
        call, received = self._call, self._call.media.received
        answered = call.answered.value
        origin = (answered if answered is not None else began) - received.zero
        samples = received.samples()
        heard = listen(samples, self._plan.library, begins=-origin)
        sound = first_sound(received.samples(origin)) if answered is not None else None
        return CallReport(
            called_number=self._plan.called_number,
            caller_number=self._plan.caller_number,
            end=end,
            lasted=end.at - began,
            statuses=tuple(call.statuses),
            answered_after=None if answered is None else answered - began,
            first_sound_after=sound,
            talk_after=self._talk_after(),
            heard=tuple(heard),
            pressed=tuple(self._pressed),
            packets=(received.packets, received.lost, call.media.sent),
            trace=trace,
            differences=tuple(differences(heard, trace)) if trace else (),
        )


def _refuse(request: SipRequest, transaction: ServerTransaction, _address: Address) -> None:
    transaction.respond(response_to(request, 200 if request.method == "OPTIONS" else 404, "call"))


__all__ = ["CallPlan", "CallReport", "FetchTrace", "PlacedCall", "place_call", "render"]
