"""Simulated calls written down as real ones are: what a trace would say of them."""

from __future__ import annotations

from datetime import timedelta

from ivr.dialplan.interpreter import Ending
from ivr.dialplan.outcomes import Reached
from ivr.dialplan.recorded_call import RecordedCall, RecordedStep
from ivr.dialplan.scenario import Scenario, Service
from ivr.dialplan.simulation import Kind, Simulation
from ivr.ids import CallId, LineName

OUTCOMES = {
    Reached.PERSON: "talked",
    Reached.MESSAGE: "voicemail",
    Reached.TICKET: "ticket",
    Reached.REFUSED: "refused",
    Reached.LOST: "abandoned",
    Reached.PAID: "paid",
    Reached.CALLBACK: "callback",
}


def recorded(
    simulation: Simulation, scenario: Scenario, line: LineName, name: str = "call-1"
) -> RecordedCall:
    """Return the call as the house would have written it down."""
    outcome = OUTCOMES[simulation.end.reached]
    if simulation.ending in (Ending.FAILED, Ending.LOOPED):
        outcome = "failsafe"
    steps = tuple(
        RecordedStep(
            label=step.label,
            kind=step.kind,
            at=step.at,
            pressed=tuple(" ".join(step.pressed).split(" ")) if any(step.pressed) else (),
            went_to=step.went_to or "",
            error=step.error,
        )
        for step in simulation.steps
    )
    waits = tuple(
        event.outcome
        for event in simulation.events
        if event.kind is Kind.TURNED and event.service is Service.QUEUE
    )
    return RecordedCall(
        call_id=CallId(name),
        line=line,
        version=1,
        at=scenario.at,
        caller_number=scenario.caller_number,
        called_number="",
        language="he",
        outcome=outcome,
        steps=steps,
        ended_at=scenario.at + timedelta(seconds=simulation.seconds),
        waits=waits,
    )
