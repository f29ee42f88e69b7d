"""Queues, recordings, messages, work items, plans, refusals, alarms: what the day leaves behind."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ivr.errors import RecordNotFound
from ivr.ids import AgentId, CallId, OfferId, QueueName, RecordingName
from ivr.storage.alarms import Alarms
from ivr.storage.audit import Audit
from ivr.storage.enqueue import Subscription
from ivr.storage.messages import Messages
from ivr.storage.offers import Offers
from ivr.storage.outbox import Outbox
from ivr.storage.queue_entries import QueueEntries
from ivr.storage.recordings import Recordings
from ivr.storage.records import (
    MessageRecord,
    OfferRecord,
    QueueEntry,
    RecordingRecord,
    WorkItem,
)
from ivr.storage.refusals import Refusals
from ivr.storage.retention import Retention
from ivr.storage.threads import PoolThreads
from ivr.storage.work_items import WorkItems
from tests.contracts.storage.conftest import TOWN, Storage

CALL = CallId("call-1")


def recording(storage: Storage, name: str, days: int = 90) -> RecordingRecord:
    now = storage.clock.now()
    return RecordingRecord(
        name=RecordingName(name), authority_id=TOWN, call_id=CALL, queue="billing",
        agent_id="agent-201", started_at=now, retain_until=now + timedelta(days=days),
    )  # fmt: skip


def test_an_offer_and_a_wait_end_once(storage: Storage) -> None:
    offers, entries = Offers(storage.database), QueueEntries(storage.database)
    now = storage.clock.now()
    offer = OfferRecord(offer_id=OfferId("o"), authority_id=TOWN, call_id=CALL,
                        agent_id=AgentId("201"), queue="billing", made_at=now)  # fmt: skip
    entry = QueueEntry(entry_id="e", authority_id=TOWN, call_id=CALL, queue=QueueName("billing"),
                       entered_at=now)  # fmt: skip
    storage.run(offers.made(offer))
    storage.run(entries.entered(entry))
    for why in ("answered", "failed"):
        storage.run(offers.ended(OfferId("o"), why, now))
        storage.run(entries.left("e", why, 12.5, now))
    assert storage.run(offers.of(CALL)) == [replace(offer, ended_at=now, why="answered")]
    assert storage.run(entries.of(CALL)) == [
        replace(entry, left_at=now, why="answered", waited=12.5)
    ]


def test_a_recording_is_finished_and_found(storage: Storage) -> None:
    recordings = Recordings(storage.database)
    begun = recording(storage, "rec-1")
    storage.run(recordings.started(begun))
    assert storage.run(recordings.unsealed()) == [begun]
    done = replace(begun, state="finished", seconds=31.5, checksum="ab" * 32, path="a/rec-1.rec",
                   wrapped_key="cd" * 20, size=504_044)  # fmt: skip
    storage.run(recordings.finished(done))
    assert storage.run(recordings.for_call(CALL)) == [done]
    assert storage.run(recordings.get(begun.name)) == done
    assert storage.run(recordings.unsealed()) == []
    with pytest.raises(RecordNotFound):
        storage.run(recordings.get(RecordingName("none")))


class Kept:
    """A folder of recordings and the job that keeps it lawful."""

    def __init__(self, storage: Storage, folder: Path, threads: PoolThreads) -> None:
        self.storage = storage
        self.folder = folder
        self.recordings = Recordings(storage.database)
        self.audit = Audit(storage.database)
        self.retention = Retention(self.recordings, self.audit, folder, storage.clock, threads)

    def keep(self, name: str, days: int) -> Path:
        file = self.folder / f"{name}.rec"
        file.write_bytes(b"sealed")
        written = self.storage.clock.now().timestamp()
        os.utime(file, (written, written))
        begun = recording(self.storage, name, days)
        done = replace(begun, state="finished", path=file.name, wrapped_key="key")
        self.storage.run(self.recordings.finished(done))
        return file


@pytest.fixture
def kept(storage: Storage, tmp_path: Path) -> Iterator[Kept]:
    threads = PoolThreads(storage.reactor.reactor, "files", 1)
    threads.start()
    (tmp_path / "recordings").mkdir()
    yield Kept(storage, tmp_path / "recordings", threads)
    storage.run(threads.stop())


def test_what_has_expired_is_gone_and_that_can_be_shown(kept: Kept) -> None:
    old, young = kept.keep("old", 30), kept.keep("young", 90)
    kept.storage.clock.advance(31 * 86400)
    before = kept.storage.run(kept.retention.report())
    assert (before.expired_rows, before.clean) == (["old"], False)
    assert kept.storage.run(kept.retention.run()) == 1
    after = kept.storage.run(kept.retention.report())
    assert (after.expired_rows, after.expired_files, after.missing_files) == ([], [], [])
    assert (after.clean, after.kept) == (True, 1)
    assert (old.exists(), young.exists()) == (False, True)
    gone = kept.storage.run(kept.recordings.get(RecordingName("old")))
    assert (gone.state, gone.wrapped_key, gone.path) == ("deleted", "", "")
    entry = kept.storage.run(kept.audit.recent(TOWN, 5))[0]
    assert (entry.action, entry.subject) == ("recording_deleted", "old")
    assert kept.storage.run(kept.retention.run()) == 0


def test_files_of_no_recording_and_recordings_without_file_are_reported(kept: Kept) -> None:
    lost = kept.keep("lost", 90)
    lost.unlink()
    orphan = kept.keep("orphan", 90)
    kept.storage.run(kept.recordings.deleted(RecordingName("orphan"), kept.storage.clock.now()))
    fresh = kept.storage.run(kept.retention.report())
    assert (fresh.expired_files, fresh.missing_files) == ([], ["lost.rec"])
    kept.storage.clock.advance(2 * 86400)
    assert kept.storage.run(kept.retention.report()).expired_files == ["orphan.rec"]
    kept.storage.run(kept.retention.run())
    assert not orphan.exists()


def test_a_message_is_open_until_it_is_handled_and_is_told(storage: Storage) -> None:
    wanted = [Subscription("webhook", frozenset({"message_left"}))]
    messages = Messages(storage.database, storage.clock, wanted)
    message = MessageRecord(
        message_id="m", authority_id=TOWN, box="council", call_id=CALL, recording="rec-1",
        left_at=storage.clock.now(), seconds=9.0,
    )  # fmt: skip
    storage.run(messages.left(message))
    storage.run(messages.left(message))
    assert storage.run(messages.open()) == [message]
    assert storage.run(messages.open("billing")) == []
    assert storage.run(messages.take("m", "dana")) is True
    assert storage.run(messages.open("council"))[0].owner == "dana"
    assert storage.run(messages.handled("m", "dana")) is True
    assert storage.run(messages.handled("m", "somebody")) is False
    assert storage.run(messages.open()) == []
    items = storage.run(Outbox(storage.database, storage.clock).claim(9, 30))
    assert [item.kind for item in items] == ["message_left"]


def test_an_abandoned_call_is_one_work_item_until_somebody_closes_it(storage: Storage) -> None:
    items = WorkItems(storage.database, storage.clock)
    item = WorkItem(work_item_id="w", authority_id=TOWN, kind="abandoned_call", call_id=CALL,
                    opened_at=storage.clock.now())  # fmt: skip
    storage.run(items.add(item))
    storage.run(items.add(replace(item, work_item_id="again")))
    assert storage.run(items.open()) == [item]
    assert storage.run(items.close("w", "dana", "called back")) is True
    assert storage.run(items.close("w", "dana")) is False
    assert storage.run(items.open()) == []


def test_refusals_are_counted_by_line(storage: Storage) -> None:
    refusals = Refusals(storage.database)
    for line in ("whatsapp-only", "whatsapp-only", "other"):
        storage.run(refusals.add(TOWN, line, "+972501112233", storage.clock.now()))
    assert storage.run(refusals.counts()) == {"whatsapp-only": 2, "other": 1}


def test_an_alarm_is_open_once_until_it_is_cleared(storage: Storage) -> None:
    alarms = Alarms(storage.database)
    now = storage.clock.now()
    for text in ("95 %", "98 %"):
        storage.run(alarms.raised(TOWN, "recording_disk_full", text, now))
    assert [alarm.text for alarm in storage.run(alarms.open())] == ["98 %"]
    storage.run(alarms.cleared(TOWN, "recording_disk_full", now))
    assert storage.run(alarms.open()) == []
    storage.run(alarms.raised(TOWN, "recording_disk_full", "again", now))
    assert [alarm.cleared_at for alarm in storage.run(alarms.recent())] == [None, now]
