"""The relay of one connector: claims what is owed to it, delivers, retries, gives up at last."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from twisted.internet.defer import CancelledError, Deferred, DeferredList
from twisted.internet.task import deferLater

from crm_bridge.breaker import Breaker
from crm_bridge.connector import Connector
from ivr.clock import Clock
from ivr.crm import Outbox, OutboxItem
from ivr.errors import CrmRefused, CrmUnavailable, StorageUnavailable

log = structlog.get_logger(__name__)

IN_FLIGHT = 8
LEASE = 30.0  # more than a delivery and its settling take
IDLE = 5.0  # seconds; also how late an item may be seen that nobody announced
LONGEST_WAIT = 15 * 60.0
GIVE_UP_AFTER = timedelta(hours=72)
_STORAGE_RETRY = 2.0
_ANNOUNCED = 2.0  # seconds within which what was announced is written (the journal is behind)
_ANNOUNCED_LOOK = 0.3
_SETTLE_TRIES = 20
_STOP_WITHIN = 10.0

OnAlarm = Callable[[str, str], None]  # alarm, text; an empty text says that it is over


class Relay:
    """At least once, in the order of each call, at most 8 at a time.

    *on_alarm* is told of ``<connector>_down`` and ``<connector>_dead_letters``.
    """

    def __init__(
        self,
        connector: Connector,
        outbox: Outbox,
        clock: Clock,
        reactor: Any,
        on_alarm: OnAlarm,
    ) -> None:
        self._connector = connector
        self._outbox = outbox
        self._clock = clock
        self._reactor = reactor
        self._on_alarm = on_alarm
        self._breaker = Breaker(clock)
        self._in_flight: dict[Deferred[None], Deferred[None]] = {}  # whole try → connector's part
        self._resting: Deferred[None] | None = None
        self._woken = False
        self._look_until = clock.monotonic()
        self._stopping = False
        self._running: Deferred[None] | None = None

    def start(self) -> None:
        self._running = Deferred.fromCoroutine(self._work())

    async def stop(self) -> None:
        """Begin nothing new; let deliveries end for 10 s, then give the others back."""
        self._stopping = True
        self._look_again()
        if self._running is not None:
            await self._running
        await self._wait_for_deliveries()
        for handing_over in self._in_flight.values():
            handing_over.cancel()
        await self._wait_for_deliveries()

    def wake(self) -> None:
        """Look now and again: something is in the outbox, or will be in a moment."""
        self._look_until = self._clock.monotonic() + _ANNOUNCED
        self._look_again()

    def _look_again(self) -> None:
        self._woken = True
        if self._resting is not None and not self._resting.called:
            self._resting.callback(None)

    async def _work(self) -> None:
        while not self._stopping:
            self._woken = False
            pause = await self._begin_due()
            if not self._woken:
                await self._rest(pause)

    async def _rest(self, seconds: float) -> None:
        self._resting = Deferred()
        self._resting.addTimeout(
            max(0.05, seconds), self._reactor, onTimeoutCancel=lambda _late, _limit: None
        )
        await self._resting
        self._resting = None

    async def _begin_due(self) -> float:
        """Begin what is due and may begin; return the seconds until it is worth looking again."""
        may = self._breaker.allowed(IN_FLIGHT - len(self._in_flight))
        if may == 0:
            return self._breaker.wait() or IDLE  # the end of a delivery wakes us
        name = self._connector.name
        try:
            due = await self._outbox.next_due(connector=name)
            if due is None or due > 0:
                return min(self._patience(), IDLE if due is None else due)
            items = await self._outbox.claim(may, LEASE, connector=name)
        except StorageUnavailable:
            return _STORAGE_RETRY
        for item in items:
            self._begin(item)
        return 0.0 if items else 0.2  # none: another relay was first

    def _patience(self) -> float:
        """Return how long to rest with nothing due."""
        return _ANNOUNCED_LOOK if self._clock.monotonic() < self._look_until else IDLE

    async def _wait_for_deliveries(self) -> None:
        if self._in_flight:
            ended: Deferred[Any] = DeferredList(list(self._in_flight), consumeErrors=True)
            ended.addTimeout(
                _STOP_WITHIN, self._reactor, onTimeoutCancel=lambda _late, _limit: None
            )
            await ended

    def _begin(self, item: OutboxItem) -> None:
        self._breaker.began()
        handing_over = Deferred.fromCoroutine(self._connector.deliver(item))
        delivery = Deferred.fromCoroutine(self._deliver(item, handing_over))
        if delivery.called:
            return
        self._in_flight[delivery] = handing_over

        def ended(_result: object) -> None:
            self._in_flight.pop(delivery, None)
            self._look_again()

        delivery.addBoth(ended)

    async def _deliver(self, item: OutboxItem, handing_over: "Deferred[None]") -> None:
        settle = self._outbox.delivered
        try:
            await handing_over
        except CrmRefused as error:
            self._reachable(item)
            await self._give_up(item, str(error))
        except CancelledError:
            await self._settle(item, lambda: self._outbox.retry_later(item.item_id, 0.0, "stopped"))
        except CrmUnavailable as error:
            self._unreachable(item, str(error))
            await self._try_again(item, str(error), error.retry_after)
        except Exception as error:  # a connector's own fault must not stop the others
            log.error("connector failed", connector=item.connector, error=type(error).__name__)
            self._unreachable(item, type(error).__name__)
            await self._try_again(item, type(error).__name__, None)
        else:
            self._reachable(item)
            await self._settle(item, lambda: settle(item.item_id))

    async def _try_again(self, item: OutboxItem, error: str, asked: float | None) -> None:
        wait = backoff(item.attempts) if asked is None else min(asked, LONGEST_WAIT)
        late = self._clock.now() + timedelta(seconds=wait)
        if item.queued_at is not None and late > item.queued_at + GIVE_UP_AFTER:
            await self._give_up(item, f"tried for 72 hours: {error}")
            return
        await self._settle(item, lambda: self._outbox.retry_later(item.item_id, wait, error))

    async def _give_up(self, item: OutboxItem, error: str) -> None:
        log.error("dead letter", connector=item.connector, kind=item.kind, item=item.item_id)
        self._on_alarm(
            f"{item.connector}_dead_letters", f"{item.kind} could not be delivered: {error}"
        )
        await self._settle(item, lambda: self._outbox.give_up(item.item_id, error))

    async def _settle(self, item: OutboxItem, write: Callable[[], Any]) -> None:
        """Write what became of *item*; while the database is away, keep trying for a while.

        If it never comes back, the lease ends and the item is delivered again under its key.
        """
        for _ in range(_SETTLE_TRIES):
            try:
                await write()
            except StorageUnavailable:
                await deferLater(self._reactor, _STORAGE_RETRY)
            else:
                return
        log.error("delivery not settled", connector=item.connector, item=item.item_id)

    def _reachable(self, item: OutboxItem) -> None:
        if self._breaker.is_open:
            self._on_alarm(f"{item.connector}_down", "")
        self._breaker.succeeded()

    def _unreachable(self, item: OutboxItem, error: str) -> None:
        was_open = self._breaker.is_open
        self._breaker.failed()
        if self._breaker.is_open and not was_open:
            self._on_alarm(f"{item.connector}_down", error)


def backoff(attempts: int) -> float:
    """Return the seconds before the next try: 1 s, doubled to 15 min, with full jitter."""
    longest = min(LONGEST_WAIT, 2.0 ** min(attempts - 1, 20))
    return random.uniform(0.0, longest)  # noqa: S311 - spreads load, hides nothing
