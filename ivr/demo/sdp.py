"""SDP offers and answers for one G.711 stream with telephone events (RFC 4566, 3264, 4733)."""

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from ivr.demo.sip_message import MalformedMessage

PCMU = 0
PCMA = 8
TELEPHONE_EVENT = 101
MAX_SDP = 16_384
_DIRECTIONS = ("sendrecv", "sendonly", "recvonly", "inactive")


class Direction(StrEnum):
    """Who speaks on the stream, seen from the side that wrote the SDP."""

    BOTH = "sendrecv"
    SEND = "sendonly"
    RECEIVE = "recvonly"
    NONE = "inactive"


@dataclass(frozen=True, slots=True)
class SessionDescription:
    """One audio stream: where it is received and what it may carry."""

    host: str
    port: int
    codecs: tuple[int, ...] = (PCMA, PCMU)
    event_type: int | None = TELEPHONE_EVENT
    direction: Direction = Direction.BOTH


def parse_sdp(body: bytes) -> SessionDescription:
    """Read the first audio stream of *body*.

    Raises:
        MalformedMessage: no usable audio stream (RTP/AVP over IPv4 with PCMA or PCMU).
    """
    if len(body) > MAX_SDP:
        raise MalformedMessage("SDP too long")
    lines = body.decode("utf-8", errors="replace").replace("\r\n", "\n").split("\n")
    session, audio = _first_audio(lines)
    port, formats = _audio_line(audio[0])
    host = _connection(audio) or _connection(session)
    if host is None:
        raise MalformedMessage("SDP without an address")
    return SessionDescription(
        host=host,
        port=port,
        codecs=tuple(f for f in formats if f in (PCMA, PCMU)),
        event_type=_event_type(audio, formats),
        direction=_direction(audio) or _direction(session) or Direction.BOTH,
    )


def render_sdp(described: SessionDescription, session_id: int = 1, version: int = 1) -> bytes:
    """Return *described* as SDP text."""
    formats = [*described.codecs]
    if described.event_type is not None:
        formats.append(described.event_type)
    lines = [
        "v=0",
        f"o=- {session_id} {version} IN IP4 {described.host}",
        "s=moked",
        f"c=IN IP4 {described.host}",
        "t=0 0",
        f"m=audio {described.port} RTP/AVP {' '.join(map(str, formats))}",
    ]
    names = {PCMU: "PCMU/8000", PCMA: "PCMA/8000"}
    lines += [f"a=rtpmap:{codec} {names[codec]}" for codec in described.codecs]
    if described.event_type is not None:
        lines.append(f"a=rtpmap:{described.event_type} telephone-event/8000")
        lines.append(f"a=fmtp:{described.event_type} 0-15")
    lines += ["a=ptime:20", f"a={described.direction}"]
    return "\r\n".join(lines).encode() + b"\r\n"


def answer_to(offer: SessionDescription, host: str, port: int) -> SessionDescription:
    """Return our answer: the first G.711 codec offered, the offer's event type, mirrored direction.

    Raises:
        MalformedMessage: nothing in common (SIP 488).
    """
    if not offer.codecs:
        raise MalformedMessage("no common codec")
    mirrored = {Direction.SEND: Direction.RECEIVE, Direction.RECEIVE: Direction.SEND}
    direction = mirrored.get(offer.direction, offer.direction)
    return SessionDescription(host, port, offer.codecs[:1], offer.event_type, direction)


def _first_audio(lines: list[str]) -> tuple[list[str], list[str]]:
    starts = [at for at, line in enumerate(lines) if line.startswith("m=")]
    for which, start in enumerate(starts):
        if lines[start].startswith("m=audio "):
            end = starts[which + 1] if which + 1 < len(starts) else len(lines)
            return lines[: starts[0]], lines[start:end]
    raise MalformedMessage("SDP without audio")


def _audio_line(line: str) -> tuple[int, list[int]]:
    words = line.strip().split(" ")[:40]
    port = _number(words[1], 65535) if len(words) > 2 and words[2] == "RTP/AVP" else None
    if port is None:
        raise MalformedMessage("not plain RTP audio")
    formats = [_number(word, 127) for word in words[3:]]
    return port, [number for number in formats if number is not None]


def _connection(lines: list[str]) -> str | None:
    for line in lines:
        if line.startswith("c=IN IP4 "):
            try:
                return str(ipaddress.IPv4Address(line[9:].strip().partition("/")[0]))
            except ValueError:
                raise MalformedMessage("SDP address is no IPv4 address") from None
    return None


def _event_type(audio: list[str], formats: list[int]) -> int | None:
    for line in audio:
        if line.startswith("a=rtpmap:") and "telephone-event/8000" in line.lower():
            number = _number(line[9:].strip().partition(" ")[0], 127)
            if number in formats:
                return number
    return None


def _number(text: str, largest: int) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) <= 5) or int(text) > largest:
        return None
    return int(text)


def _direction(lines: list[str]) -> Direction | None:
    for line in lines:
        if line.startswith("a=") and line[2:].strip() in _DIRECTIONS:
            return Direction(line[2:].strip())
    return None
