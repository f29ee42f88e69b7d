"""Builds the way out to other systems: the connectors that are switched on and their relays."""

from crm_bridge.connector import Surroundings
from crm_bridge.connectors import CONNECTORS
from crm_bridge.relays import Relays
from ivr.app.telephone import Base
from ivr.events import AlarmCleared, AlarmRaised, CallEnded, Event, TicketOpened
from ivr.secret_files import SecretFiles


def build_relay(base: Base) -> Relays:
    """Build one relay for each connector of the settings, woken by what they are owed.

    Raises:
        SettingsInvalid: a connector lacks a setting.
    """
    wanted = set(base.settings.connectors)
    surroundings = Surroundings(
        settings=base.settings,
        secret=SecretFiles(base.settings.home / "secrets").get,
        clock=base.clock,
        reactor=base.reactor,
    )
    connectors = [kind.build(surroundings) for kind in CONNECTORS if kind.name in wanted]

    def on_alarm(alarm: str, text: str) -> None:
        authority, now = base.loaded.site.authority.authority_id, base.clock.now()
        if text:
            base.bus.publish(AlarmRaised(authority_id=authority, at=now, alarm=alarm, text=text))
        else:
            base.bus.publish(AlarmCleared(authority_id=authority, at=now, alarm=alarm))

    relays = Relays(connectors, base.store.outbox, base.clock, base.reactor, on_alarm)

    def wake(_event: Event) -> None:
        relays.wake()

    base.bus.subscribe(TicketOpened, wake)
    base.bus.subscribe(CallEnded, wake)
    return relays
