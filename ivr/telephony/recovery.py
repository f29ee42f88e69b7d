"""What Asterisk has of ours after a restart or a lost connection, and how it is taken over."""

from collections.abc import Iterable
from dataclasses import dataclass

import structlog

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.errors import AriError, AriNotFound
from ivr.errors import AsteriskUnavailable, MokedError
from ivr.ids import ChannelId
from ivr.telephony.channel import UP, Channel
from ivr.telephony.registry import Registry

log = structlog.get_logger(__name__)

_OUR_LEGS = "leg-"


@dataclass(frozen=True, slots=True)
class Found:
    """Channels that live in Asterisk; which are answered, which stand in our application."""

    living: frozenset[str]
    answered: frozenset[str]
    ours: frozenset[str]


class Recovery:
    """Looks at Asterisk afresh."""

    def __init__(self, ari: AriClient, registry: Registry) -> None:
        self._ari = ari
        self._registry = registry

    async def look(self) -> Found:
        """Return what there is now.

        Raises:
            AsteriskUnavailable: it does not answer.
        """
        try:
            channels = await self._ari.channels_list()
            ours = await self._application()
        except AriError as error:
            raise AsteriskUnavailable(str(error)) from error
        living = frozenset(one.id for one in channels)
        answered = frozenset(one.id for one in channels if one.state == UP)
        return Found(living, answered, ours & living)

    def take(self, channel_id: ChannelId, found: Found, *, is_caller: bool) -> Channel:
        """Return the channel; if it stands in our application, its events arrive from now on."""
        channel = Channel(self._ari, channel_id, is_caller=is_caller)
        channel.is_up = channel_id in found.answered
        if channel_id in found.ours:
            self._registry.add(channel)
        return channel

    def unknown(self, found: Found, kept: Iterable[str]) -> list[Channel]:
        """Return the channels in our application that belong to no call we know."""
        left = found.ours - frozenset(kept)
        return [
            Channel(self._ari, ChannelId(one), is_caller=not one.startswith(_OUR_LEGS))
            for one in sorted(left)
            if self._registry.find(one) is None  # else it arrived while we looked
        ]

    async def _application(self) -> frozenset[str]:
        try:
            application = await self._ari.applications_get(self._registry.app)
        except AriNotFound:
            return frozenset()
        return frozenset(application.channel_ids)


async def hang_up_quietly(channel: Channel) -> None:
    """Hang up what nobody waits for; gone already is as good."""
    try:
        await channel.hang_up()
    except MokedError as error:
        log.info("orphan not hung up", error=type(error).__name__)
