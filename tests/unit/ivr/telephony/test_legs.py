"""Calling out: how a leg that was not answered is understood, and what the called phone shows."""

from __future__ import annotations

import pytest

from ivr.telephony.channel import LegEnded
from ivr.telephony.legs import LegOutcome, Ring, outcome_of


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
