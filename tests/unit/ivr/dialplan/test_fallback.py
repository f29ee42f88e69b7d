"""What Asterisk is told for the time our service is not there."""

from pathlib import Path

from ivr.dialplan.check import load_site
from ivr.dialplan.fallback import fallback_plan

LOADED = load_site(Path(__file__).parents[4] / "dialplans")
PLAN = fallback_plan(LOADED.site, LOADED.plans)
LINES = {str(line.line): line for line in PLAN.lines}


def test_answered_lines_go_to_the_phones_of_the_centre_then_the_fallback_number() -> None:
    assert PLAN.endpoints == ("agent-301", "agent-302", "agent-303")
    assert (PLAN.number, PLAN.box, PLAN.prompt) == ("+97229990500", "centre", "failsafe_apology")
    assert not LINES["billing"].message_only
    assert LINES["billing"].outbound_number == "+97229900200"


def test_the_message_number_is_refused_and_never_shown() -> None:
    line = LINES["whatsapp-only"]
    assert (line.message_only, line.refuse_cause, line.outbound_number) == (True, 21, "")
    shown = {PLAN.emergency_caller, *(each.outbound_number for each in PLAN.lines)}
    assert not shown & set(line.numbers)


def test_emergency_services_see_the_centre() -> None:
    assert PLAN.emergency_numbers == ("100", "101", "102")
    assert PLAN.emergency_caller == "+97229900106"
