"""``webhook``: POSTs each fact as signed JSON to an address of the council's choice."""

import hashlib
import hmac
from io import BytesIO
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

import orjson
from twisted.internet.defer import CancelledError, Deferred
from twisted.internet.defer import TimeoutError as DeferredTimeout
from twisted.internet.endpoints import HostnameEndpoint, wrapClientTLS
from twisted.internet.protocol import Protocol, connectionDone
from twisted.internet.ssl import optionsForClientTLS
from twisted.python.failure import Failure
from twisted.web.client import Agent, FileBodyProducer, ResponseFailed, ResponseNeverReceived
from twisted.web.http_headers import Headers
from twisted.web.iweb import IAgentEndpointFactory
from zope.interface import implementer

from crm_bridge.address_guard import resolve
from crm_bridge.connector import Surroundings
from ivr.clock import Clock
from ivr.crm import OutboxItem
from ivr.errors import CrmRefused, CrmUnavailable, SettingsInvalid
from ivr.settings import WebhookSettings

DEADLINE = 10.0
_MOST_OF_AN_ANSWER = 64 * 1024
_TRY_AGAIN = {408, 409, 425, 429}


class WebhookConnector:
    """One POST an item, with its key, the time and an HMAC-SHA256 over ``<time>.<body>``.

    The receiver checks ``X-Moked-Signature: t=…,v1=…`` and drops keys it has seen.
    """

    name: ClassVar[str] = "webhook"
    kinds: ClassVar[frozenset[str]] = frozenset(
        {"ticket_opened", "ticket_closed", "message_left", "call_ended"}
    )
    after_call: ClassVar[bool] = False

    def __init__(self, settings: WebhookSettings, secret: str, clock: Clock, reactor: Any) -> None:
        self._settings = settings
        self._secret = secret.encode()
        self._clock = clock
        self._reactor = reactor

    @classmethod
    def build(cls, surroundings: Surroundings) -> Self:
        settings = surroundings.settings.webhook
        if settings is None:
            raise SettingsInvalid("connectors names webhook: set webhook.url to where it posts")
        return cls(
            settings, surroundings.secret("webhook"), surroundings.clock, surroundings.reactor
        )

    async def deliver(self, item: OutboxItem) -> None:
        posting = Deferred.fromCoroutine(self._post(item))
        posting.addTimeout(DEADLINE, self._reactor)
        try:
            await posting
        except DeferredTimeout as error:
            raise CrmUnavailable(f"no answer in {DEADLINE:.0f} s") from error
        except (ResponseFailed, ResponseNeverReceived) as error:
            raise CrmUnavailable("the connection broke") from error
        except (CrmUnavailable, CrmRefused, CancelledError):
            raise
        except Exception as error:  # refused, unreachable, TLS: each has its own class
            raise CrmUnavailable(f"could not be reached: {type(error).__name__}") from error

    async def _post(self, item: OutboxItem) -> None:
        url = self._settings.url
        host = urlsplit(url).hostname or ""
        address = await resolve(self._reactor, host, allow_loopback=self._settings.allow_loopback)
        body = _body(item)
        agent = Agent.usingEndpointFactory(self._reactor, _Pinned(self._reactor, address))
        response = await agent.request(
            b"POST", url.encode(), self._headers(item, body), FileBodyProducer(BytesIO(body))
        )
        finished: Deferred[None] = Deferred()
        response.deliverBody(_Discard(finished))
        await finished
        _judge(response.code, response.headers.getRawHeaders("retry-after", [""])[0])

    def _headers(self, item: OutboxItem, body: bytes) -> Headers:
        moment = str(int(self._clock.now().timestamp()))
        return Headers(
            {
                "Content-Type": ["application/json"],
                "User-Agent": ["Moked"],
                "Idempotency-Key": [item.key],
                "X-Moked-Event": [item.kind],
                "X-Moked-Signature": [f"t={moment},v1={sign(self._secret, moment, body)}"],
            }
        )


def sign(secret: bytes, moment: str, body: bytes) -> str:
    """Return the HMAC-SHA256 of ``<moment>.<body>`` in hex; *moment* is Unix seconds as text."""
    return hmac.new(secret, moment.encode() + b"." + body, hashlib.sha256).hexdigest()


def _body(item: OutboxItem) -> bytes:
    return orjson.dumps(
        {
            "key": item.key,
            "kind": item.kind,
            "authority": item.authority_id,
            "queued_at": item.queued_at,
            "data": item.payload,
        }
    )


def _judge(status: int, retry_after: str) -> None:
    """Raise what an HTTP status means for the item."""
    if 200 <= status < 300:
        return
    if 400 <= status < 500 and status not in _TRY_AGAIN:
        raise CrmRefused(f"answered {status}")
    asked = float(retry_after) if retry_after.isdigit() else None
    raise CrmUnavailable(f"answered {status}", retry_after=asked)


@implementer(IAgentEndpointFactory)
class _Pinned:
    """Connects to the address that was checked, whatever the name leads to by now."""

    def __init__(self, reactor: Any, address: str) -> None:
        self._reactor = reactor
        self._address = address

    def endpointForURI(self, uri: Any) -> Any:  # noqa: N802 - Twisted's name
        endpoint = HostnameEndpoint(self._reactor, self._address.encode(), uri.port)
        if uri.scheme == b"https":
            return wrapClientTLS(optionsForClientTLS(uri.host.decode()), endpoint)
        return endpoint


class _Discard(Protocol):
    """Reads an answer to its end and forgets it; a very long one is cut off."""

    def __init__(self, finished: "Deferred[None]") -> None:
        self._finished = finished
        self._read = 0

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self._read += len(data)
        if self._read > _MOST_OF_AN_ANSWER and self.transport is not None:
            self.transport.loseConnection()

    def connectionLost(self, reason: Failure = connectionDone) -> None:  # noqa: N802
        if not self._finished.called:
            self._finished.callback(None)
