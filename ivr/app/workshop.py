"""Builds what publishing works with; also for the command line, while no service runs."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from twisted.internet.defer import Deferred, maybeDeferred

from ivr.app.proving import path_proof
from ivr.app.published import drafts_of, ensure_published, remember
from ivr.app.site import read_known_prompts
from ivr.calls.publishing import Publisher, Workshop
from ivr.clock import Clock, SystemClock
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.publish import Prove
from ivr.ids import AuthorityId
from ivr.settings import Settings
from ivr.storage.at_once import with_database
from ivr.storage.audit import Audit
from ivr.storage.database import Database
from ivr.storage.plans import Plans
from ivr.storage.scheduled_publishes import ScheduledPublishes

T = TypeVar("T")

AT_NEXT_START = "nothing runs here: it serves callers from the next ./moked up"


def workshop(
    settings: Settings,
    database: Database,
    clock: Clock,
    authority_id: AuthorityId,
    in_thread: Callable[..., Any],
    prove: Prove | None = None,
) -> Workshop:
    """Return what publishing works with; *prove* stands in for the path proof."""
    return Workshop(
        authority_id=authority_id,
        clock=clock,
        plans=Plans(database, clock, authority_id),
        scheduled=ScheduledPublishes(database, authority_id),
        audit=Audit(database),
        drafts=drafts_of(settings),
        known_prompts=lambda: read_known_prompts(settings),
        prove=prove or path_proof(settings, clock),
        in_thread=in_thread,
    )


def publish_alone(
    settings: Settings, work: Callable[[Publisher, Workshop], Coroutine[Deferred[Any], Any, T]]
) -> T:
    """Do *work* with the database itself, while no service runs. Blocks.

    Raises:
        StorageUnavailable: it cannot be reached.
    """
    clock = SystemClock()

    async def on(database: Database) -> T:
        authority_id = await ensure_published(database, settings, clock)
        shop = workshop(settings, database, clock, authority_id, maybeDeferred)

        async def later(_loaded: LoadedSite, _versions: Mapping[str, int]) -> list[str]:
            await remember(shop.plans, settings)
            return [AT_NEXT_START]

        return await work(Publisher(shop, later), shop)

    return with_database(settings, on)
