"""``null``: takes everything and sends it nowhere; for a site that has no other system yet."""

from typing import ClassVar, Self

from crm_bridge.connector import Surroundings
from ivr.crm import OutboxItem


class NullConnector:
    name: ClassVar[str] = "null"
    kinds: ClassVar[frozenset[str]] = frozenset({"ticket_opened", "ticket_closed", "message_left"})
    after_call: ClassVar[bool] = False

    @classmethod
    def build(cls, _surroundings: Surroundings) -> Self:
        return cls()

    async def deliver(self, item: OutboxItem) -> None:
        """Do nothing, which always succeeds."""
