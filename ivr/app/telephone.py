"""Builds the call side: ARI, telephony, routing, and what runs dialplans on calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ivr.app.site import emergency_caller, first_answered, message_only_numbers, queue_rules
from ivr.app.storehouse import Storehouse
from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_settings import AriAddress
from ivr.background import Background
from ivr.calls.adoption import Adoption
from ivr.calls.agent_calls import AgentCalls
from ivr.calls.context import House
from ivr.calls.emergency import EmergencyMode
from ivr.calls.ledger import Ledger
from ivr.calls.lines import Lines
from ivr.calls.lookups import Lookups
from ivr.calls.messages import MessageTaker
from ivr.calls.outward import OutsideRules, Outward
from ivr.calls.reception import Reception
from ivr.calls.recordings import RecordingKeeper
from ivr.calls.speech import Speaker
from ivr.calls.talks import Talks
from ivr.calls.waiting import WaitingRoom
from ivr.clock import Clock
from ivr.dialplan.check import LoadedSite
from ivr.events import EventBus
from ivr.pbx.places import PbxPlaces
from ivr.pbx.plan import ARI_SECRET, ARI_USER, trunk_endpoints
from ivr.prompts.catalogue import Catalogue
from ivr.prompts.languages import LANGUAGES
from ivr.routing.offers import Offers
from ivr.routing.opening_hours import OpeningHours
from ivr.routing.queues import Queues
from ivr.routing.roster import Roster
from ivr.runtime import Runtime
from ivr.secret_files import SecretFiles
from ivr.settings import Settings
from ivr.telephony.dispatcher import Dispatcher
from ivr.telephony.legs import Legs
from ivr.telephony.recording import Recorder
from ivr.telephony.recovery import Recovery
from ivr.telephony.registry import Registry


@dataclass(slots=True)
class Base:
    """What every part of the service is built on; *loaded* is replaced by every publish."""

    reactor: Any
    clock: Clock
    settings: Settings
    runtime: Runtime
    bus: EventBus
    background: Background
    store: Storehouse
    loaded: LoadedSite
    catalogue: Catalogue


@dataclass(frozen=True, slots=True)
class Telephone:
    """The call side, built."""

    ari: AriClient
    dispatcher: Dispatcher
    registry: Registry
    roster: Roster
    queues: Queues
    talks: Talks
    recordings: RecordingKeeper
    ledger: Ledger
    opening_hours: OpeningHours
    lines: Lines
    reception: Reception
    adoption: Adoption
    emergency: EmergencyMode
    refurnish: Callable[[], None]  # calls that start afterwards follow the site as it is then


@dataclass(frozen=True, slots=True)
class _Lower:
    """Telephony and routing, below what runs dialplans."""

    ari: AriClient
    registry: Registry
    dispatcher: Dispatcher
    recorder: Recorder
    roster: Roster
    queues: Queues
    legs: Legs
    ledger: Ledger
    opening_hours: OpeningHours


def build(base: Base) -> Telephone:
    """Build it; nothing is connected yet."""
    lower = _lower(base)
    keeper = RecordingKeeper(
        base.clock,
        lower.recorder,
        base.store.recording_files,
        base.store.journal,
        base.bus,
        base.background,
        spool=_recording_spool(base.settings),
        min_free_mib=base.settings.recording_min_free_mib,
        days=base.settings.recording_days,
    )
    talks = Talks(
        base.reactor,
        base.clock,
        lower.registry,
        lower.roster,
        keeper,
        lower.ledger,
        base.bus,
        base.background,
    )
    lines = Lines(base.store.plans)
    authority_id = base.loaded.site.authority.authority_id
    emergency = EmergencyMode(base.clock, base.store.emergencies, base.bus, authority_id)
    reception = Reception(
        base.reactor,
        authority_id,
        lines,
        _house(base, lower, keeper, talks, emergency),
        base.background,
        last_resort=first_answered(base.loaded),
        pretended_times=base.runtime.demo,
    )
    lower.dispatcher.on_arrival = reception.arrived
    reception.on_agent_call = lambda arrival: base.background.start(
        "agent's call",
        AgentCalls(lower.roster, lower.legs, _outside(base)).take(base.reactor, arrival),
    )

    def refurnish() -> None:
        site = base.loaded.site
        lower.queues.load(queue_rules(base.loaded))
        lower.opening_hours.follow(site.hours, site.authority.timezone)
        house = _house(base, lower, keeper, talks, emergency)
        reception.refurnish(house, last_resort=first_answered(base.loaded))

    adoption = Adoption(
        base.reactor,
        Recovery(lower.ari, lower.registry),
        lines,
        reception,
        talks,
        lower.roster,
        lower.queues,
        lower.ledger,
        base.background,
    )
    return Telephone(
        ari=lower.ari,
        dispatcher=lower.dispatcher,
        registry=lower.registry,
        roster=lower.roster,
        queues=lower.queues,
        talks=talks,
        recordings=keeper,
        ledger=lower.ledger,
        opening_hours=lower.opening_hours,
        lines=lines,
        reception=reception,
        adoption=adoption,
        emergency=emergency,
        refurnish=refurnish,
    )


def _recording_spool(settings: Settings) -> Any:
    return PbxPlaces.of(settings).spool / "spool" / "recording"


def _lower(base: Base) -> _Lower:
    registry = Registry(f"cc-{base.runtime.instance}")
    address = AriAddress(
        base.runtime.asterisk_host,
        base.runtime.ari_port,
        ARI_USER,
        SecretFiles(base.settings.home / "secrets").get(ARI_SECRET),
    )
    dispatcher = Dispatcher(registry, base.background)
    ari = AriClient(base.reactor, address, registry.app, dispatcher.receive)
    dispatcher.ari = ari
    recorder = Recorder(base.reactor, ari, _recording_spool(base.settings))
    dispatcher.on_bridge_recording = recorder.deliver
    roster = Roster(base.clock, base.store.agents, base.store.journal, base.bus)
    roster.paused_after_missed = base.settings.paused_after_missed
    queues = Queues(roster, base.background)
    queues.load(queue_rules(base.loaded))
    legs = Legs(base.reactor, ari, registry)
    Offers(base.clock, roster, queues, legs, base.bus, base.background)
    ledger = Ledger(base.clock, base.store.journal, base.bus)
    site = base.loaded.site
    hours = OpeningHours(site.hours, site.authority.timezone, base.store.closures)
    return _Lower(ari, registry, dispatcher, recorder, roster, queues, legs, ledger, hours)


def _house(
    base: Base, lower: _Lower, keeper: RecordingKeeper, talks: Talks, emergency: EmergencyMode
) -> House:
    speaker = Speaker(base.catalogue, {language.code: language for language in LANGUAGES})
    site = base.loaded.site
    return House(
        clock=base.clock,
        timezone=site.authority.timezone,
        speaker=speaker,
        queues=lower.queues,
        waiting=WaitingRoom(
            base.reactor,
            base.clock,
            lower.queues,
            talks,
            speaker,
            lower.ledger,
            base.background,
        ),
        outward=Outward(base.reactor, lower.legs, talks, speaker, _outside(base), base.background),
        messages=MessageTaker(
            base.clock,
            speaker,
            lower.recorder,
            keeper,
            base.store.journal,
            base.background,
            {name: box.department for name, box in site.boxes.items()},
        ),
        tickets=base.store.tickets,
        ledger=lower.ledger,
        bus=base.bus,
        hours=lower.opening_hours.now,
        calendar=site.calendar,
        emergency=emergency,
        lookups=Lookups(
            base.reactor, site.authority.authority_id, base.store.contacts, site.lookups
        ),
        values=site.values,
    )


def _outside(base: Base) -> OutsideRules:
    site = base.loaded.site
    demo = base.runtime.demo
    names = {
        name: number
        for name, number in site.numbers.items()
        if demo or number not in site.demo_numbers
    }
    return OutsideRules(
        names=names,
        trunks=trunk_endpoints(base.settings, demo=demo),
        never_called=frozenset() if demo else frozenset(site.demo_numbers),
        never_shown=message_only_numbers(base.loaded),
        shown_otherwise=emergency_caller(base.loaded),
    )
