"""``StepContext`` on no call at all: a virtual clock, and a world that answers by script."""

from collections import deque
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NoReturn, TypeVar

from ivr.dialplan.conditions import holds_on
from ivr.dialplan.context import Speech
from ivr.dialplan.interpreter import Place
from ivr.dialplan.outcomes import (
    AgiOutcome,
    CallbackOutcome,
    DayKind,
    DialOutcome,
    LookedUp,
    LookupOutcome,
    MessageOutcome,
    PayOutcome,
    QueueOutcome,
    Reached,
    SendOutcome,
    SurveyOutcome,
)
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.scenario import FAILS, HANGS_UP, Answer, Scenario, Service, TicketOutcome
from ivr.dialplan.simulation import End, Event, Kind
from ivr.dialplan.site import Site
from ivr.dialplan.trace import MASKED, Trace
from ivr.dialplan.world import World
from ivr.errors import CallerHungUp, StepFailed
from ivr.ids import CallId, Label, QueueName
from ivr.telephony.digits import KeyBuffer, Wanted

Length = Callable[[str, str], float]  # language, prompt → seconds
E = TypeVar("E", bound=StrEnum)

_THINKS = 0.5  # seconds from the end of a question to the first key of who listened to it
_TYPES = 0.4  # seconds from key to key
_SAYS_DIGIT = 0.6  # seconds for each digit of a value
_TICKET = "1042"
_SPOKEN = 2.0  # seconds of speech that make a message, also of who hangs up then
_LASTS = {  # seconds, where the script does not say
    (Service.QUEUE, QueueOutcome.TALKED): 8.0,
    (Service.NUMBER, DialOutcome.TALKED): 6.0,
    (Service.NUMBER, DialOutcome.BUSY): 2.0,
    (Service.NUMBER, DialOutcome.REJECTED): 6.0,
    (Service.NUMBER, DialOutcome.UNREACHABLE): 1.0,
    (Service.BOX, MessageOutcome.ACCEPTED): 15.0,
    (Service.BOX, MessageOutcome.EMPTY): 5.0,
    (Service.BOX, HANGS_UP): 15.0,
    (Service.LOOKUP, LookupOutcome.FAILED): 2.0,
    (Service.PAY, PayOutcome.PAID): 90.0,
    (Service.PAY, PayOutcome.DECLINED): 90.0,
    (Service.PAY, PayOutcome.UNKNOWN): 90.0,
    (Service.SURVEY, SurveyOutcome.DONE): 30.0,
}


