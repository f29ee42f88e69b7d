"""SIP messages as values: parse and serialise (RFC 3261 §7), with limits for hostile input."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from ivr.errors import MokedError

MAX_MESSAGE = 65_535
MAX_HEADERS = 200
MAX_LINE = 8_192

_COMPACT = {
    "v": "Via", "f": "From", "t": "To", "i": "Call-ID", "m": "Contact", "l": "Content-Length",
    "c": "Content-Type", "s": "Subject", "k": "Supported", "e": "Content-Encoding",
}  # fmt: skip
_TOKEN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.!%*_+`'~")


class MalformedMessage(MokedError):
    """Bytes that are not a SIP message we can work with."""


@dataclass(frozen=True, slots=True)
class Headers:
    """Header fields in the order they came; names compare without case, compact forms expanded."""

    fields: tuple[tuple[str, str], ...] = ()

    def get(self, name: str, default: str = "") -> str:
        """Return the first field called *name*."""
        return next(self._called(name), default)

    def all(self, name: str) -> list[str]:
        """Return every field called *name*, whole, in order."""
        return list(self._called(name))

    def values(self, name: str) -> list[str]:
        """Return every value of *name*, comma-separated lists taken apart."""
        return [value for line in self._called(name) for value in split_commas(line)]

    def with_fields(self, *added: tuple[str, str]) -> "Headers":
        return Headers((*self.fields, *added))

    def without(self, *names: str) -> "Headers":
        dropped = {name.lower() for name in names}
        return Headers(tuple(f for f in self.fields if f[0].lower() not in dropped))

    def _called(self, name: str) -> Iterator[str]:
        wanted = name.lower()
        return (value for key, value in self.fields if key.lower() == wanted)


@dataclass(frozen=True, slots=True)
class SipRequest:
    """``METHOD uri SIP/2.0`` with its headers and body."""

    method: str
    uri: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""

    def with_headers(self, headers: Headers) -> "SipRequest":
        return replace(self, headers=headers)


@dataclass(frozen=True, slots=True)
class SipResponse:
    """``SIP/2.0 status reason`` with its headers and body."""

    status: int
    reason: str
    headers: Headers = field(default_factory=Headers)
    body: bytes = b""


SipMessage = SipRequest | SipResponse


def parse(datagram: bytes) -> SipMessage:
    """Read one SIP message from one datagram.

    Raises:
        MalformedMessage: it is none, or it is larger than any honest one.
    """
    if len(datagram) > MAX_MESSAGE:
        raise MalformedMessage("longer than a datagram")
    head, separator, body = datagram.lstrip(b"\r\n").partition(b"\r\n\r\n")
    if not separator:
        raise MalformedMessage("no end of headers")
    try:
        lines = _unfold(head.decode("utf-8").split("\r\n"))
    except UnicodeDecodeError:
        raise MalformedMessage("headers are not UTF-8") from None
    headers = _headers(lines[1:])
    body = _body(headers, body)
    return _start_line(lines[0], headers, body)


def serialise(message: SipMessage) -> bytes:
    """Return *message* as it goes over the wire, with its Content-Length.

    Raises:
        ValueError: a header or the start line holds a line break (injection).
    """
    if isinstance(message, SipRequest):
        lines = [f"{message.method} {message.uri} SIP/2.0"]
    else:
        lines = [f"SIP/2.0 {message.status} {message.reason}"]
    fields = message.headers.without("Content-Length").fields
    lines += [f"{name}: {value}" for name, value in fields]
    lines.append(f"Content-Length: {len(message.body)}")
    if any("\r" in line or "\n" in line for line in lines):
        raise ValueError("line break inside a SIP header")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + message.body


def split_commas(value: str) -> list[str]:
    """Split a header's comma list, leaving commas inside quotes and angle brackets alone."""
    parts: list[str] = []
    start = 0
    quoted = escaped = False
    depth = 0
    for at, char in enumerate(value):
        if escaped:
            escaped = False
        elif quoted:
            escaped = char == "\\"
            quoted = char != '"'
        elif char == '"':
            quoted = True
        elif char in "<>":
            depth += 1 if char == "<" else -1
        elif char == "," and depth == 0:
            parts.append(value[start:at].strip())
            start = at + 1
    parts.append(value[start:].strip())
    return [part for part in parts if part]


def _unfold(lines: Iterable[str]) -> list[str]:
    unfolded: list[str] = []
    for line in lines:
        if len(line) > MAX_LINE:
            raise MalformedMessage("a header line is too long")
        if line[:1] in (" ", "\t") and len(unfolded) > 1:
            unfolded[-1] = f"{unfolded[-1]} {line.strip()}"
        else:
            unfolded.append(line)
        if len(unfolded) > MAX_HEADERS:
            raise MalformedMessage("too many headers")
    return unfolded


def _headers(lines: Iterable[str]) -> Headers:
    fields = []
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.strip()
        if not colon or not name or not _TOKEN.issuperset(name):
            raise MalformedMessage("a header without a name")
        fields.append((_COMPACT.get(name.lower(), name), value.strip()))
    return Headers(tuple(fields))


def _body(headers: Headers, rest: bytes) -> bytes:
    length = headers.get("Content-Length")
    if not length:
        return rest
    if not (length.isascii() and length.isdigit()) or len(length) > 6 or int(length) > len(rest):
        raise MalformedMessage("Content-Length does not fit")
    return rest[: int(length)]


def _start_line(line: str, headers: Headers, body: bytes) -> SipMessage:
    parts = line.split(" ", 2)
    if len(parts) < 2:
        raise MalformedMessage("no start line")
    if parts[0] == "SIP/2.0":
        status = parts[1]
        if not (status.isascii() and status.isdigit() and 100 <= int(status[:4]) <= 699):
            raise MalformedMessage("no such status")
        return SipResponse(int(status[:4]), parts[2] if len(parts) == 3 else "", headers, body)
    if len(parts) != 3 or parts[2] != "SIP/2.0" or not parts[1]:
        raise MalformedMessage("not SIP/2.0")
    if not parts[0] or not _TOKEN.issuperset(parts[0]):
        raise MalformedMessage("no method")
    return SipRequest(parts[0], parts[1], headers, body)
