"""An RTP socket of the tests' own: counts what comes, measures its level, speaks if told so.

It learns where to speak to from the first packet that comes. SIPp's keys come from a socket of
SIPp's; Asterisk (``rtp_symmetric``) then sends its speech there, so a listener that does not speak
says a little silence whenever nothing has come for a while, to win it back. Until the keys are
pressed (``quiet_for``) it says nothing, so that no second source is mixed with them. It never
echoes: two echoes in one call multiply packets without end.
"""

from __future__ import annotations

import secrets
import socket
import struct
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from types import TracebackType

import numpy as np

from ivr.demo.g711 import RATE, Pcm, decode_alaw, encode_alaw, level_dbfs

_HEADER = struct.Struct("!BBHII")
_PCMA = 8
_AUDIBLE_DBFS = -50.0
_FRAME_SECONDS = 0.02
_QUIET_SECONDS = 0.2
_SILENCE = b"\xd5" * 160


@dataclass
class Listener:
    """Listens on a free port of *host* in a thread of its own until closed."""

    host: str = "127.0.0.2"
    tone: float = 0.0  # hertz; 0: does not speak
    quiet_for: float = 0.0  # seconds after the first packet in which it says nothing
    measure: bool = True  # keep the speech; switch off for load, where only counts matter
    packets: int = 0
    sent: int = 0
    by_source: Counter[tuple[str, int]] = field(default_factory=Counter)
    first_sound: float | None = None  # monotonic seconds
    _frames: list[bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((self.host, 0))
        self._source: tuple[str, int] | None = None
        self._quiet_until = 0.0
        self._ssrc = secrets.randbits(32)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._listen, name="rtp listener", daemon=True)
        self._thread.start()

    @property
    def port(self) -> int:
        port: int = self._socket.getsockname()[1]
        return port

    def speak_to(self, place: tuple[str, int]) -> None:
        """Speak to *place* before anything has come from there."""
        self._source = place

    def samples(self) -> Pcm:
        """Return all speech heard so far (8 kHz), packets in the order they came."""
        return decode_alaw(b"".join(self._frames)) if self._frames else np.zeros(0, np.int16)

    def level(self) -> float:
        """Return the level of all that was heard, in dBFS."""
        return level_dbfs(self.samples())

    def loudness_of(self, hertz: float) -> float:
        """Return how much of the energy heard is at *hertz* (within 20 Hz), 0 … 1."""
        heard = self.samples().astype(np.float64)
        if len(heard) < RATE // 10:
            return 0.0
        power = np.abs(np.fft.rfft(heard)) ** 2
        near = np.abs(np.fft.rfftfreq(len(heard), 1 / RATE) - hertz) <= 20
        return float(power[near].sum() / max(float(power.sum()), 1e-9))

    def close(self) -> None:
        self._closing.set()
        self._thread.join(2)
        self._socket.close()

    def __enter__(self) -> Listener:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _listen(self) -> None:
        pace = _FRAME_SECONDS if self.tone else _QUIET_SECONDS
        speak_at = time.monotonic() + pace
        while not self._closing.is_set():
            now = time.monotonic()
            if now >= speak_at:
                self._speak()
                speak_at = max(speak_at + pace, now - 5 * pace)
                continue
            if self._heard_within(speak_at - now) and not self.tone:
                speak_at = time.monotonic() + pace

    def _heard_within(self, seconds: float) -> bool:
        self._socket.settimeout(seconds)
        try:
            packet, source = self._socket.recvfrom(2048)
        except TimeoutError:
            return False
        if len(packet) <= _HEADER.size or packet[1] & 0x7F != _PCMA:
            return False
        if self._source is None:
            self._quiet_until = time.monotonic() + self.quiet_for
        self._source = source
        self.by_source[source] += 1
        self._hear(packet[_HEADER.size :])
        return True

    def _speak(self) -> None:
        if self._source is None or time.monotonic() < self._quiet_until:
            return
        time_line = np.arange(self.sent * 160, self.sent * 160 + 160) / RATE
        wave = (8000 * np.sin(2 * np.pi * self.tone * time_line)).astype(np.int16)
        payload = encode_alaw(wave) if self.tone else _SILENCE
        head = _HEADER.pack(0x80, _PCMA, self.sent & 0xFFFF, self.sent * 160, self._ssrc)
        self._socket.sendto(head + payload, self._source)
        self.sent += 1

    def _hear(self, payload: bytes) -> None:
        self.packets += 1
        if not self.measure:
            return
        self._frames.append(payload)
        if self.first_sound is None and level_dbfs(decode_alaw(payload)) > _AUDIBLE_DBFS:
            self.first_sound = time.monotonic()
