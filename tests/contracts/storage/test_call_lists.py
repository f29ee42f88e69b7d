"""Lists for people: calls with names and waits, one's last answered call, what can be heard."""

from __future__ import annotations

from datetime import timedelta

from ivr.crm import Contact
from ivr.ids import AgentId, AuthorityId, CallId, OfferId, QueueName, RecordingName
from ivr.storage.call_lists import CallLists
from ivr.storage.calls import Calls
from ivr.storage.contacts import Contacts
from ivr.storage.offers import Offers
from ivr.storage.queue_entries import QueueEntries
from ivr.storage.recordings import Recordings
from ivr.storage.records import CallRecord, OfferRecord, QueueEntry, RecordingRecord
from tests.contracts.storage.conftest import TOWN, Storage

CALLER = "+972501112233"
ELSEWHERE = AuthorityId("elsewhere")


def call(storage: Storage, name: str, number: str = CALLER, town: AuthorityId = TOWN) -> CallId:
    storage.clock.advance(60)
    record = CallRecord(
        call_id=CallId(name), authority_id=town, line="billing", caller_number=number,
        arrived_at=storage.clock.now(),
    )  # fmt: skip
    storage.run(Calls(storage.database).arrived(record))
    return record.call_id


def wait(storage: Storage, call_id: CallId, queue: str, seconds: float) -> None:
    entries = QueueEntries(storage.database)
    entry = QueueEntry(
        entry_id=f"{call_id}-{queue}", authority_id=TOWN, call_id=call_id, queue=QueueName(queue),
        entered_at=storage.clock.now(),
    )  # fmt: skip
    storage.run(entries.entered(entry))
    storage.clock.advance(seconds)
    storage.run(entries.left(entry.entry_id, "no_answer", seconds, storage.clock.now()))


def test_calls_come_newest_first_with_the_name_and_the_whole_wait(storage: Storage) -> None:
    storage.run(
        Contacts(storage.database, storage.clock).put(TOWN, Contact("c", "רות לוי", CALLER))
    )
    first = call(storage, "call-1")
    wait(storage, first, "billing", 25.0)
    wait(storage, first, "centre", 40.5)
    call(storage, "call-2", number="")
    call(storage, "call-3", town=ELSEWHERE)
    lists = CallLists(storage.database)
    listed = storage.run(lists.latest(TOWN, 10))
    assert [(one.call.call_id, one.caller_name, one.queue, one.waited) for one in listed] == [
        ("call-2", "", "", 0.0),
        ("call-1", "רות לוי", "centre", 65.5),
    ]
    assert [one.call.call_id for one in storage.run(lists.latest(TOWN, 1))] == ["call-2"]
    of_ruth = storage.run(lists.latest(TOWN, 10, number=CALLER))
    assert [one.call.call_id for one in of_ruth] == ["call-1"]
    before = listed[0].call.arrived_at
    assert [c.call.call_id for c in storage.run(lists.latest(TOWN, 9, before=before))] == ["call-1"]


def test_a_call_of_another_town_is_not_there(storage: Storage) -> None:
    call(storage, "call-1", town=ELSEWHERE)
    lists = CallLists(storage.database)
    assert storage.run(lists.one(TOWN, CallId("call-1"))) is None
    found = storage.run(lists.one(ELSEWHERE, CallId("call-1")))
    assert found is not None
    assert found.call.line == "billing"


def test_names_of_those_who_are_known(storage: Storage) -> None:
    storage.run(
        Contacts(storage.database, storage.clock).put(TOWN, Contact("c", "רות לוי", CALLER))
    )
    names = CallLists(storage.database).names(TOWN, [CALLER, "", "+972599999999"])
    assert storage.run(names) == {CALLER: "רות לוי"}
    assert storage.run(CallLists(storage.database).names(TOWN, [])) == {}


def test_the_last_answered_call_of_an_agent(storage: Storage) -> None:
    offers, lists = Offers(storage.database), CallLists(storage.database)
    for number, why in enumerate(["answered", "answered", "no_answer"]):
        storage.clock.advance(30)
        offer = OfferRecord(
            offer_id=OfferId(f"offer-{number}"), authority_id=TOWN, call_id=CallId("call-1"),
            agent_id=AgentId("201"), queue="billing", made_at=storage.clock.now(),
        )  # fmt: skip
        storage.run(offers.made(offer))
        storage.run(offers.ended(offer.offer_id, why, storage.clock.now()))
    last = storage.run(lists.last_answered(TOWN, AgentId("201")))
    assert last is not None
    assert last.offer_id == "offer-1"
    assert storage.run(lists.last_answered(TOWN, AgentId("202"))) is None
    rung = storage.run(lists.offers_of(TOWN, CallId("call-1")))
    assert [one.why for one in rung] == ["answered", "answered", "no_answer"]


def test_only_recordings_that_can_be_heard_are_listed(storage: Storage) -> None:
    recordings = Recordings(storage.database)
    for name, state in (("a", "finished"), ("b", "running"), ("c", "finished")):
        storage.clock.advance(10)
        recording = RecordingRecord(
            name=RecordingName(name), authority_id=TOWN, call_id=CallId("call-1"), state=state,
            started_at=storage.clock.now(), retain_until=storage.clock.now() + timedelta(days=90),
        )  # fmt: skip
        storage.run(recordings.finished(recording))
    storage.run(recordings.deleted(RecordingName("a"), storage.clock.now()))
    found = storage.run(CallLists(storage.database).recordings(TOWN, 9))
    assert [one.name for one in found] == ["c"]
