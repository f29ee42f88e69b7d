"""What was heard: puts RTP packets in order on one time line of samples."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from ivr.demo.g711 import RATE, Pcm
from ivr.demo.rtp import RtpPacket, sequence_distance

_REORDER = 4  # packets held back while an earlier one is missing
_LATE = int(0.4 * RATE)  # a packet later than this was not delayed: nobody spoke
_LONGEST_JUMP = 5 * RATE
MAX_SECONDS = 600


@dataclass(slots=True)
class _Stream:
    ssrc: int
    expected: int  # sequence number
    timestamp: int
    position: int  # sample at which a packet with that timestamp belongs


class ReceivedAudio:
    """Samples since *zero* (clock seconds), silence where nothing came, small disorder mended."""

    def __init__(self, zero: float) -> None:
        self.zero = zero
        self.packets = 0
        self.lost = 0
        self.arrivals: list[tuple[float, int]] = []  # (clock seconds, first sample)
        self._samples: Pcm = np.zeros(RATE * 4, np.int16)
        self._end = 0
        self._stream: _Stream | None = None
        self._early: dict[int, tuple[float, RtpPacket]] = {}

    @property
    def seconds(self) -> float:
        """Length of the time line up to the last sample heard."""
        return self._end / RATE

    def samples(self, start: float = 0.0, end: float | None = None) -> Pcm:
        """Return the samples between two times in seconds since *zero*."""
        last = self._end if end is None else min(self._end, round(end * RATE))
        return self._samples[max(0, round(start * RATE)) : last]

    def add(self, arrival: float, packet: RtpPacket, decode: Callable[[bytes], Pcm]) -> None:
        """Take one packet that arrived at *arrival* (clock seconds)."""
        self.packets += 1
        stream = self._stream
        if stream is None or stream.ssrc != packet.ssrc:
            self._begin(arrival, packet)
        elif abs(sequence_distance(packet.sequence, stream.expected)) > 500:
            self._begin(arrival, packet)  # the sender started counting anew
        elif sequence_distance(packet.sequence, stream.expected) < 0:
            return  # repeated, or too late to be of use
        self._early[packet.sequence] = (arrival, packet)
        self._release(decode)

    def _begin(self, arrival: float, packet: RtpPacket) -> None:
        position = max(self._end, self._sample_at(arrival))
        self._stream = _Stream(packet.ssrc, packet.sequence, packet.timestamp, position)
        self._early.clear()

    def _release(self, decode: Callable[[bytes], Pcm]) -> None:
        stream = self._stream
        while stream is not None and self._early:
            if stream.expected not in self._early:
                if len(self._early) < _REORDER:
                    return
                first = min(self._early, key=lambda s: sequence_distance(s, stream.expected))
                self.lost += sequence_distance(first, stream.expected)
                stream.expected = first
            arrival, packet = self._early.pop(stream.expected)
            stream.expected = (stream.expected + 1) % 0x10000
            self._place(stream, arrival, packet, decode(packet.payload))

    def _place(self, stream: _Stream, arrival: float, packet: RtpPacket, samples: Pcm) -> None:
        step = (packet.timestamp - stream.timestamp) % 2**32
        position = stream.position + step if step < _LONGEST_JUMP else self._end
        heard_at = self._sample_at(arrival)
        if heard_at - position > _LATE:
            position = heard_at
        position = max(position, self._end)
        stream.timestamp, stream.position = packet.timestamp, position
        if position + len(samples) <= MAX_SECONDS * RATE:
            self._write(position, samples)
            self.arrivals.append((arrival, position))

    def _write(self, position: int, samples: Pcm) -> None:
        end = position + len(samples)
        if end > len(self._samples):
            grown = np.zeros(max(end, 2 * len(self._samples)), np.int16)
            grown[: self._end] = self._samples[: self._end]
            self._samples = grown
        self._samples[position:end] = samples
        self._end = end

    def _sample_at(self, seconds: float) -> int:
        return max(0, round((seconds - self.zero) * RATE))
