"""Publishing: drafts become versions that calls run from then on; also at a time, and back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any

import structlog
from twisted.internet.defer import DeferredLock

from ivr.calls.drafts import Drafts
from ivr.clock import Clock
from ivr.dialplan.bundle import bundle_of, differs, files_of, units_of
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.publish import Approved, Prove, approve
from ivr.dialplan.validate import KnownPrompts
from ivr.errors import IllegalTransition, MokedError, RecordNotFound, StorageUnavailable
from ivr.ids import AuthorityId, new_id
from ivr.storage.audit import Audit
from ivr.storage.plans import Plans
from ivr.storage.records import (
    AuditEntry,
    NewVersion,
    PlanVersion,
    PublishOrder,
    ScheduledPublish,
)
from ivr.storage.scheduled_publishes import ScheduledPublishes

log = structlog.get_logger(__name__)

# Told of the house as it is from now on and of each line's version; returns what it could not do.
TakeEffect = Callable[[LoadedSite, Mapping[str, int]], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Publication:
    """What was published, and what somebody still has to know or do."""

    versions: list[PlanVersion]
    remarks: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Workshop:
    """What publishing works with; *in_thread* runs what blocks."""

    authority_id: AuthorityId
    clock: Clock
    plans: Plans
    scheduled: ScheduledPublishes
    audit: Audit
    drafts: Drafts
    known_prompts: Callable[[], KnownPrompts]
    prove: Prove
    in_thread: Callable[..., Any]


class Publisher:
    """The one way for a change to callers; one publish at a time."""

    def __init__(self, shop: Workshop, take_effect: TakeEffect) -> None:
        self._shop = shop
        self._take_effect = take_effect
        self._one_at_a_time = DeferredLock()

    async def publish(self, units: Sequence[str], order: PublishOrder) -> Publication:
        """Publish the drafts of *units*; if none is named, of all that differ from what is live.

        Raises:
            RecordNotFound: one of them is neither live nor drafted.
            PublishRefused: there are problems, or a proof fails and the order gives no reason.
        """
        return await self._publish(await self._drafted(units), order)

    async def roll_back(self, unit: str, version: int, order: PublishOrder) -> Publication:
        """Publish an old text as the next version, and put it into the draft.

        Files of the draft that hold changes nobody has published stay, and a remark says so.

        Raises:
            RecordNotFound, PublishRefused: as for ``publish``.
        """
        old = await self._shop.plans.get(unit, version)
        before = (await self._live()).get(unit)
        noted = replace(order, note=order.note or f"back to version {version}")
        done = await self._publish({unit: old.text}, noted, {unit: version})
        kept = await self._shop.in_thread(
            self._shop.drafts.put_back, files_of(old.text), files_of(before.text if before else "")
        )
        remarks = [f"{name}: the draft holds changes of its own and stays" for name in kept]
        return Publication(done.versions, done.remarks + remarks)

    async def schedule(
        self, units: Sequence[str], order: PublishOrder, due_at: datetime
    ) -> ScheduledPublish:
        """Publish the drafts as they are now at *due_at*; it must be possible today already.

        Raises:
            IllegalTransition: nothing differs, or the time is over.
            RecordNotFound, PublishRefused: as for ``publish``.
        """
        texts = await self._drafted(units)
        now = self._shop.clock.now()
        if not texts or due_at <= now:
            raise IllegalTransition("nothing differs from what is live, or the time is over")
        await self._approve(texts, await self._live(), order)
        scheduled = ScheduledPublish(
            publish_id=new_id("publish"),
            authority_id=self._shop.authority_id,
            due_at=due_at,
            texts=texts,
            note=order.note,
            override_reason=order.override_reason,
            made_by=order.by,
            made_at=now,
        )
        await self._shop.scheduled.add(scheduled)
        await self._note(scheduled, "publish_scheduled", order)
        return scheduled

    async def cancel(self, publish_id: str, order: PublishOrder) -> None:
        """Forget a scheduled publish.

        Raises:
            RecordNotFound: none of that id waits.
        """
        waiting = {one.publish_id: one for one in await self._shop.scheduled.waiting()}
        if publish_id not in waiting:
            raise RecordNotFound(f"no publish {publish_id} waits")
        await self._shop.scheduled.settle(publish_id, "cancelled")
        await self._note(waiting[publish_id], "publish_cancelled", order)

    async def publish_due(self) -> None:
        """Publish what is due by now; what cannot be any more is refused, and why is kept.

        Raises:
            StorageUnavailable: try again later.
        """
        for one in await self._shop.scheduled.waiting(self._shop.clock.now()):
            order = PublishOrder(by=one.made_by, note=one.note, override_reason=one.override_reason)
            try:
                await self._publish(one.texts, order)
                await self._shop.scheduled.settle(one.publish_id, "published")
            except StorageUnavailable:
                raise  # it is tried again
            except MokedError as error:
                log.error("scheduled publish refused", publish=one.publish_id)
                await self._shop.scheduled.settle(one.publish_id, "refused", str(error))
                await self._note(one, "publish_refused", order)

    async def _drafted(self, units: Sequence[str]) -> dict[str, str]:
        live = {unit: one.text for unit, one in (await self._live()).items()}
        drafted: dict[str, str] = await self._shop.in_thread(self._read_drafts, live, units)
        return drafted

    def _read_drafts(self, live: Mapping[str, str], units: Sequence[str]) -> dict[str, str]:
        files = self._shop.drafts.read()
        known = {*units_of(files), *(unit for unit, text in live.items() if text)}
        for unit in units:
            if unit not in known:
                raise RecordNotFound(f"no line {unit!r}; there are {', '.join(sorted(known))}")
        return {
            unit: bundle_of(unit, files)
            for unit in sorted(units or known)
            if differs(unit, live.get(unit, ""), files)
        }

    async def _live(self) -> dict[str, PlanVersion]:
        return {one.line: one for one in await self._shop.plans.latest()}

    async def _publish(
        self,
        texts: Mapping[str, str],
        order: PublishOrder,
        based_on: Mapping[str, int] | None = None,
    ) -> Publication:
        await self._one_at_a_time.acquire()
        try:
            return await self._publish_now(texts, order, based_on or {})
        finally:
            self._one_at_a_time.release()

    async def _publish_now(
        self, texts: Mapping[str, str], order: PublishOrder, based_on: Mapping[str, int]
    ) -> Publication:
        live = await self._live()
        changed = {
            unit: text
            for unit, text in texts.items()
            if unit not in live or files_of(text) != files_of(live[unit].text)
        }
        if not changed:
            return Publication([], [])
        approved = await self._approve(changed, live, order)
        numbers = {unit: one.version for unit, one in live.items()}
        new = [
            NewVersion(
                line=unit,
                text=text,
                after=numbers.get(unit, 0),
                based_on=based_on.get(unit, numbers.get(unit, 0)),
                proof=approved.proofs.get(unit, ""),
            )
            for unit, text in changed.items()
        ]
        published = await self._shop.plans.publish(new, order)
        numbers |= {one.line: one.version for one in published}
        return Publication(published, await self._take_effect(approved.loaded, numbers))

    async def _approve(
        self, changed: Mapping[str, str], live: Mapping[str, PlanVersion], order: PublishOrder
    ) -> Approved:
        look = partial(
            approve,
            {unit: one.text for unit, one in live.items()},
            changed,
            prove=self._shop.prove,
            override_reason=order.override_reason,
        )
        approved: Approved = await self._shop.in_thread(
            lambda: look(known_prompts=self._shop.known_prompts())
        )
        return approved

    async def _note(self, scheduled: ScheduledPublish, action: str, order: PublishOrder) -> None:
        await self._shop.audit.add(
            AuditEntry(
                authority_id=scheduled.authority_id,
                at=self._shop.clock.now(),
                who=order.by,
                action=action,
                subject=scheduled.publish_id,
                address=order.address,
                details={"lines": sorted(scheduled.texts), "at": scheduled.due_at.isoformat()},
            )
        )
