"""Builds the console: its ports, the desks' hub, the screen-pops, the demonstration's users."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from twisted.internet.threads import deferToThreadPool

from crm_bridge.screen_pops import ScreenPops
from ivr.app.desk import Desk
from ivr.app.phone_tree import phone_tree
from ivr.app.phones import Phones
from ivr.app.proving import stage
from ivr.app.site import read_known_prompts, read_prompts
from ivr.app.telephone import Base, Telephone
from ivr.calls.plan_views import PlanViews
from ivr.calls.publishing import Publisher, Workshop
from ivr.calls.rehearsals import Rehearsals
from ivr.console.access import Role
from ivr.console.desk_hub import DeskHub
from ivr.console.first_link import FirstLinkFile
from ivr.console.passwords import Passwords
from ivr.console.ports import ConsolePorts, DialplanPorts, SiteNames
from ivr.console.server import ConsoleServer
from ivr.console.web_app import create_app
from ivr.crm import Contact
from ivr.dialplan.contacts import read_contacts
from ivr.ids import UserId, new_id
from ivr.prompts.listening import PromptSound, prompt_sound
from ivr.prompts.manifest import Manifest
from ivr.secret_files import SecretFiles
from ivr.storage.records import User
from ivr.storage.step_counts import StepCounts
from ivr.storage.traced_calls import TracedCalls

_POINTS = re.compile("[\u0591-\u05bd\u05bf-\u05c7]")  # niqqud and accents, not the maqaf

SERVICE_TOKEN = "service-token"  # noqa: S105 - the name of a secret


def demo_password_secret(agent_id: str) -> str:
    """Return the name of the secret that is a demo agent's password."""
    return f"demo-user-{agent_id}"


class Web:
    """The console and everything that feeds it."""

    def __init__(
        self,
        base: Base,
        calls: Telephone,
        phones: Phones,
        status: Callable[[], dict[str, Any]],
        publishing: tuple[Publisher, Workshop],
    ) -> None:
        self._base = base
        self._publishing = publishing
        self._secrets = SecretFiles(base.settings.home / "secrets")
        self._spoken = _spoken(read_prompts(base.settings))
        self._desk = Desk(
            base.clock,
            calls.roster,
            calls.queues,
            calls.talks,
            calls.recordings,
            phones.is_registered,
        )
        self._ports = self._make_ports(calls, status)
        self._hub = DeskHub(base.reactor, self._ports, base.bus)
        self._pops = ScreenPops(
            base.bus,
            base.store.contacts,
            base.store.calls,
            base.store.tickets,
            self._hub,
            base.background,
            base.reactor,
        )
        app = create_app(self._ports, self._hub)
        self._server = ConsoleServer(app, base.runtime.http_host, base.runtime.http_port)

    async def start(self) -> None:
        """Make sure that somebody can sign in, then listen.

        Raises:
            SettingsInvalid: the address cannot be had.
        """
        await self._first_link()
        if self._base.runtime.demo:
            await self._demo_users()
        self._hub.start()
        await self._server.start()

    async def stop(self) -> None:
        self._hub.stop()
        await self._server.stop()

    def _in_thread(self, function: Callable[..., Any], *arguments: Any) -> Any:
        reactor = self._base.reactor
        return deferToThreadPool(reactor, reactor.getThreadPool(), function, *arguments)

    def _make_ports(self, calls: Telephone, status: Callable[[], dict[str, Any]]) -> ConsolePorts:
        base, store = self._base, self._base.store
        return ConsolePorts(
            clock=base.clock,
            background=base.background,
            authority_id=base.loaded.site.authority.authority_id,
            web=base.settings.tools / "web",
            users=store.users,
            sessions=store.sessions,
            audit=store.audit,
            lists=store.lists,
            traces=store.traces,
            tickets=store.tickets,
            contacts=store.contacts,
            recordings=store.recordings,
            vault=store.recording_files,
            work_items=store.work_items,
            messages=store.messages,
            desk=self._desk,
            opening_hours=calls.opening_hours,
            emergency=calls.emergency,
            dialplans=self._dialplans(),
            prompt_sound=self._prompt_sound,
            first_link=FirstLinkFile(self._secrets),
            site=self._names,
            status=status,
            in_thread=self._in_thread,
            service_token=self._secrets.get(SERVICE_TOKEN, length=64),
        )

    def _dialplans(self) -> DialplanPorts:
        publisher, shop = self._publishing
        return DialplanPorts(
            publisher=publisher,
            views=PlanViews(shop),
            rehearsals=Rehearsals(
                shop,
                stage(self._base.settings, self._base.clock),
                TracedCalls(self._base.store.database, shop.authority_id),
            ),
            drafts=shop.drafts,
            scheduled=shop.scheduled,
            counts=StepCounts(self._base.store.database),
            day_began=self._day_began,
            tree=lambda line: phone_tree(self._base.settings, self._base.loaded, line),
        )

    def _prompt_sound(self, language: str, name: str) -> PromptSound:
        settings = self._base.settings
        known = read_known_prompts(settings)
        return prompt_sound(settings.home / "prompts", known, language, name)

    def _day_began(self) -> datetime:
        now = self._base.clock.now().astimezone(self._base.loaded.site.authority.timezone)
        return now.replace(hour=0, minute=0, second=0, microsecond=0)

    def _names(self) -> SiteNames:
        site = self._base.loaded.site
        return SiteNames(
            authority=dict(site.authority.name),
            queues={name: dict(queue.title) for name, queue in site.queues.items()},
            departments={name: dict(title) for name, title in site.departments.items()},
            prompts=self._spoken,
            agents={agent.agent_id: agent.name for agent in site.agents.values()},
        )

    async def _first_link(self) -> None:
        """Offer the one-time link for as long as there is no administrator."""
        users = await self._base.store.users.all()
        link = FirstLinkFile(self._secrets)
        if not any(user.role == Role.ADMINISTRATOR for user in users):
            link.issue()

    async def _demo_users(self) -> None:
        """Give every agent of a demonstration a user of the same name, with a random password."""
        site = self._base.loaded.site
        passwords = Passwords(self._in_thread)
        known = {user.name for user in await self._base.store.users.all()}
        for agent in site.agents.values():
            if agent.agent_id in known:
                continue
            password = self._secrets.get(demo_password_secret(agent.agent_id), length=16)
            now = self._base.clock.now()
            user = User(
                user_id=UserId(new_id("user")),
                authority_id=site.authority.authority_id,
                name=agent.agent_id,
                full_name=agent.name,
                role="agent",
                password_hash=await passwords.hash(password),
                agent_id=agent.agent_id,
                created_at=now,
                password_changed_at=now,
            )
            await self._base.store.users.add(user)
        for resident in read_contacts(self._base.settings.site / "dialplans"):
            found = await self._base.store.contacts.find(
                site.authority.authority_id, resident.number
            )
            if found is None:
                contact = Contact(
                    contact_id=new_id("contact"),
                    name=resident.name,
                    number=resident.number,
                    address=resident.address,
                    language=resident.language,
                )
                await self._base.store.contacts.put(site.authority.authority_id, contact)


def _spoken(manifests: Mapping[str, Manifest]) -> dict[str, dict[str, str]]:
    """Return what each prompt says, by prompt and language, without points."""
    said: dict[str, dict[str, str]] = {}
    for language, manifest in manifests.items():
        for name, prompt in manifest.prompts.items():
            if prompt.text:
                said.setdefault(name, {})[language] = _POINTS.sub("", prompt.text)
    return said
