"""Keeps what Asterisk does without us true: the published plans, and the hours as they are now."""

from dataclasses import replace

from twisted.internet.threads import deferToThreadPool

from ivr.app.checked_plan import require_loadable
from ivr.app.native_site import native_site
from ivr.app.proving import prover_of
from ivr.app.site import pbx_plan, read_prompts
from ivr.app.telephone import Base, Telephone
from ivr.dialplan.check import LoadedSite
from ivr.pbx.configuring import configure, pbx_secrets


class NativeRefresh:
    """Renders the configuration anew; Asterisk reloads only if something is different."""

    def __init__(self, base: Base, calls: Telephone) -> None:
        self._base = base
        self._calls = calls

    async def refresh(self) -> frozenset[str]:
        """Bring Asterisk what is published now; what it would not take it does not get.

        Returns the names of the files that changed.

        Raises:
            SettingsInvalid, TextRefused, PlanRefused: it would not take it.
            AsteriskUnavailable: it is not there to reload.
        """
        if self._base.settings.asterisk_host:
            return frozenset()  # another machine's Asterisk: its configuration is not ours to write
        site = replace(self._base.loaded.site, hours=dict(self._calls.opening_hours.now))
        loaded = LoadedSite(site, self._base.loaded.plans)
        pool = self._base.reactor.getThreadPool()
        changed: frozenset[str] = await deferToThreadPool(
            self._base.reactor, pool, self._render, loaded
        )
        return changed

    def _render(self, loaded: LoadedSite) -> frozenset[str]:
        """Compile, prove, check and write; seconds, but in a thread."""
        settings = self._base.settings
        prover = prover_of(settings, loaded, read_prompts(settings), self._base.clock)
        plan = pbx_plan(settings, loaded, native_site(settings, loaded, prover))
        require_loadable(settings, plan)
        return configure(plan, settings, self._base.runtime, pbx_secrets(settings))
