"""A caller's ear for drills: when there was sound, how long it was silent, keys at any moment."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from itertools import pairwise

from ivr.demo.g711 import decode_alaw, level_dbfs
from ivr.demo.telephone_event import key_press
from tests.calls.rtp_listener import _AUDIBLE_DBFS, _HEADER, Listener

_EVENTS = 96
_FRAME = 0.02


@dataclass
class Ear(Listener):
    """A ``Listener`` that remembers when it heard something, and can press keys itself."""

    sounds: list[float] = field(default_factory=list)  # monotonic seconds of audible packets

    def silence(self, since: float, until: float) -> float:
        """Return the longest silence between two moments, in seconds."""
        heard = [at for at in list(self.sounds) if since <= at <= until]
        moments = [since, *heard, until]
        return max(later - earlier for earlier, later in pairwise(moments))

    def quiet_since(self) -> float:
        """Return for how long nothing was heard; 0 before the first sound."""
        return time.monotonic() - self.sounds[-1] if self.sounds else 0.0

    def heard_within(self, since: float, seconds: float) -> bool:
        return any(since <= at <= since + seconds for at in list(self.sounds))

    def press(self, key: str) -> None:
        """Press *key* now, as RFC 4733 packets from the place that hears."""
        assert self._source is not None, "nothing was heard yet: the server's place is not known"
        self._quiet_until = time.monotonic() + 0.5
        stamp = self.sent * 160
        for part in key_press(key):
            kind = _EVENTS | (0x80 if part.first else 0)
            head = _HEADER.pack(0x80, kind, self.sent & 0xFFFF, stamp, self._ssrc)
            self._socket.sendto(head + part.payload, self._source)
            self.sent += 1
            time.sleep(_FRAME)  # a key takes its time on the wire

    def _hear(self, payload: bytes) -> None:
        super()._hear(payload)
        if level_dbfs(decode_alaw(payload)) > _AUDIBLE_DBFS:
            self.sounds.append(time.monotonic())
