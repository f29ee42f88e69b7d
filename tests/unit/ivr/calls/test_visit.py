"""The one outcome of a call: the best thing that happened to the caller."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.calls.visit import Visit
from ivr.dialplan.interpreter import Place
from ivr.events import Outcome
from ivr.ids import AuthorityId, CallId, Label, LineName

NOBODY = cast("Any", None)


def visit() -> Visit:
    return Visit(
        call_id=CallId("call-1"),
        authority_id=AuthorityId("mateh-yehuda"),
        line=LineName("billing"),
        plan=NOBODY,
        channel=NOBODY,
        caller=NOBODY,
        lease=NOBODY,
        caller_number="+972501110001",
        caller_received="0501110001",
        called_number="+97229900200",
        own_number="+97229900200",
        language="he",
        arrived_at=datetime(2026, 11, 22, tzinfo=UTC),
    )


@pytest.mark.parametrize(
    ("happened", "outcome"),
    [
        ([Outcome.TICKET, Outcome.VOICEMAIL], Outcome.VOICEMAIL),
        ([Outcome.VOICEMAIL, Outcome.TICKET], Outcome.VOICEMAIL),
        ([Outcome.TALKED, Outcome.REFUSED], Outcome.TALKED),
        ([Outcome.REFUSED, Outcome.TALKED], Outcome.TALKED),
        ([Outcome.TALKED, Outcome.PAID], Outcome.PAID),
        ([], None),
    ],
)
def test_the_best_of_what_happened_counts(happened: list[Outcome], outcome: Outcome | None) -> None:
    call = visit()
    for one in happened:
        call.reached(one)
    assert call.outcome == outcome


@given(st.lists(st.sampled_from(list(Outcome)), min_size=1), st.randoms())
def test_the_order_does_not_matter(happened, random) -> None:  # type: ignore[no-untyped-def]
    one, other = visit(), visit()
    for outcome in happened:
        one.reached(outcome)
    for outcome in random.sample(happened, len(happened)):
        other.reached(outcome)
    assert one.outcome == other.outcome


def test_every_outcome_has_its_strength() -> None:
    for outcome in Outcome:
        call = visit()
        call.reached(Outcome.ABANDONED)
        call.reached(outcome)
        assert call.outcome == outcome


def test_an_effect_has_one_key_per_visit_of_a_step() -> None:
    call = visit()
    call.place = Place(Label("open_ticket"), 1)
    first = call.effect_key()
    call.place = Place(Label("open_ticket"), 2)
    assert first == "call-1/open_ticket/1"
    assert call.effect_key() != first
