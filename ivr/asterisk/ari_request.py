"""One request to ARI as a value, and how its parts are written.

Verified on Asterisk 22.10.1: no leading ``/`` in the uri (405); path segments are %-decoded with
``+`` read as a space; values in ``query_strings`` are taken raw, so nothing is ever escaped there;
``message_body`` is a JSON *string*.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec

from ivr.asterisk.errors import AriUnreadable

T = TypeVar("T")

Query = tuple[tuple[str, str | None], ...]


@dataclass(frozen=True)
class AriRequest:
    """What to ask of ARI; a query value of None is not sent.

    ``blocks`` names the channel whose thread the request waits for (asterisk.md §1.4);
    ``over_http`` marks lists and files, whose answers are too large for the WebSocket.
    """

    method: str
    uri: str
    query: Query = ()
    body: Any = None
    blocks: str | None = None
    over_http: bool = False

    def pairs(self) -> list[tuple[str, str]]:
        """The query's names and values, without those not given."""
        return [(name, value) for name, value in self.query if value is not None]


class AriRequester(ABC):
    """Whatever can carry a request to ARI and bring its answer."""

    @abstractmethod
    async def request(self, request: AriRequest, deadline: float | None = None) -> bytes:
        """Return the body of the answer, empty for 204; *deadline* in seconds.

        Raises:
            AriError: it did not succeed; the subclass says how.
        """


class _QueryString(msgspec.Struct):
    name: str
    value: str


class _RestRequest(msgspec.Struct, tag="RESTRequest", tag_field="type", omit_defaults=True):
    transaction_id: str
    request_id: str
    method: str
    uri: str
    query_strings: list[_QueryString] = msgspec.field(default_factory=list)
    content_type: str = ""
    message_body: str = ""


def frame(request: AriRequest, request_id: str) -> bytes:
    """The text frame that carries *request*."""
    message = _RestRequest(
        "",
        request_id,
        request.method,
        request.uri,
        [_QueryString(name, value) for name, value in request.pairs()],
    )
    if request.body is not None:
        message.content_type = "application/json"
        message.message_body = msgspec.json.encode(request.body).decode()
    return msgspec.json.encode(message)


def decoded(kind: type[T], request: AriRequest, body: bytes) -> T:
    """Read *body*, the answer to *request*, as *kind*.

    Raises:
        AriUnreadable: it does not fit.
    """
    if kind is bytes:
        return body  # type: ignore[return-value]  # T is bytes here
    try:
        return msgspec.json.decode(body, type=kind, strict=False)
    except msgspec.DecodeError as problem:
        raise AriUnreadable(request.method, request.uri, str(problem)) from problem


def reason_in(body: bytes, otherwise: str) -> str:
    """Asterisk's words in an error's *body*: mostly ``message``, for a failed create ``error``."""
    try:
        said = msgspec.json.decode(body, type=dict[str, Any])
    except msgspec.DecodeError:
        return otherwise
    return str(said.get("message") or said.get("error") or otherwise)


def segment(text: str) -> str:
    """*text* as one segment of a path."""
    return quote(text, safe="")


def joined(values: Iterable[str] | None) -> str | None:
    """Several values of one parameter, as ARI takes them.

    Raises:
        ValueError: a value holds a comma, which would split it.
    """
    if values is None:
        return None
    items = [values] if isinstance(values, str) else list(values)
    if any("," in item for item in items):
        raise ValueError("a value for ARI must not hold a comma")
    return ",".join(items)


def first(values: Sequence[str]) -> str:
    """The channel that a request about several waits for first."""
    return values if isinstance(values, str) else values[0]


def flag(value: bool | None) -> str | None:
    """A boolean as ARI spells it."""
    return None if value is None else str(value).lower()


def number(value: float | None) -> str | None:
    """A number as ARI spells it."""
    return None if value is None else str(value)
