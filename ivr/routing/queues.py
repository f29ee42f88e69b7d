"""Who waits for whom: callers by arrival, agents by strategy, re-checked as either changes."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum

import structlog
from twisted.internet.defer import Deferred

from ivr.background import Background
from ivr.ids import AgentId, CallId, ChannelId, LineName, OfferId, QueueName
from ivr.routing.roster import Roster
from ivr.routing.strategies import Strategy, longest_idle
from ivr.telephony.channel import Channel

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class QueueRules:
    """What the site says of a queue; durations in seconds."""

    name: QueueName
    ring_for: float = 15.0
    wrap_up: float = 10.0
    wait: float = 90.0  # where the step names no limit of its own
    capacity: int = 50
    record: bool = True
    retention_days: int = 90
    strategy: Strategy = longest_idle


class LeftWhy(StrEnum):
    """Why an entry left its queue without an agent."""

    NO_ANSWER = "no_answer"
    EMPTY = "empty"
    HUNG_UP = "hung_up"


@dataclass(frozen=True, slots=True)
class Answered:
    """An agent's phone was picked up: *leg* is up and waits to be joined."""

    agent_id: AgentId
    offer_id: OfferId
    leg: Channel


@dataclass(slots=True)
class Entry:
    """One caller who waits. ``result`` fires once, with an agent or with why there is none."""

    call_id: CallId
    queue: QueueName
    line: LineName
    channel_id: ChannelId
    caller_number: str
    shown_name: str
    choices: tuple[str, ...]
    entered_at: float  # epoch seconds: the order of the line, kept over a restart
    answered_at: float  # epoch seconds of the machine's answer: what an agent sees as the wait
    result: "Deferred[Answered | LeftWhy]" = field(default_factory=Deferred)
    offer_id: OfferId | None = None
    leg: Channel | None = None
    outcome: Answered | LeftWhy | None = None

    @property
    def settled(self) -> bool:
        return self.outcome is not None

    def settle(self, result: Answered | LeftWhy) -> None:
        if self.outcome is None:
            self.outcome = result
            self.result.callback(result)


class Queues:
    """All queues of this node. ``offer`` is started for each pair that is found."""

    def __init__(self, roster: Roster, background: Background) -> None:
        self._roster = roster
        self._background = background
        self._rules: dict[QueueName, QueueRules] = {}
        self._waiting: dict[QueueName, list[Entry]] = {}
        self._matching = False
        self._again = False
        self.offer: Callable[[Entry, AgentId, QueueRules], None] = lambda _e, _a, _r: None
        self.on_change: Callable[[QueueName], None] = lambda _queue: None
        roster.on_change = self.recheck

    def load(self, rules: Iterable[QueueRules]) -> None:
        for rule in rules:
            self._rules[rule.name] = rule
            self._waiting.setdefault(rule.name, [])

    @property
    def names(self) -> list[QueueName]:
        return list(self._rules)

    def rules(self, queue: QueueName) -> QueueRules:
        return self._rules[queue]

    def waiting(self, queue: QueueName) -> list[Entry]:
        """Return who waits, the next one first."""
        return list(self._waiting[queue])

    def is_full(self, queue: QueueName) -> bool:
        return len(self._waiting[queue]) >= self._rules[queue].capacity

    def is_staffed(self, queue: QueueName) -> bool:
        return self._roster.at_work(queue) > 0

    def place(self, entry: Entry) -> int:
        """Return where *entry* stands, 1 for the next one."""
        return self._waiting[entry.queue].index(entry) + 1 if not entry.settled else 0

    def enter(self, entry: Entry) -> None:
        """Let *entry* wait; who came earlier stands earlier, also after a restart of ours."""
        line = self._waiting[entry.queue]
        line.append(entry)
        line.sort(key=lambda one: one.entered_at)
        self.on_change(entry.queue)
        self.recheck()

    def leave(self, entry: Entry, why: LeftWhy) -> None:
        """Take *entry* out if it still waits; a phone that rings for it is withdrawn."""
        entry.settle(why)
        self._remove(entry)

    def answered(self, entry: Entry, answer: Answered) -> bool:
        """Give *entry* its agent; false when the caller is served or gone already."""
        if entry.settled:
            return False
        self._remove(entry)
        entry.settle(answer)
        return True

    def offer_over(self, entry: Entry) -> None:
        """Let *entry* be offered to the next agent."""
        entry.offer_id = entry.leg = None
        self.recheck()

    def recheck(self) -> None:
        """Match callers with agents, and let go those for whom nobody is left.

        Called after every change; a change made by an offer started from here only asks for
        one more round.
        """
        if self._matching:
            self._again = True
            return
        self._matching = True
        try:
            self._again = True
            while self._again:
                self._again = False
                for queue, line in self._waiting.items():
                    self._match(queue, list(line))
        finally:
            self._matching = False

    def _match(self, queue: QueueName, line: list[Entry]) -> None:
        rules = self._rules[queue]
        if line and not self.is_staffed(queue):
            for entry in line:
                if entry.offer_id is None:
                    self.leave(entry, LeftWhy.EMPTY)
            return
        agents = rules.strategy(self._roster.available(queue))
        free = [entry for entry in line if entry.offer_id is None and not entry.settled]
        for entry, agent_id in zip(free, agents, strict=False):
            self.offer(entry, agent_id, rules)

    def _remove(self, entry: Entry) -> None:
        line = self._waiting[entry.queue]
        if entry in line:
            line.remove(entry)
            self.on_change(entry.queue)
