"""One call from arrival to end: all that the house knows of it while it lasts."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ivr.dialplan.interpreter import Place
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.trace import Trace
from ivr.events import Outcome
from ivr.ids import AuthorityId, CallId, Label, LineName
from ivr.telephony.caller import Caller
from ivr.telephony.channel import Channel
from ivr.telephony.lease import Lease

_STRENGTH = [
    Outcome.ABANDONED,
    Outcome.FAILED,
    Outcome.FAILSAFE,
    Outcome.REFUSED,
    Outcome.CALLBACK,
    Outcome.TICKET,
    Outcome.VOICEMAIL,
    Outcome.TALKED,
    Outcome.PAID,
]


@dataclass(slots=True, kw_only=True)
class Visit:
    """State of one call. The best thing that happened to the caller is its outcome."""

    call_id: CallId
    authority_id: AuthorityId
    line: LineName
    plan: Dialplan
    channel: Channel
    caller: Caller
    lease: Lease
    caller_number: str
    caller_received: str
    called_number: str
    own_number: str  # what calls made for this caller show
    language: str
    arrived_at: datetime
    answered_at: datetime | None = None
    time_shift: timedelta = timedelta(0)  # how far a demo call's ``--at`` is from now
    language_chosen: bool = False  # by the caller, who keeps it when another line takes over
    slow: bool = False  # the caller asked for slower speech
    variables: dict[str, str] = field(default_factory=dict)
    choices: list[str] = field(default_factory=list)
    plan_version: int = 0
    trace: Trace = field(default_factory=Trace)
    place: Place | None = None
    queued_at: dict[str, float] = field(default_factory=dict)  # queue -> epoch seconds
    talk: dict[str, Any] | None = None  # enough to take a running talk over
    talked_with: str = ""
    talk_seconds: float = 0.0
    outcome: Outcome | None = None

    def reached(self, outcome: Outcome) -> None:
        """Note *outcome* unless something better happened already."""
        if self.outcome is None or _STRENGTH.index(outcome) > _STRENGTH.index(self.outcome):
            self.outcome = outcome

    def effect_key(self) -> str:
        """Return the key under which an effect of the present step happens once."""
        place = self.place or Place(Label(""))
        return f"{self.call_id}/{place.label}/{place.visit}"
