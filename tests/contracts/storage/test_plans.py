"""Published dialplans and those that wait: all or nothing, numbered, audited, never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from ivr.errors import IllegalTransition, RecordNotFound
from ivr.ids import CallId
from ivr.storage.audit import Audit
from ivr.storage.calls import Calls
from ivr.storage.plans import Plans, authority_of
from ivr.storage.positions import Positions
from ivr.storage.records import (
    CallRecord,
    NewVersion,
    Position,
    PublishOrder,
    ScheduledPublish,
    TraceRow,
)
from ivr.storage.scheduled_publishes import ScheduledPublishes
from ivr.storage.step_counts import StepCounts
from ivr.storage.traces import Traces
from tests.contracts.storage.conftest import TOWN, Storage

DANA = PublishOrder(by="dana", address="10.0.0.7", note="summer", override_reason="tested by hand")
BILLING = NewVersion(line="billing", text="first", proof='{"holds": true}')
COUNCIL = NewVersion(line="council", text="first")


def plans_of(storage: Storage) -> Plans:
    return Plans(storage.database, storage.clock, TOWN)


def test_versions_are_numbered_by_line_and_keep_what_was_said(storage: Storage) -> None:
    plans = plans_of(storage)
    first, other = storage.run(plans.publish([BILLING, COUNCIL], DANA))
    (second,) = storage.run(
        plans.publish([NewVersion(line="billing", text="new", after=1, based_on=1)], DANA)
    )
    assert (first.version, other.version, second.version) == (1, 1, 2)
    assert (first.note, first.override_reason, first.proof) == (
        "summer", "tested by hand", '{"holds": true}',
    )  # fmt: skip
    assert storage.run(plans.latest()) == [second, other]
    assert storage.run(plans.all_of("billing")) == [second, first]
    assert storage.run(plans.get("billing", 1)) == first
    with pytest.raises(RecordNotFound):
        storage.run(plans.get("billing", 9))


def test_who_has_not_seen_the_newest_version_publishes_nothing_at_all(storage: Storage) -> None:
    plans = plans_of(storage)
    storage.run(plans.publish([BILLING], DANA))
    with pytest.raises(IllegalTransition):
        storage.run(plans.publish([COUNCIL, replace(BILLING, text="late")], DANA))
    assert [(one.line, one.version) for one in storage.run(plans.latest())] == [("billing", 1)]
    assert [one.version for one in storage.run(plans.publish([COUNCIL], DANA))] == [1]


def test_of_two_at_the_same_moment_one_is_published(storage: Storage) -> None:
    plans = plans_of(storage)
    storage.run(plans.publish([BILLING], DANA))
    new = replace(BILLING, after=1)
    ended = storage.run_all(*(plans.publish([new], replace(DANA, by=who)) for who in "ab"))
    assert sorted(isinstance(one, IllegalTransition) for one in ended) == [False, True]
    assert [one.version for one in storage.run(plans.all_of("billing"))] == [2, 1]


def test_every_publish_is_audited_with_what_changed(storage: Storage) -> None:
    storage.run(plans_of(storage).publish([BILLING, replace(COUNCIL, text="")], DANA))
    council, billing = storage.run(Audit(storage.database).recent(TOWN, 5))
    assert (billing.who, billing.action, billing.subject) == (
        "dana", "dialplan_published", "billing",
    )  # fmt: skip
    assert billing.details["override_reason"] == "tested by hand"
    assert (billing.details["proof_holds"], council.details["proof_holds"]) == (True, None)
    assert (billing.details["withdrawn"], council.details["withdrawn"]) == (False, True)


def test_a_house_knows_whose_it_is_from_what_was_published(storage: Storage) -> None:
    assert storage.run(authority_of(storage.database, "billing")) is None
    storage.run(plans_of(storage).publish([BILLING], DANA))
    assert storage.run(authority_of(storage.database, "billing")) == TOWN


def scheduled(storage: Storage, name: str, minutes: int) -> ScheduledPublish:
    now = storage.clock.now()
    return ScheduledPublish(
        publish_id=name,
        authority_id=TOWN,
        due_at=now + timedelta(minutes=minutes),
        texts={"billing": "טקסט"},
        note="summer",
        made_by="dana",
        made_at=now,
    )


def test_a_scheduled_publish_waits_until_it_is_due_and_ends_once(storage: Storage) -> None:
    waiting = ScheduledPublishes(storage.database, TOWN)
    later, soon = scheduled(storage, "later", 60), scheduled(storage, "soon", 5)
    for one in (later, soon):
        storage.run(waiting.add(one))
    assert storage.run(waiting.waiting()) == [soon, later]
    assert storage.run(waiting.waiting(storage.clock.now())) == []
    assert storage.run(waiting.waiting(soon.due_at)) == [soon]
    storage.run(waiting.settle("soon", "refused", "no queue"))
    with pytest.raises(RecordNotFound):
        storage.run(waiting.settle("soon", "published"))
    assert storage.run(waiting.recent()) == [
        later, replace(soon, state="refused", result="no queue"),
    ]  # fmt: skip


def test_callers_are_counted_by_step_now_and_today(storage: Storage) -> None:
    now = storage.clock.now()
    for number, arrived in (("1", now), ("2", now), ("3", now - timedelta(days=1))):
        call_id = CallId(number)
        call = CallRecord(call_id=call_id, authority_id=TOWN, line="billing", arrived_at=arrived)
        storage.run(Calls(storage.database).arrived(call))
        for seq, label in enumerate(("welcome", "welcome", "person")[: 1 + int(number)]):
            row = TraceRow(seq=seq, label=label, kind="menu", at=arrived)
            storage.run(Traces(storage.database).append(TOWN, call_id, row))
    position = Position(
        call_id=CallId("1"), authority_id=TOWN, line="billing", version=1, label="welcome",
        channel_id="c", arrived_at=now,
    )  # fmt: skip
    storage.run(Positions(storage.database, storage.clock).put(position))
    counts = StepCounts(storage.database)
    assert storage.run(counts.now(TOWN, "billing")) == {"welcome": 1}
    assert storage.run(counts.now(TOWN, "council")) == {}
    began = now - timedelta(hours=8)
    assert storage.run(counts.since(TOWN, "billing", began)) == {"welcome": 2, "person": 1}
