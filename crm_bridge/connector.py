"""What a connector is: the way to one outside system, and what it is built from."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Protocol, Self

from ivr.clock import Clock
from ivr.crm import OutboxItem
from ivr.settings import Settings


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What connectors may use: settings, secrets by name, the clock and the reactor."""

    settings: Settings
    secret: Callable[[str], str]
    clock: Clock
    reactor: Any


class Connector(Protocol):
    """Delivers items at least once; ``item.key`` is the same at every try of the same item."""

    name: ClassVar[str]
    kinds: ClassVar[frozenset[str]]  # the facts it wants to be told
    after_call: ClassVar[bool]  # what happened in a call is told when the caller has gone

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        """Make it from the settings.

        Raises:
            SettingsInvalid: a setting that it needs is missing.
        """

    async def deliver(self, item: OutboxItem) -> None:
        """Hand *item* over; it has arrived for good when this returns.

        Raises:
            CrmUnavailable: not now; try again.
            CrmRefused: never; trying again will not help.
        """
