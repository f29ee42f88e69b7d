"""Closures are kept as they were entered, for their own authority."""

from __future__ import annotations

from datetime import date

from ivr.ids import AuthorityId
from ivr.storage.closures import Closures
from ivr.storage.records import ClosureRecord
from tests.contracts.storage.conftest import TOWN, Storage


def closure(storage: Storage, closure_id: str, first: date, town: AuthorityId) -> ClosureRecord:
    return ClosureRecord(
        closure_id=closure_id, authority_id=town, hours="billing_department", first_day=first,
        last_day=date(2026, 12, 31), times=["08:00-12:00", "22:00-02:00"], why='שיפוצים "א"',
        entered_at=storage.clock.now(), entered_by="user-1",
    )  # fmt: skip


def test_closures_are_kept_and_taken_back_by_their_authority(storage: Storage) -> None:
    ours, theirs = (Closures(storage.database, town) for town in (TOWN, AuthorityId("elsewhere")))
    later = closure(storage, "a", date(2026, 12, 30), TOWN)
    sooner = closure(storage, "b", date(2026, 8, 1), TOWN)
    for one in (later, sooner):
        storage.run(ours.add(one))
    assert storage.run(ours.all()) == [sooner, later]
    assert storage.run(theirs.all()) == []
    assert storage.run(theirs.remove("a")) is False
    assert [storage.run(ours.remove("a")) for _ in range(2)] == [True, False]
    assert storage.run(ours.all()) == [sooner]
