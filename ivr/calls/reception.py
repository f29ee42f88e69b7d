"""A call arrives: its line is found, its dialplan run, its one outcome written down."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import structlog
from twisted.internet.interfaces import IReactorTime

from ivr.background import Background
from ivr.calls.context import CallContext, House
from ivr.calls.lines import Lines
from ivr.calls.visit import Visit
from ivr.dialplan.interpreter import Ending, Place, run_dialplan
from ivr.errors import CallerHungUp, MokedError
from ivr.events import Outcome
from ivr.ids import AuthorityId, CallId, LineName, new_call_id
from ivr.routing.numbers import normalise_called, normalise_caller
from ivr.telephony.caller import Caller
from ivr.telephony.channel import Channel, ControlLost
from ivr.telephony.dispatcher import Arrival
from ivr.telephony.lease import Lease

log = structlog.get_logger(__name__)

FAILSAFE_CONTEXT = "failsafe"
_UNALLOCATED = 1  # Q.850


class Reception:
    """Takes every call that Asterisk hands over; one that fails goes to the fail-safe."""

    def __init__(  # noqa: PLR0913 - the parts it joins
        self,
        reactor: IReactorTime,
        authority_id: AuthorityId,
        lines: Lines,
        house: House,
        background: Background,
        *,
        last_resort: LineName,
        pretended_times: bool,
    ) -> None:
        self._reactor = reactor
        self._authority_id = authority_id
        self._lines = lines
        self._house = house
        self._background = background
        self._last_resort = last_resort
        self._pretended_times = pretended_times
        self.visits: dict[CallId, Visit] = {}
        self._given_up: deque[str] = deque(maxlen=1000)
        self.on_control_lost: Callable[[CallId], None] = lambda _call_id: None
        self.on_agent_call: Callable[[Arrival], object] = lambda _arrival: None

    def refurnish(self, house: House, *, last_resort: LineName) -> None:
        """Give calls that start from now on another house; those that run keep theirs."""
        self._house = house
        self._last_resort = last_resort

    def arrived(self, arrival: Arrival) -> None:
        """Start a new call; returns at once."""
        kind, *rest = arrival.args or ("",)
        if kind == "in" and rest:
            self._background.start("call", self._receive(arrival, rest))
        elif kind == "agent":
            self.on_agent_call(arrival)
        else:
            log.error("call with unknown arguments", args=len(arrival.args))
            self._background.start("failsafe", self.to_failsafe(arrival.channel))

    async def go_on(self, visit: Visit, place: Place) -> None:
        """Run a call on from *place*, after a restart of ours."""
        await self._run(visit, place)

    async def _receive(self, arrival: Arrival, args: list[str]) -> None:
        line = self._lines.line_for(args[0])
        if line is None:
            log.error("call to an unknown number", called_number=normalise_called(args[0]))
            await arrival.channel.hang_up(_UNALLOCATED)
            return
        visit = self._visit(arrival, line, args)
        self._house.ledger.arrived(visit)
        await self._run(visit, None)

    def _visit(self, arrival: Arrival, line: LineName, args: list[str]) -> Visit:
        published = self._lines.live[line]
        caller = normalise_caller(arrival.caller_number)
        lease = Lease(self._reactor, arrival.channel)
        visit = Visit(
            call_id=new_call_id(),
            authority_id=self._authority_id,
            line=line,
            plan=published.plan,
            plan_version=published.version,
            channel=arrival.channel,
            caller=Caller(self._reactor, arrival.channel, lease),
            lease=lease,
            caller_number=caller.number,
            caller_received=arrival.caller_number[:64],
            called_number=normalise_called(args[0]),
            own_number=self._lines.own_number(line),
            language=published.plan.language,
            arrived_at=self._house.clock.now(),
        )
        if self._pretended_times and len(args) > 1:
            pretended = _civil_time(args[1], self._house.timezone)
            visit.time_shift = pretended - visit.arrived_at if pretended else timedelta(0)
        return visit

    async def _run(self, visit: Visit, place: Place | None) -> None:
        structlog.contextvars.bind_contextvars(call_id=visit.call_id)
        self.visits[visit.call_id] = visit
        visit.lease.start()
        context = CallContext(visit, self._house)
        try:
            ending = await run_dialplan(
                visit.plan, context, visit.trace, start=place, at_step=context.at_step
            )
        except ControlLost:
            self.on_control_lost(visit.call_id)
            return  # the call lives on in Asterisk and is adopted when we see it again
        except Exception as error:
            log.exception("call failed", error=type(error).__name__)
            ending = Ending.FAILED
        finally:
            visit.lease.stop()
            self.visits.pop(visit.call_id, None)
        await self._end(visit, ending)

    async def _end(self, visit: Visit, ending: Ending) -> None:
        failed = ending in {Ending.FAILED, Ending.LOOPED}
        try:
            if failed and not visit.channel.gone:
                await self.to_failsafe(visit.channel, visit.line)
            elif not visit.channel.gone:
                await visit.channel.hang_up()
        except ControlLost:
            log.warning("call not hung up: connection to Asterisk lost")
        departure = visit.channel.departure
        if departure is not None and not departure.hung_up:
            failed = True
        weakest = Outcome.FAILSAFE if failed else Outcome.ABANDONED
        outcome = visit.outcome or weakest
        cause = departure.cause if departure is not None else None
        self._house.ledger.ended(visit, outcome, cause)

    def gave_up(self, channel_id: str) -> bool:
        """Say whether we gave this call to the fail-safe ourselves."""
        return channel_id in self._given_up

    async def to_failsafe(self, channel: Channel, line: LineName | None = None) -> None:
        """Give a call that we cannot serve to Asterisk's own dialplan, which ends at a person."""
        self._given_up.append(channel.id)
        try:
            await channel.continue_in(FAILSAFE_CONTEXT, line or self._last_resort)
        except CallerHungUp:
            return
        except MokedError as error:
            log.error("call not given to the fail-safe", error=type(error).__name__)


def _civil_time(digits: str, timezone: ZoneInfo) -> datetime | None:
    """Read ``YYYYMMDDHHMM`` as civil time, ``None`` if it is none."""
    try:
        read = datetime.strptime(digits, "%Y%m%d%H%M")  # noqa: DTZ007 - the zone comes next
    except ValueError:
        return None
    return read.replace(tzinfo=timezone).astimezone(UTC)
