"""The authority's emergency mode: kept in memory for calls, in the database for a restart."""

from datetime import datetime

from ivr.clock import Clock
from ivr.ids import AuthorityId
from ivr.storage.emergency import Emergencies
from ivr.storage.records import EmergencyRecord


class EmergencyMode:
    """On or off; steps that run after a switch see it at once."""

    def __init__(self, clock: Clock, emergencies: Emergencies, authority_id: AuthorityId) -> None:
        self._clock = clock
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

    async def switch(self, *, on: bool, who: str) -> None:
        """Switch it; calls see it even while the database is away, only a restart would not.

        Raises:
            StorageUnavailable: it is switched, but not kept: try again.
        """
        self._is_on, self._since = on, self._clock.now()
        await self._emergencies.put(
            EmergencyRecord(
                authority_id=self._authority_id, is_on=on, since=self._since, switched_by=who
            )
        )
