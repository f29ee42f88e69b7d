"""RTP packets as values (RFC 3550 §5.1), and sequence numbers that wrap."""

import struct
from dataclasses import dataclass

_HEADER = struct.Struct("!BBHII")


@dataclass(frozen=True, slots=True)
class RtpPacket:
    """One RTP packet; header extension and padding already removed."""

    payload_type: int
    sequence: int
    timestamp: int
    ssrc: int
    payload: bytes
    marker: bool = False


def parse_rtp(datagram: bytes) -> RtpPacket | None:
    """Return the packet, or ``None`` for anything that is not RTP (RTCP, STUN, rubbish)."""
    if len(datagram) < 12 or datagram[0] >> 6 != 2:
        return None
    first, second, sequence, timestamp, ssrc = _HEADER.unpack_from(datagram)
    payload_type = second & 0x7F
    if 64 <= payload_type <= 95:  # RTCP on the same port (RFC 5761 §4)
        return None
    start = 12 + 4 * (first & 15)
    if first & 0x10:
        if len(datagram) < start + 4:
            return None
        start += 4 + 4 * int.from_bytes(datagram[start + 2 : start + 4])
    end = len(datagram) - (datagram[-1] if first & 0x20 else 0)
    if start > end:
        return None
    return RtpPacket(payload_type, sequence, timestamp, ssrc, datagram[start:end], second > 127)


def serialise_rtp(packet: RtpPacket) -> bytes:
    return (
        _HEADER.pack(
            0x80,
            packet.payload_type | (0x80 if packet.marker else 0),
            packet.sequence & 0xFFFF,
            packet.timestamp & 0xFFFFFFFF,
            packet.ssrc & 0xFFFFFFFF,
        )
        + packet.payload
    )


def sequence_distance(later: int, earlier: int) -> int:
    """Return how far *later* is after *earlier*, in -32768 … 32767, across the wrap at 65536."""
    return (later - earlier + 0x8000) % 0x10000 - 0x8000
