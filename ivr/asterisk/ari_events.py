"""Reads what ARI sends on an event socket: typed events, and raw ones for what we do not know."""

from __future__ import annotations

from typing import Any

import msgspec

from ivr.asterisk.ari_generated import (
    AnyEvent,
    ApplicationReplaced,
    Bridge,
    BridgeDestroyed,
    CallBroadcast,
    CallClaimed,
    Channel,
    ChannelCreated,
    ChannelDestroyed,
    ChannelDtmfReceived,
    ChannelEnteredBridge,
    ChannelHangupRequest,
    ChannelLeftBridge,
    ChannelStateChange,
    ChannelTalkingFinished,
    ChannelTalkingStarted,
    ChannelTransfer,
    Dial,
    Event,
    LiveRecording,
    Playback,
    PlaybackContinuing,
    PlaybackFinished,
    PlaybackStarted,
    RecordingFailed,
    RecordingFinished,
    RecordingStarted,
    RESTResponse,
    StasisEnd,
    StasisStart,
)

__all__ = [
    "AnyEvent",
    "ApplicationReplaced",
    "Bridge",
    "BridgeDestroyed",
    "CallBroadcast",
    "CallClaimed",
    "Channel",
    "ChannelCreated",
    "ChannelDestroyed",
    "ChannelDtmfReceived",
    "ChannelEnteredBridge",
    "ChannelHangupRequest",
    "ChannelLeftBridge",
    "ChannelStateChange",
    "ChannelTalkingFinished",
    "ChannelTalkingStarted",
    "ChannelTransfer",
    "Dial",
    "Event",
    "LiveRecording",
    "Playback",
    "PlaybackContinuing",
    "PlaybackFinished",
    "PlaybackStarted",
    "RESTResponse",
    "RecordingFailed",
    "RecordingFinished",
    "RecordingStarted",
    "StasisEnd",
    "StasisStart",
    "UnknownEvent",
    "decode_event",
]


class UnknownEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event that our Swagger files do not describe, or that does not fit them."""

    type: str
    raw: dict[str, Any]


# Not strict: a number that Asterisk sends as a string, or the other way round, is still read.
_EVENTS: msgspec.json.Decoder[AnyEvent] = msgspec.json.Decoder(AnyEvent, strict=False)
_RAW = msgspec.json.Decoder(dict[str, Any])


def decode_event(message: bytes | str) -> AnyEvent | UnknownEvent:
    """Read one text frame of an event socket.

    Raises:
        ValueError: it is not a JSON object.
    """
    try:
        return _EVENTS.decode(message)
    except msgspec.ValidationError:
        raw = _RAW.decode(message)
        return UnknownEvent(type=str(raw.get("type", "")), raw=raw)
