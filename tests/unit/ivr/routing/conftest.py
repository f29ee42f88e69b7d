"""Routing with agents in memory and phones that do as the test says."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from ivr.background import Background
from ivr.events import EventBus
from ivr.ids import AgentId, CallId, ChannelId, LineName
from ivr.routing.agents import AgentEvent
from ivr.routing.offers import Offers
from ivr.routing.queues import Entry, QueueRules, Queues
from ivr.routing.roster import Roster
from tests.fakes.agents import QUEUE, FakeAgents, FakeJournal, FakeLegs, Heard, agent
from tests.fakes.driven_clock import DrivenClock
from tests.results import result_of


@dataclass
class Floor:
    """A call centre's floor: agents, one queue, phones."""

    clock: DrivenClock = field(default_factory=DrivenClock)
    agents: FakeAgents = field(default_factory=FakeAgents)
    journal: FakeJournal = field(default_factory=FakeJournal)
    legs: FakeLegs = field(default_factory=FakeLegs)
    bus: EventBus = field(default_factory=EventBus)
    background: Background = field(default_factory=Background)

    def __post_init__(self) -> None:
        self.heard = Heard(self.bus)
        self.roster = Roster(self.clock, self.agents, self.journal, self.bus)  # type: ignore[arg-type]
        self.queues = Queues(self.roster, self.background)
        self.queues.load([QueueRules(QUEUE, capacity=3)])
        self.offers = Offers(
            self.clock,
            self.roster,
            self.queues,
            self.legs,  # type: ignore[arg-type]
            self.bus,
            self.background,
        )

    def staff(self, *names: str) -> None:
        """Let these agents sign in, a second apart."""
        result_of(self.roster.load([agent(name) for name in names]))
        for name in names:
            self.clock.advance(1)
            self.fire(name, AgentEvent.SIGN_IN)

    def fire(self, name: str, event: AgentEvent) -> None:
        result_of(self.roster.fire(AgentId(name), event))

    def state(self, name: str) -> str:
        return str(self.roster.state(AgentId(name)))

    def arrives(self, name: str) -> Entry:
        """Let a caller enter the queue."""
        self.clock.advance(1)
        now = self.clock.now().timestamp()
        entry = Entry(
            call_id=CallId(name),
            queue=QUEUE,
            line=LineName("billing"),
            channel_id=ChannelId(f"channel-{name}"),
            caller_number="+972501110001",
            shown_name="billing",
            choices=("billing_menu:4",),
            entered_at=now,
            answered_at=now - 20,
        )
        self.queues.enter(entry)
        return entry

    @property
    def ringing(self) -> list[str]:
        """The phones that ring now."""
        return [
            leg.endpoint.removeprefix("PJSIP/")
            for leg in self.legs.rung
            if not leg.result.called and not leg.gone
        ]


@pytest.fixture
def floor() -> Floor:
    return Floor()
