"""SIP URIs, name-addr fields, Via and CSeq: pure parsers (RFC 3261 §19.1, §20, §25)."""

import re
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from ivr.demo.sip_message import MalformedMessage

_URI = re.compile(
    r"(?P<scheme>sips?|tel):(?:(?P<user>[^@\s<>\"]+)@)?(?P<host>\[[0-9A-Fa-f:.]+\]|[^:;?\s<>\"@]+)"
    r"(?::(?P<port>\d{1,5}))?(?P<rest>[;?][^\s<>\"]*)?"
)
_NAME_ADDRESS = re.compile(
    r'\s*(?P<display>"(?:[^"\\]|\\.)*"|[^<"]*?)\s*<(?P<uri>[^>]*)>(?P<rest>.*)'
)
_VIA = re.compile(
    r"SIP\s*/\s*2\.0\s*/\s*(?P<transport>\w+)\s+(?P<host>\[[0-9A-Fa-f:.]+\]|[^:;\s]+)"
    r"(?:\s*:\s*(?P<port>\d{1,5}))?(?P<rest>.*)"
)
_USER_SAFE = "-_.!~*'()&=+$,"


@dataclass(frozen=True, slots=True)
class SipUri:
    """``sip:user@host:port;params``; user unescaped, port 0 when absent."""

    user: str
    host: str
    port: int = 0
    scheme: str = "sip"

    def __str__(self) -> str:
        user = f"{quote(self.user, safe=_USER_SAFE)}@" if self.user else ""
        return f"{self.scheme}:{user}{self.host}{f':{self.port}' if self.port else ''}"


@dataclass(frozen=True, slots=True)
class NameAddress:
    """``"Display" <uri>;tag=…`` as it stands in From, To, Contact."""

    uri: str
    display: str = ""
    params: dict[str, str] = field(default_factory=dict)

    @property
    def tag(self) -> str:
        return self.params.get("tag", "")

    def __str__(self) -> str:
        display = self.display.replace("\\", "\\\\").replace('"', '\\"')
        shown = f'"{display}" ' if display else ""
        params = "".join(f";{k}={v}" if v else f";{k}" for k, v in self.params.items())
        return f"{shown}<{self.uri}>{params}"


@dataclass(frozen=True, slots=True)
class Via:
    """Where a response goes back to."""

    host: str
    port: int
    params: dict[str, str]

    @property
    def branch(self) -> str:
        return self.params.get("branch", "")


def parse_uri(text: str) -> SipUri:
    """Read a SIP URI.

    Raises:
        MalformedMessage: it is none.
    """
    found = _URI.fullmatch(text.strip())
    if found is None:
        raise MalformedMessage("not a SIP URI")
    port = int(found["port"] or 0)
    if port > 65535:
        raise MalformedMessage("no such port")
    if found["scheme"] == "tel":
        return SipUri(found["host"], "", 0, "tel")
    user = unquote((found["user"] or "").partition(":")[0].partition(";")[0])  # no password, params
    return SipUri(user, found["host"], port, found["scheme"])


def parse_name_address(text: str) -> NameAddress:
    """Read ``"Name" <sip:…>;tag=1`` or ``sip:…;tag=1``.

    Raises:
        MalformedMessage: it is neither.
    """
    found = _NAME_ADDRESS.fullmatch(text)
    if found:
        display = found["display"].strip()
        if display.startswith('"'):
            display = re.sub(r"\\(.)", r"\1", display[1:-1])
        return NameAddress(found["uri"].strip(), display, _params(found["rest"]))
    uri, _, rest = text.strip().partition(";")
    if not uri or any(char in uri for char in '<>" '):
        raise MalformedMessage("not an address")
    return NameAddress(uri, "", _params(f";{rest}"))


def parse_via(text: str) -> Via:
    """Read one Via value.

    Raises:
        MalformedMessage: it is none.
    """
    found = _VIA.fullmatch(text.strip())
    if found is None:
        raise MalformedMessage("not a Via")
    return Via(found["host"], int(found["port"] or 5060), _params(found["rest"]))


def parse_cseq(text: str) -> tuple[int, str]:
    """Read ``314 INVITE``.

    Raises:
        MalformedMessage: it is not a number and a method.
    """
    number, _, method = text.strip().partition(" ")
    if not (number.isascii() and number.isdigit()) or len(number) > 10 or not method.strip():
        raise MalformedMessage("not a CSeq")
    return int(number), method.strip()


def _params(text: str) -> dict[str, str]:
    params: dict[str, str] = {}
    for part in text.split(";"):
        name, _, value = part.strip().partition("=")
        if name.strip():
            params[name.strip().lower()] = value.strip().strip('"')
    return params
