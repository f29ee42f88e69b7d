"""The service: everything built, started in the order that callers need, stopped in reverse."""

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool

from ivr.app import storehouse, telephone
from ivr.app.beat import Beat
from ivr.app.chores import Chores
from ivr.app.health import Health
from ivr.app.native_refresh import NativeRefresh
from ivr.app.phones import Phones
from ivr.app.published import live_house
from ivr.app.publishing import Effect, build_publisher
from ivr.app.relay import build_relay
from ivr.app.second_brain import SecondBrain
from ivr.app.site import read_prompts
from ivr.app.status import ServiceStatus
from ivr.app.telephone import Base, Telephone
from ivr.asterisk.errors import AriError
from ivr.background import Background
from ivr.clock import SystemClock
from ivr.dialplan.check import LoadedSite
from ivr.errors import AsteriskUnavailable, MokedError
from ivr.events import EventBus
from ivr.pbx.phone_book import PhoneBook
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.languages import LANGUAGES
from ivr.prompts.replace import Places, replace_in_background
from ivr.runtime import Runtime
from ivr.secret_files import SecretFiles
from ivr.settings import Settings
from ivr.storage.records import AgentRecord
from ivr.telephony.waits import fire

log = structlog.get_logger(__name__)


class Service:
    """Call control, console and CRM bridge on one reactor."""

    def __init__(self, reactor: Any, settings: Settings, runtime: Runtime) -> None:
        self._reactor = reactor
        self._settings = settings
        self._runtime = runtime
        self._clock = SystemClock()
        self._bus = EventBus()
        self._background = Background()
        self._took_over: Deferred[None] = Deferred()
        self._stopping: list[Any] = []  # what to call, last first
        self.status = ServiceStatus(runtime)

    async def start(self) -> None:
        """Start; callers who wait in Asterisk are taken up before anything else is loaded.

        Raises:
            MokedError: something without which no call can be served; the text says what to do.
        """
        database = storehouse.open_database(self._reactor, self._settings)
        await database.start()
        self._stopping.append(database.stop)
        live = await live_house(database, self._settings, self._clock)
        store = storehouse.build(
            database,
            self._reactor,
            self._clock,
            self._settings,
            live.loaded.site.authority.authority_id,
            self._bus,
        )
        store.threads.start()
        self._stopping.append(store.threads.stop)
        await store.journal.start()
        self._stopping.append(store.journal.stop)
        base = Base(
            reactor=self._reactor,
            clock=self._clock,
            settings=self._settings,
            runtime=self._runtime,
            bus=self._bus,
            background=self._background,
            store=store,
            loaded=live.loaded,
            catalogue=await self._prompts(),
        )
        calls = telephone.build(base)
        calls.lines.swap(live.lines())
        phones = await self._take_calls(base, calls)
        try:
            await self._everything_else(base, calls, phones)
        except (
            Exception
        ) as error:  # no caller depends on it: calls go on, status says what is wrong
            log.exception("console or bridge not started", error=type(error).__name__)
            self.status.faults.append(f"the console did not start: {error}")

    async def stop(self) -> None:
        """Stop taking calls, let what is written be written; calls stay in Asterisk."""
        while self._stopping:
            stop = self._stopping.pop()
            try:
                await stop()
            except MokedError as error:
                log.error("not stopped cleanly", error=type(error).__name__)

    async def _prompts(self) -> Catalogue:
        manifests = read_prompts(self._settings)
        folder: Path = self._settings.home / "prompts"
        catalogue: Catalogue = await self._in_thread(Catalogue, folder, manifests)
        return catalogue

    def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        pool = self._reactor.getThreadPool()
        return deferToThreadPool(self._reactor, pool, function, *arguments)

    async def _take_calls(self, base: Base, calls: Telephone) -> Phones:
        """Connect, adopt, accept. From here on every reconnect does the same by itself."""
        await base.store.authorities.put_all(
            {base.loaded.site.authority.authority_id: base.loaded.site.authority.name["he"]}
        )
        await calls.roster.load(_agents(base.loaded, base))
        await calls.opening_hours.load()
        await calls.emergency.load()
        stored = await base.store.positions.all()
        calls.ledger.positions.update({one.call_id: one for one in stored})
        for alarm in await base.store.alarms.open():  # raised again if they are still true
            await base.store.alarms.cleared(alarm.authority_id, alarm.alarm, base.clock.now())
        beat = Beat(
            self._reactor,
            self._clock,
            calls.ari,
            self._settings.run,
            lambda: calls.emergency.is_on,
        )
        beat.start()
        self._stopping.append(_sync(beat.stop))
        phones = Phones(
            calls.ari,
            SecretFiles(self._settings.home / "secrets"),
            [agent.endpoint for agent in base.loaded.site.agents.values()],
            self._runtime.sip_host,
            PhoneBook(self._settings),
            self._background,
        )
        self.status.watch(calls, base, phones)
        calls.ari.on_connected = lambda: self._connected(calls, phones)
        calls.ari.on_disconnected = lambda _reason: self._disconnected(calls)
        self._stopping.append(self._background.stop)
        self._stopping.append(calls.ari.close)
        brain = SecondBrain(self._reactor, calls.reception, lambda: self.status.taking_calls)
        await brain.start(self._runtime.agi_port)
        self._stopping.append(brain.stop)
        await calls.ari.connect()
        await self._took_over
        phones.start(self._reactor)
        self._stopping.append(_sync(phones.stop))
        return phones

    def _connected(self, calls: Telephone, phones: Phones) -> None:
        self._background.start("take over", self._take_over(calls, phones))

    async def _take_over(self, calls: Telephone, phones: Phones) -> None:
        try:
            adopted = await calls.adoption.run()
            calls.dispatcher.accepting = lambda: True
            await phones.push()
        except (AriError, AsteriskUnavailable) as error:
            log.error("take-over broken off", error=type(error).__name__)
            return
        self.status.taking_calls = True
        fire(self._took_over, None)
        log.info("taking calls", adopted=adopted)

    def _disconnected(self, calls: Telephone) -> None:
        self.status.taking_calls = False
        calls.dispatcher.accepting = lambda: False
        calls.dispatcher.lost()

    async def _better_voices(self, base: Base) -> None:
        """Replace the offline voices by the online one, prompt by prompt, while calls go on."""

        async def refresh() -> None:
            await self._in_thread(base.catalogue.refresh)

        await replace_in_background(
            self._reactor,
            self._in_thread,
            _places(self._settings),
            lambda _language, _name: self._background.start("look at prompts", refresh()),
        )

    async def _everything_else(self, base: Base, calls: Telephone, phones: Phones) -> None:
        """Start what no caller waits for: CRM bridge, console, house-keeping."""
        # FastAPI takes a second to load: in a thread, so that calls go on meanwhile.
        web_module = await self._in_thread(import_module, "ivr.app.web")
        await base.store.outbox.release_leases()  # of an earlier process of this node
        relay = build_relay(base)
        relay.start()
        self._stopping.append(relay.stop)
        health = Health(base, calls)
        health.start()
        self._stopping.append(health.stop)
        self.status.health = health
        native = NativeRefresh(base, calls)
        effect = Effect(base, calls, phones, native, self._in_thread)
        publisher, shop = build_publisher(base, effect)
        chores = Chores(base, self.status, publisher, native)
        chores.start()
        self._stopping.append(chores.stop)
        begun = await base.store.recordings.unsealed()
        self._background.start("recover recordings", calls.recordings.recover(begun))
        if self._settings.gtts:
            self._background.start("better voices", self._better_voices(base))
        web = web_module.Web(base, calls, phones, self.status.now, (publisher, shop))
        await web.start()
        self._stopping.append(web.stop)
        if calls.emergency.is_on:
            calls.emergency.tell()
        self.status.console_up = True


def _places(settings: Settings) -> Places:
    codes = [language.code for language in LANGUAGES]
    return Places(settings.site / "prompts", settings.tools, settings.home, codes)


def _sync(stop: Any) -> Any:
    async def stopping() -> None:
        stop()

    return stopping


def _agents(loaded: LoadedSite, base: Base) -> list[AgentRecord]:
    now = base.clock.now()
    return [
        AgentRecord(
            agent_id=agent.agent_id,
            authority_id=loaded.site.authority.authority_id,
            name=agent.name,
            endpoint=f"PJSIP/{agent.endpoint}",
            queues=tuple(agent.queues),
            state_since=now,
        )
        for agent in loaded.site.agents.values()
    ]
