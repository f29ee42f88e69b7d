"""Calling out: how a leg that was not answered is understood, and what the called phone shows."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from ivr.telephony.channel import Channel, Departure, LegEnded
from ivr.telephony.legs import LegFailed, LegOutcome, Legs, Ring, outcome_of
from ivr.telephony.registry import Registry
from tests.results import result_of

if TYPE_CHECKING:
    from ivr.asterisk.ari_client import AriClient


@pytest.mark.parametrize(
    ("cause", "sip", "outcome"),
    [
        (17, 486, LegOutcome.BUSY),
        (17, 600, LegOutcome.BUSY),
        (21, 403, LegOutcome.REJECTED),
        (21, 603, LegOutcome.REJECTED),
        (18, 408, LegOutcome.NO_ANSWER),
        (19, 480, LegOutcome.NO_ANSWER),
        (19, 0, LegOutcome.NO_ANSWER),
        (1, 404, LegOutcome.UNREACHABLE),
        (34, 503, LegOutcome.UNREACHABLE),
        (20, 0, LegOutcome.UNREACHABLE),
        (127, 500, LegOutcome.UNREACHABLE),
    ],
)
def test_why_nobody_was_reached(cause: int, sip: int, outcome: LegOutcome) -> None:
    assert outcome_of(LegEnded(cause, sip)) is outcome


@pytest.mark.parametrize(
    ("number", "name", "shown"),
    [
        ("+972501110001", "billing", ("+972501110001", "billing")),
        ("+972 50;DROP", 'a"b,c)\n', ("+97250", "abc")),
        ("", "", ("", "")),
    ],
)
def test_nothing_but_plain_text_reaches_asterisks_functions(
    number: str, name: str, shown: tuple[str, str]
) -> None:
    values = Ring("PJSIP/agent-201", 15, number, name).variables()
    found = (values["CONNECTEDLINE(num,i)"], values.get("CONNECTEDLINE(name,i)", ""))
    assert found == shown


class StrawAri:
    """An Asterisk that does what it is asked and says nothing."""

    async def channels_create(self, **_asked: object) -> None: ...

    async def channels_dial(self, _channel: str, **_asked: object) -> None: ...


def ringing() -> tuple[Deferred[Channel], Channel]:
    """Return the outcome to come of a ring, and its leg, which has been dialled."""
    created: list[Channel] = []
    ari = cast("AriClient", StrawAri())  # what a leg needs of one
    legs = Legs(Clock(), ari, Registry("cc-x"))
    ring = Ring("PJSIP/agent-201", 15.0, "+97229900200")
    outcome = Deferred.fromCoroutine(legs.ring(ring, lambda: None, created.append))
    created[0]._happened("started", "", None)
    return outcome, created[0]


@pytest.mark.parametrize("attempt", range(20))
def test_a_phone_that_refuses_is_never_taken_for_one_that_answered(attempt: int) -> None:
    """All waits of a leg fail with it, in whatever order."""
    outcome, leg = ringing()
    leg._left(Departure(hung_up=True, cause=17, tech_cause=486))
    with pytest.raises(LegFailed) as failed:
        result_of(outcome)
    assert failed.value.outcome is LegOutcome.BUSY, attempt


def test_a_phone_that_answers_is_up() -> None:
    outcome, leg = ringing()
    leg._answered()
    assert result_of(outcome) is leg
    assert leg.is_up
