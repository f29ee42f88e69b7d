"""Brings what is published to the calls and to Asterisk, in the running service."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

import structlog

from ivr.app.native_refresh import NativeRefresh
from ivr.app.phones import Phones
from ivr.app.published import Live, remember
from ivr.app.telephone import Base, Telephone
from ivr.app.workshop import workshop
from ivr.calls.publishing import Publisher, Workshop
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.site import Site
from ivr.errors import MokedError, StorageUnavailable
from ivr.pbx.escaping import TextRefused
from ivr.pbx.plan import PlanRefused

log = structlog.get_logger(__name__)
T = TypeVar("T")

AGENTS_LATER = "agents, their queues and phones change when the service starts next"
NATIVE_LATER = "Asterisk did not take the new fail-safe: it keeps the old one until ./moked up"
OWN_ASTERISK = "numbers and fail-safe of the site's own Asterisk are not changed from here"


class Effect:
    """What a publish changes while calls go on: ``Publisher``'s ``TakeEffect`` in the service."""

    def __init__(
        self,
        base: Base,
        calls: Telephone,
        phones: Phones,
        native: NativeRefresh,
        in_thread: Callable[..., Any],
    ) -> None:
        self._native = native
        self.in_thread = in_thread
        self._base = base
        self._calls = calls
        self._phones = phones

    async def take(self, loaded: LoadedSite, versions: Mapping[str, int]) -> list[str]:
        """Let calls that start from now on follow *loaded*; then tell Asterisk."""
        before = self._base.loaded
        self._base.loaded = loaded
        self._calls.refurnish()
        self._calls.lines.swap(Live(loaded, versions).lines())
        log.info("published", versions=dict(versions))
        remarks = [AGENTS_LATER] if _agents_differ(before.site, loaded.site) else []
        try:
            await remember(self._base.store.plans, self._base.settings)
        except (StorageUnavailable, OSError) as error:  # the next start writes it again
            log.warning("last live house not written down", error=type(error).__name__)
        return remarks + await self._tell_asterisk()

    async def _tell_asterisk(self) -> list[str]:
        if self._base.settings.asterisk_host:
            return [OWN_ASTERISK]
        try:
            if await self._native.refresh():
                await self._phones.push()
        except (MokedError, TextRefused, PlanRefused, OSError) as error:
            log.error("fail-safe not renewed", error=type(error).__name__)
            return [NATIVE_LATER]
        return []


def build_publisher(base: Base, effect: Effect) -> tuple[Publisher, Workshop]:
    """Return the publisher of the running service."""
    authority_id = base.loaded.site.authority.authority_id
    shop = workshop(base.settings, base.store.database, base.clock, authority_id, effect.in_thread)
    return Publisher(shop, effect.take), shop


def _agents_differ(before: Site, after: Site) -> bool:
    return (before.agents, before.authority) != (after.agents, after.authority)