class SimulatedCall:
    """One call on paper. Whatever takes time moves its clock, and nothing else does."""

    def __init__(
        self, plan: Dialplan, site: Site, scenario: Scenario, world: World, length: Length
    ) -> None:
        self._plan = plan
        self._site = site
        self._world = world
        self._length = length
        self._began = scenario.at.astimezone(UTC)
        self._place = Place(plan.start)
        self._answered = False
        self._keys = KeyBuffer()
        self._coming: deque[tuple[float, str]] = deque()  # second and key
        self._variables: dict[str, str] = {}
        self.caller_number = scenario.caller_number
        self.called_number = scenario.called_number or next(iter(plan.numbers), "")
        self.language = scenario.language or plan.language
        self._language_chosen = bool(scenario.language)
        self.call_id = CallId("simulated")
        self.trace = Trace()
        self.events: list[Event] = []
        self.began: list[float] = []
        self.seconds = 0.0  # since the answer
        self.end = End()
        self.reached_at = 0.0

    def at_step(self, place: Place) -> None:
        """Note where the call stands; a world that knows the time of it sets the clock."""
        self._place = place
        known = self._world.at_step(place, self._plan.steps[place.label])
        self.seconds = max(self.seconds, known or 0.0)
        self.began.append(self.seconds)

    @property
    def label(self) -> Label:
        return self._place.label

    @property
    def variables(self) -> MutableMapping[str, str]:
        return self._variables

    @property
    def site_values(self) -> Mapping[str, str]:
        return self._site.values

    @property
    def state(self) -> tuple[str, bool, End, int]:
        """Return what the call's further way depends on, besides its variables."""
        keys = len(self._coming) + len(self._keys)
        return self.language, self._language_chosen, self.end, keys

    def now(self) -> datetime:
        now = self._began + timedelta(seconds=self.seconds)
        return now.astimezone(self._site.authority.timezone)

    def is_open(self, hours: str) -> bool:
        known = self._world.is_open(hours)
        return self._site.hours[hours].is_open(self.now()) if known is None else known

    def is_staffed(self, queue: str) -> bool:
        return self._world.is_staffed(queue)

    def queue_waiting(self, queue: str) -> int:
        return self._world.queue_waiting(queue)

    def is_emergency(self) -> bool:
        return self._world.is_emergency()

    def day_kind(self) -> DayKind:
        return self._world.day_kind() or self._site.calendar.at(self.now()).kind

    def holds(self, condition: str) -> bool:
        known = self._world.holds(condition)
        return holds_on(self, condition) if known is None else known

    def count(self, counter: str) -> None:
        before = int(self.variables.get(counter) or 0)
        counted = min(before + 1, self._plan.counters.get(counter, before + 1))
        self.variables[counter] = str(counted)

    def speak(self, language: str) -> None:
        self.language = language
        self._language_chosen = True

    def hand_over(self, line: str) -> None:
        spoken = self._plan.languages[line]
        if not self._language_chosen or self.language not in spoken:
            self.language = spoken[0]

    def slow_down(self) -> None:
        """Nothing is slower yet: the slow prompts are still to be made."""

    def forget_keys(self) -> None:
        self._type_ahead()
        self._keys.clear()

    async def answer(self) -> None:
        self._answered = True
        self._pass(0.0)

    async def play(self, *speech: Speech) -> None:
        self._hear(speech)

    async def ask(
        self,
        *speech: Speech,
        digits: int = 1,
        wait: float = 5.0,
        between: float = 3.0,
        finish: str = "",
        barge_in: bool = True,
        secret: bool = False,
    ) -> str:
        wanted = Wanted(digits, finish)
        self._type_ahead()
        early = barge_in and len(self._keys) > 0
        self._expect(speech, wanted)
        if not early:
            self._hear(speech, until=self._coming[0][0] if barge_in and self._coming else None)
        self._type_ahead()
        self._take_keys(wanted, wait, between)
        keys = self._keys.take(wanted)
        self.trace.pressed(keys, secret=secret)
        shown = MASKED if secret and keys else keys
        self._tell(Kind.PRESSED if keys else Kind.SILENT, shown)
        return keys

    async def enqueue(self, queue: str, *, wait: float | None) -> QueueOutcome:
        limit = self._site.queues[QueueName(queue)].wait if wait is None else wait
        outcome = self._wait(Service.QUEUE, queue, limit, QueueOutcome)
        if outcome is QueueOutcome.TALKED:
            self._reach(Reached.PERSON, queue)
        return outcome

    async def dial(
        self, number: str, *, ring_for: float, confirm: str | None = None, record: bool = True
    ) -> DialOutcome:
        outcome = self._wait(Service.NUMBER, number, ring_for, DialOutcome)
        if outcome is DialOutcome.TALKED:
            self._pass(self._seconds(confirm) + _THINKS if confirm else 0.0)
            self._reach(Reached.PERSON, number)
        return outcome

    async def open_ticket(self, *, subject: str, text: str, department: str) -> str:
        if self._turn(Service.TICKET, department, TicketOutcome) is TicketOutcome.IMPOSSIBLE:
            raise StepFailed("no ticket could be opened")
        self._reach(Reached.TICKET, department)
        return _TICKET

    async def take_message(self, box: str, *, longest: float, finish: str = "#") -> MessageOutcome:
        self._hear(("beep",))
        given = self._world.answer(Service.BOX, box)
        if given.outcome == HANGS_UP and self._lasts(Service.BOX, given) >= _SPOKEN:
            self._reach(Reached.MESSAGE, box)  # who hangs up when they have spoken leaves it
        outcome = self._spend(Service.BOX, box, given, longest, MessageOutcome)
        if outcome is MessageOutcome.ACCEPTED:
            self._reach(Reached.MESSAGE, box)
        return outcome

    async def look_up(self, source: str, about: str) -> LookedUp:
        given = self._world.answer(Service.LOOKUP, source)
        outcome = self._spend(Service.LOOKUP, source, given, None, LookupOutcome)
        return LookedUp(outcome, given.values if outcome is LookupOutcome.FOUND else {})

    async def pay(self, account: str) -> PayOutcome:
        outcome = self._turn(Service.PAY, "", PayOutcome)
        if outcome is PayOutcome.PAID:
            self._reach(Reached.PAID, "")
        return outcome

    async def send_message(self, template: str, number: str) -> SendOutcome:
        return self._turn(Service.SEND, template, SendOutcome)

    async def survey(self, name: str) -> SurveyOutcome:
        return self._turn(Service.SURVEY, name, SurveyOutcome)

    async def promise_callback(self, queue: str) -> CallbackOutcome:
        outcome = self._turn(Service.CALLBACK, queue, CallbackOutcome)
        if outcome is CallbackOutcome.PROMISED:
            self._reach(Reached.CALLBACK, queue)
        return outcome

    async def run_agi(self, script: str) -> AgiOutcome:
        return self._turn(Service.AGI, script, AgiOutcome)

    async def refuse(self, cause: int) -> None:
        if not self._answered:
            self._reach(Reached.REFUSED, "")
        self._tell(Kind.ENDED, outcome="refused")

    async def hang_up(self, *, allowed: str = "") -> None:
        if allowed:
            self._reach(Reached.REFUSED, "")
        self._tell(Kind.ENDED, outcome="hung up")

    # Keys

    def _expect(self, speech: tuple[Speech, ...], wanted: Wanted) -> None:
        """Ask the caller what they will press, if nothing is under way."""
        if self._coming or self._keys.whole(wanted):
            return
        press = self._world.press()
        listens = sum(map(self._seconds, speech)) + _THINKS
        first = self.seconds + (listens if press.after is None else press.after)
        if press.hangs_up:
            self._hear(speech, until=first)
            self._pass(max(0.0, first - self.seconds))
            self._leave()
        self._coming.extend((first + place * _TYPES, key) for place, key in enumerate(press.keys))

    def _type_ahead(self) -> None:
        while self._coming and self._coming[0][0] <= self.seconds:
            self._keys.press(self._coming.popleft()[1])

    def _take_keys(self, wanted: Wanted, wait: float, between: float) -> None:
        """Wait for keys as a real call does: *wait* for the first one, *between* for the others."""
        while not self._keys.whole(wanted):
            within = between if len(self._keys) else wait
            if not self._coming or self._coming[0][0] > self.seconds + within:
                self._pass(within)
                return
            due, key = self._coming.popleft()
            self._pass(max(0.0, due - self.seconds))
            self._keys.press(key)

    # What takes time

    def _hear(self, speech: tuple[Speech, ...], until: float | None = None) -> None:
        """Say *speech*; it is cut short at the second *until*."""
        self._answered = True
        names = [part if isinstance(part, str) else part.value for part in speech]
        self.trace.heard(*names)
        for part, name in zip(speech, names, strict=True):
            seconds = self._seconds(part)
            if until is not None:
                seconds = min(seconds, until - self.seconds)
            if seconds > 0 or until is None:
                self._tell(Kind.HEARD, name, seconds=seconds)
                self._pass(seconds)

    def _seconds(self, part: Speech) -> float:
        if isinstance(part, str):
            own, _, name = part.rpartition("/")
            return self._length(own or self.language, name)
        return _SAYS_DIGIT * len(part.value)

    def _wait(self, service: Service, name: str, limit: float, outcomes: type[E]) -> E:
        """Wait at most *limit* seconds; an answer that comes later finds nobody waiting."""
        self._answered = True
        given = self._world.answer(service, name)
        late = given.outcome == "talked" and self._lasts(service, given) > limit
        if late or (given.outcome == "no_answer" and given.after is None):
            given = Answer("no_answer", limit)
        return self._spend(service, name, given, limit, outcomes)

    def _turn(self, service: Service, name: str, outcomes: type[E]) -> E:
        return self._spend(service, name, self._world.answer(service, name), None, outcomes)

    def _spend(
        self, service: Service, name: str, given: Answer, limit: float | None, outcomes: type[E]
    ) -> E:
        seconds = self._lasts(service, given)
        seconds = seconds if limit is None else min(seconds, limit)
        self._tell(Kind.TURNED, name, service=service, outcome=given.outcome, seconds=seconds)
        self._pass(seconds)
        if given.outcome == HANGS_UP:
            self._leave()
        if given.outcome == FAILS:
            raise StepFailed(f"{service} {name} failed")
        return outcomes(given.outcome)

    def _lasts(self, service: Service, given: Answer) -> float:
        if given.after is not None:
            return given.after
        return _LASTS.get((service, given.outcome), 0.0)

    def _pass(self, seconds: float) -> None:
        leaves = self._world.hangs_up_after()
        if leaves is not None and self.seconds + seconds >= leaves:
            self.seconds = max(self.seconds, leaves)
            self._leave()
        self.seconds += seconds

    def _leave(self) -> NoReturn:
        self._tell(Kind.HUNG_UP)
        raise CallerHungUp

    def _reach(self, reached: Reached, whom: str) -> None:
        best = self.end.better(End(reached, whom))
        if best != self.end:
            self.end, self.reached_at = best, self.seconds

    def _tell(
        self,
        kind: Kind,
        name: str = "",
        *,
        service: Service | None = None,
        outcome: str = "",
        seconds: float = 0.0,
    ) -> None:
        event = Event(
            at=self.seconds,
            label=self.label,
            visit=self._place.visit,
            kind=kind,
            name=name,
            service=service,
            outcome=str(outcome),
            seconds=seconds,
            language=self.language,
        )
        self.events.append(event)
