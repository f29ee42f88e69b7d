"""All channels that are ours at this moment, by id."""

from collections.abc import Iterator

from ivr.ids import ChannelId
from ivr.telephony.channel import Channel


class Registry:
    """Channels from the moment we chose their id until they are gone."""

    def __init__(self, app: str) -> None:
        self.app = app
        self._channels: dict[ChannelId, Channel] = {}

    def add(self, channel: Channel) -> None:
        self._channels[channel.id] = channel

    def find(self, channel_id: str) -> Channel | None:
        return self._channels.get(ChannelId(channel_id))

    def forget(self, channel_id: str) -> None:
        self._channels.pop(ChannelId(channel_id), None)

    def __iter__(self) -> Iterator[Channel]:
        return iter(list(self._channels.values()))

    def __len__(self) -> int:
        return len(self._channels)
