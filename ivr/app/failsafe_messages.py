"""Messages left at Asterisk's fail-safe while we were away become messages and tickets of ours."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import structlog
from twisted.internet.threads import deferToThreadPool

from ivr.app.telephone import Base
from ivr.crm import NewTicket
from ivr.events import TicketOpened
from ivr.ids import CallId, RecordingName, new_id
from ivr.pbx.messages import FailsafeMessage, forget_message, waiting_messages
from ivr.pbx.places import PbxPlaces
from ivr.routing.numbers import normalise_caller
from ivr.storage.records import MessageRecord, RecordingRecord

log = structlog.get_logger(__name__)

_SUBJECT = "הודעה שהושארה בזמן תקלה"
_TEXT = (
    "התקשרו ממספר {number} לקו {line} בזמן שהמערכת לא פעלה, והשאירו הודעה. היא שמורה בתיבת ההודעות."
)


class FailsafeMessages:
    """Takes them in one after another; one that fails stays where it is and is tried again."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._places = PbxPlaces.of(base.settings)

    async def take_in(self) -> int:
        """Take in all that wait and return how many.

        Raises:
            StorageUnavailable: the database is away; what is left is taken in next time.
            OSError: there is no room for a sealed copy.
        """
        waiting = await self._in_thread(waiting_messages, self._places)
        for message in waiting:
            await self._take(message)
            await self._in_thread(forget_message, message)
        return len(waiting)

    async def _take(self, message: FailsafeMessage) -> None:
        number = normalise_caller(message.caller).number
        store, site = self._base.store, self._base.loaded.site
        authority, box = site.authority.authority_id, site.boxes[site.failsafe.box]
        ticket = await store.tickets.open(
            NewTicket(
                authority_id=authority,
                effect_key=f"failsafe/{message.message_id}",
                subject=_SUBJECT,
                text=_TEXT.format(number=number, line=message.line),
                department=box.department,
                caller_number=number,
            )
        )
        recording = await self._keep(message)
        record = MessageRecord(
            message_id=f"failsafe-{message.message_id}",
            authority_id=authority,
            box=box.name,
            call_id=CallId(""),
            recording=recording,
            caller_number=number,
            left_at=message.left_at,
            seconds=float(message.seconds),
            owner=box.department,
        )
        await store.messages.left(record)
        self._base.bus.publish(
            TicketOpened(
                authority_id=authority,
                at=self._base.clock.now(),
                ticket_id=ticket.ticket_id,
                reference=ticket.reference,
                call_id=None,
                subject=_SUBJECT,
            )
        )
        log.info("message of the fail-safe taken in", line=message.line)

    async def _keep(self, message: FailsafeMessage) -> RecordingName:
        """Seal a copy; Asterisk's own file is removed only when everything is written."""
        name = RecordingName(new_id("message"))
        copy: Path = message.audio.with_suffix(".taking")
        await self._in_thread(shutil.copyfile, message.audio, copy)
        kept = await self._base.store.recording_files.keep(copy, name)
        await self._base.store.recordings.finished(
            RecordingRecord(
                name=name,
                authority_id=self._base.loaded.site.authority.authority_id,
                call_id=CallId(""),
                kind="message",
                state="finished",
                started_at=message.left_at,
                seconds=kept.seconds,
                size=kept.size,
                checksum=kept.checksum,
                path=kept.path,
                wrapped_key=kept.wrapped_key,
                retain_until=message.left_at + timedelta(days=self._base.settings.recording_days),
            )
        )
        return name

    def _in_thread(self, function: Any, *arguments: Any) -> Any:
        reactor = self._base.reactor
        return deferToThreadPool(reactor, reactor.getThreadPool(), function, *arguments)
