"""Hands each ARI event to the channel it is about, in order, and claims new calls."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from ivr.asterisk.ari_client import AriClient
from ivr.asterisk.ari_events import (
    AnyEvent,
    CallBroadcast,
    Dial,
    PlaybackFinished,
    RecordingFailed,
    RecordingFinished,
    StasisStart,
    UnknownEvent,
)
from ivr.asterisk.errors import AriConflict, AriError, AriNotFound
from ivr.background import Background
from ivr.ids import ChannelId
from ivr.telephony.channel import UP, Channel
from ivr.telephony.registry import Registry

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call that Asterisk gave us: its channel and what the dialplan said of it."""

    channel: Channel
    name: str  # Asterisk's name of it, e.g. PJSIP/demo-00000001
    args: tuple[str, ...]  # ("in", "<called number>", …) or ("agent", "<dialled>")
    caller_number: str
    caller_name: str


class Dispatcher:
    """The reader of events: finds the channel, hands over, returns; it never waits."""

    ari: AriClient  # set once the client that it reads for exists

    def __init__(self, registry: Registry, background: Background) -> None:
        self._registry = registry
        self._background = background
        self.accepting: Callable[[], bool] = lambda: False
        self.on_arrival: Callable[[Arrival], None] = lambda _arrival: None
        self.on_bridge_recording: Callable[[AnyEvent], None] = lambda _event: None

    def receive(self, event: AnyEvent | UnknownEvent) -> None:
        match event:
            case UnknownEvent():
                log.info("event of an unknown type", event_type=event.type)
            case CallBroadcast(channel=channel):
                if self.accepting():
                    self._background.start("claim", self._claim(ChannelId(channel.id)))
            case StasisStart(args=args) if args[:1] != ["leg"]:
                self._arrived(event)
            case _:
                self._deliver(event)

    def lost(self) -> None:
        """Tell every channel that events are missed from now on, and forget them all."""
        for channel in self._registry:
            channel.control_lost()
            self._registry.forget(channel.id)

    async def _claim(self, channel_id: ChannelId) -> None:
        try:
            await self.ari.events_claim_channel(
                channel_id=channel_id, application=self._registry.app
            )
        except (AriConflict, AriNotFound):
            return  # another controller was first, or it was too late: both are normal
        except AriError as error:
            log.warning("claim failed", error=type(error).__name__, status=error.status)

    def _arrived(self, event: StasisStart) -> None:
        if self._registry.find(event.channel.id) is not None:
            self._deliver(event)
            return
        channel = Channel(self.ari, ChannelId(event.channel.id), is_caller=True)
        channel.is_up = event.channel.state == UP
        self._registry.add(channel)
        caller = event.channel.caller
        self.on_arrival(
            Arrival(channel, event.channel.name, tuple(event.args), caller.number, caller.name)
        )

    def _deliver(self, event: AnyEvent) -> None:
        if isinstance(event, RecordingFinished | RecordingFailed):
            self.on_bridge_recording(event)  # first: whoever waits on the channel asks it at once
        for channel_id in _about(event):
            channel = self._registry.find(channel_id)
            if channel is not None:
                channel.deliver(event)
                if channel.gone:
                    self._registry.forget(channel_id)


def _about(event: AnyEvent) -> list[str]:
    """Return the ids of the channels that *event* is about."""
    match event:
        case PlaybackFinished(playback=playback):
            return _target(playback.target_uri)
        case RecordingFinished(recording=recording) | RecordingFailed(recording=recording):
            return _target(recording.target_uri)
        case Dial(peer=peer):
            return [peer.id]
        case _:
            channel = getattr(event, "channel", None)
            return [channel.id] if channel is not None else []


def _target(uri: str) -> list[str]:
    kind, _, target = uri.partition(":")
    return [target] if kind == "channel" else []
