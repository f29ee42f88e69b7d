"""The authority's emergency mode: kept in memory for calls, in the database for a restart.

While it is on, everybody who is signed in to the console sees it as an alarm.
"""

from datetime import datetime

from ivr.clock import Clock
from ivr.events import AlarmCleared, AlarmRaised, EventBus
from ivr.ids import AuthorityId
from ivr.storage.emergency import Emergencies
from ivr.storage.records import EmergencyRecord

_ALARM = "emergency_mode"


class EmergencyMode:
    """On or off; steps that run after a switch see it at once."""

    def __init__(
        self, clock: Clock, emergencies: Emergencies, bus: EventBus, authority_id: AuthorityId
    ) -> None:
        self._clock = clock
        self._bus = bus
        self._emergencies = emergencies
        self._authority_id = authority_id
        self._is_on = False
        self._since: datetime | None = None

    @property
    def is_on(self) -> bool:
        return self._is_on

    @property
    def since(self) -> datetime | None:
        """When it was last switched; ``None``: never."""
        return self._since

    async def load(self) -> None:
        """Read how it was left, before the first call is taken."""
        kept = await self._emergencies.get(self._authority_id)
        if kept is not None:
            self._is_on, self._since = kept.is_on, kept.since

    def tell(self) -> None:
        """Let everybody see how it stands; alarms begin anew with each start of the service."""
        now = self._clock.now()
        if self._is_on:
            text = "emergency mode is on: callers take the emergency way of each line"
            self._bus.publish(
                AlarmRaised(authority_id=self._authority_id, at=now, alarm=_ALARM, text=text)
            )
        else:
            self._bus.publish(AlarmCleared(authority_id=self._authority_id, at=now, alarm=_ALARM))

    async def switch(self, *, on: bool, who: str) -> None:
        """Switch it; calls see it even while the database is away, only a restart would not.

        Raises:
            StorageUnavailable: it is switched, but not kept: try again.
        """
        self._is_on, self._since = on, self._clock.now()
        self.tell()
        await self._emergencies.put(
            EmergencyRecord(
                authority_id=self._authority_id, is_on=on, since=self._since, switched_by=who
            )
        )
