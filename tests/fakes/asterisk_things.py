"""What the fake Asterisk holds: channels, bridges, playbacks, recordings, as ARI shows them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from twisted.internet.defer import Deferred

Json = dict[str, Any]
STAMP = "2026-11-22T08:00:00.000+0000"


@dataclass
class Playback:
    """One playback; ``owner`` is a channel or a bridge."""

    id: str
    media: list[str]
    owner: Channel | Bridge
    index: int = 0
    state: str = "queued"
    timer: Any = None

    def shown(self) -> Json:
        shown: Json = {
            "id": self.id,
            "media_uri": self.media[self.index],
            "target_uri": f"{self.owner.kind}:{self.owner.id}",
            "language": "en",
            "state": self.state,
        }
        if self.state == "continuing":
            shown["next_media_uri"] = self.media[self.index + 1]
        return shown


@dataclass
class Recording:
    """One recording that runs; ``owner`` is a channel or a bridge."""

    name: str
    format: str
    owner: Channel | Bridge
    started: float
    terminate_on: str = "none"
    state: str = "recording"
    paused: bool = False
    timer: Any = None

    def shown(self, duration: int | None = None) -> Json:
        shown: Json = {
            "name": self.name,
            "format": self.format,
            "state": self.state,
            "target_uri": f"{self.owner.kind}:{self.owner.id}",
        }
        return shown if duration is None else {**shown, "duration": duration}


@dataclass
class Channel:
    """One channel; ``app`` is set while it is in Stasis, ``ours`` if ARI created it."""

    id: str
    name: str
    caller: str = ""
    called: str = ""
    app: str | None = None
    ours: bool = False
    state: str = "Down"
    behaviour: str = "rings"
    dialled: bool = False
    bridge: Bridge | None = None
    snoops_on: str | None = None
    playbacks: list[Playback] = field(default_factory=list)
    recording: Recording | None = None
    variables: dict[str, str] = field(default_factory=dict)
    free: list[Deferred[None]] = field(default_factory=list)
    timers: list[Any] = field(default_factory=list)
    moh: str | None = None
    ringing: bool = False
    kind: str = "channel"

    @property
    def blocked(self) -> bool:
        """Whether answer, setVar, addChannel and removeChannel have to wait."""
        return bool(self.playbacks) or self.recording is not None

    def shown(self) -> Json:
        return {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "protocol_id": "",
            "caller": {"name": "", "number": self.caller},
            "connected": {"name": "", "number": ""},
            "accountcode": "",
            "dialplan": {
                "context": "in",
                "exten": self.called or "s",
                "priority": 1,
                "app_name": "Stasis" if self.app else "",
                "app_data": self.app or "",
            },
            "creationtime": STAMP,
            "language": "en",
        }


@dataclass
class Bridge:
    """One bridge and the channels in it."""

    id: str
    type: str
    name: str
    channels: list[Channel] = field(default_factory=list)
    playbacks: list[Playback] = field(default_factory=list)
    recording: Recording | None = None
    free: list[Deferred[None]] = field(default_factory=list)
    moh: str | None = None
    kind: str = "bridge"

    def shown(self) -> Json:
        return {
            "id": self.id,
            "technology": "simple_bridge" if self.type == "mixing" else "holding_bridge",
            "bridge_type": self.type,
            "bridge_class": "stasis",
            "creator": "Stasis",
            "name": self.name,
            "channels": [channel.id for channel in self.channels],
            "creationtime": STAMP,
            "video_mode": "none",
        }


@dataclass
class App:
    """One registered application: who listens, and what it does not want to hear."""

    name: str
    listener: Callable[[Json], None]
    disallowed: frozenset[str] = frozenset()
