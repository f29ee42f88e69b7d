"""Sources have two seconds: found, unknown, failed, never a stuck call."""

from __future__ import annotations

import pytest
from twisted.internet.defer import Deferred
from twisted.internet.task import Clock

from ivr.calls.lookups import BUDGET, Lookups
from ivr.crm import Contact
from ivr.dialplan.outcomes import LookedUp, LookupOutcome
from ivr.dialplan.site import LookupSource
from ivr.errors import StorageUnavailable
from ivr.ids import AuthorityId
from tests.results import result_of

TOWN = AuthorityId("mateh-yehuda")
RUTH = Contact("contact-1", "רות לוי", "+972501110001", "הגפן 3", note="private")
SOURCES = {"residents": LookupSource("contacts", ("name", "address"))}


class Residents:
    """Contacts as the test says: known, away, or never answering."""

    def __init__(self, answer: Contact | StorageUnavailable | Deferred[None] | None) -> None:
        self.answer = answer
        self.asked: list[tuple[AuthorityId, str]] = []

    async def find(self, authority_id: AuthorityId, number: str) -> Contact | None:
        self.asked.append((authority_id, number))
        if isinstance(self.answer, StorageUnavailable):
            raise self.answer
        if isinstance(self.answer, Deferred):
            await self.answer
            return None
        return self.answer


@pytest.mark.parametrize(
    ("answer", "outcome", "values"),
    [
        (RUTH, LookupOutcome.FOUND, {"name": "רות לוי", "address": "הגפן 3"}),
        (None, LookupOutcome.UNKNOWN, {}),
        (StorageUnavailable("locked"), LookupOutcome.FAILED, {}),
    ],
)
def test_what_a_source_answers(
    answer: Contact | StorageUnavailable | None, outcome: LookupOutcome, values: dict[str, str]
) -> None:
    residents = Residents(answer)
    found = result_of(Lookups(Clock(), TOWN, residents, SOURCES).ask("residents", "050-1110001"))
    assert found == LookedUp(outcome, values)
    assert residents.asked == [(TOWN, "+972501110001")]


def test_a_source_that_does_not_answer_has_failed_after_two_seconds() -> None:
    clock = Clock()
    never: Deferred[None] = Deferred()
    asking = Deferred.fromCoroutine(
        Lookups(clock, TOWN, Residents(never), SOURCES).ask("residents", "+972501110001")
    )
    clock.advance(BUDGET - 0.1)
    assert not asking.called
    clock.advance(0.2)
    results: list[LookedUp] = []
    asking.addCallback(results.append)
    assert results == [LookedUp(LookupOutcome.FAILED)]
