"""DTMF as RTP telephone events (RFC 4733): make the packets of a key, recognise keys in packets."""

import struct
from dataclasses import dataclass

DIGITS = "0123456789*#ABCD"
_EVENT = struct.Struct("!BBH")
_VOLUME = 10  # -10 dBm0
_END = 0x80
_STEP = 160  # one packet each 20 ms
END_PACKETS = 3  # RFC 4733 §2.5.1.4: the last packet is sent three times


@dataclass(frozen=True, slots=True)
class EventPayload:
    """One packet's payload; every packet of one key press carries the timestamp of its start."""

    payload: bytes
    first: bool


def key_press(digit: str, frames: int = 5) -> list[EventPayload]:
    """Return the payloads of one press, one for each 20 ms, *frames* long before the end packets.

    Raises:
        ValueError: *digit* is not a key of a telephone.
    """
    event = DIGITS.find(digit.upper()) if len(digit) == 1 else -1
    if event < 0:
        raise ValueError("not a telephone key")
    growing = [_EVENT.pack(event, _VOLUME, _STEP * (n + 1)) for n in range(frames)]
    end = _EVENT.pack(event, _END | _VOLUME, _STEP * (frames + 1))
    return [EventPayload(p, n == 0) for n, p in enumerate([*growing, *[end] * END_PACKETS])]


class KeyListener:
    """Turns event packets into keys: one key a press, whatever is repeated, late or lost."""

    def __init__(self) -> None:
        self._heard: set[tuple[int, int]] = set()
        self._pending: tuple[tuple[int, int], str] | None = None

    def hear(self, ssrc: int, timestamp: int, payload: bytes) -> str:
        """Return the keys that this packet completes: none, one, or two when an end was lost."""
        if len(payload) < 4:
            return ""
        event, flags, _duration = _EVENT.unpack_from(payload)
        press = (ssrc, timestamp)
        if event >= len(DIGITS) or press in self._heard:
            return ""
        completed = ""
        if self._pending and self._pending[0] != press:  # all three ends of the last one were lost
            completed += self._complete(*self._pending)
        if not flags & _END:
            self._pending = (press, DIGITS[event])
            return completed
        return completed + self._complete(press, DIGITS[event])

    def _complete(self, press: tuple[int, int], digit: str) -> str:
        if len(self._heard) > 1000:
            self._heard.clear()
        self._heard.add(press)
        self._pending = None
        return digit
