"""FakeAri: the ARI client's interface over a fake Asterisk, without sockets or reactor.

    clock = Clock()
    asterisk = FakeAsterisk(clock)
    ari = FakeAri(asterisk, "cc-x", on_event)
    asterisk.arrives("call-1", "+97229900200")      # on_event(CallBroadcast)
    result_of(ari.events_claim_channel(channel_id="call-1", application="cc-x"))

It runs through the same contract as the real one (``contracts/ari_contract.py``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec

import tests.fakes.ari_routes_more  # noqa: F401 - adds its routes
from ivr.asterisk.ari_events import AnyEvent, UnknownEvent, decode_event
from ivr.asterisk.ari_generated import AriOperations
from ivr.asterisk.ari_request import AriRequest
from ivr.asterisk.ari_settings import UNREAD_EVENTS
from ivr.asterisk.errors import AriError, AriNotFound, AriUnavailable, error_for
from tests.fakes.ari_routes import Refused, carry_out
from tests.fakes.asterisk import FakeAsterisk
from tests.fakes.asterisk_things import App, Json

__all__ = ["FakeAri", "FakeAsterisk"]


class FakeAri(AriOperations):
    """Like ``AriClient``: same operations, same callbacks, same errors.

    ``requests`` is what was asked, in order. ``refuse`` makes the next matching request fail.
    """

    def __init__(
        self,
        asterisk: FakeAsterisk,
        app: str,
        on_event: Callable[[AnyEvent | UnknownEvent], None] = lambda _event: None,
    ) -> None:
        self.app = app
        self.asterisk = asterisk
        self.on_event = on_event
        self.on_connected: Callable[[], None] = lambda: None
        self.on_disconnected: Callable[[str], None] = lambda _reason: None
        self.requests: list[AriRequest] = []
        self._refusals: list[tuple[str, str, AriError]] = []
        self._connected = False
        self._register()

    @property
    def connected(self) -> bool:
        return self._connected

    async def connect(self) -> None:
        self.regain()

    async def close(self) -> None:
        self.lose("closed")

    def lose(self, reason: str = "lost") -> None:
        """The connection goes; the application is deregistered, its channels stay."""
        self.asterisk.apps.pop(self.app, None)
        if self._connected:
            self._connected = False
            self.on_disconnected(reason)

    def regain(self) -> None:
        """The connection comes back; what happened meanwhile is not told again."""
        self._register()
        self.on_connected()

    def refuse(self, method: str, uri: str, error: AriError) -> None:
        """Let the next *method* request whose uri starts with *uri* fail with *error*."""
        self._refusals.append((method, uri, error))

    def asked(self, method: str, uri: str) -> list[AriRequest]:
        """The requests so far with that method and a uri that ends so."""
        return [r for r in self.requests if r.method == method and r.uri.endswith(uri)]

    async def request(self, request: AriRequest, deadline: float | None = None) -> bytes:
        if not self._connected:
            raise AriUnavailable(request.method, request.uri, "not connected")
        self.requests.append(request)
        for refusal in self._refusals:
            if request.method == refusal[0] and request.uri.startswith(refusal[1]):
                self._refusals.remove(refusal)
                raise refusal[2]
        try:
            shown = await carry_out(self.asterisk, request)
        except Refused as refused:
            raise error_for(
                request.method, request.uri, refused.status, refused.reason
            ) from refused
        return b"" if shown is None else msgspec.json.encode(shown)

    async def download_recording(
        self, name: str, path: Path, deadline: float | None = None
    ) -> None:
        if name not in self.asterisk.media.stored:
            raise AriNotFound("GET", f"recordings/stored/{name}/file", "Recording not found", 404)
        # A few bytes, in a test: no thread is worth it.
        path.write_bytes(self.asterisk.media.files[name])  # noqa: ASYNC240

    def _register(self) -> None:
        self._connected = True
        self.asterisk.apps[self.app] = App(self.app, self._hear, frozenset(UNREAD_EVENTS))

    def _hear(self, event: Json) -> None:
        self.on_event(decode_event(msgspec.json.encode(event)))
