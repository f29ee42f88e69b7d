"""The ARI client: events of one Stasis application in order, and requests with typed answers.

Seen on Asterisk 22.10.1, and not obvious to whoever uses this (beside asterisk.md §0–3):

* A caller's channel ends with StasisEnd: ChannelDestroyed comes only for channels that were
  created through ARI, and not for snoops.
* The Dial event without a status may come after the one that says ANSWER.
* A dialled leg is in Asterisk's own dial bridge: recording *it* fails (RecordingFailed); a caller
  or a bridge can be recorded. End a bridge's recording before the bridge, or RecordingFinished
  may never come.
* A playback can be found, and "stopped" with 204, for some moments after PlaybackFinished.
* A refused new channel id is 409; so is, on the same connection and for ever after, a ``create``
  that fails for another reason (500 before). An id counts as taken if another one continues it
  after a hyphen: with ``a-1-snoop`` alive, ``a-1`` is refused.
* A blocking request that was given up is carried out all the same once its channel is free.
* While a connection works on a blocking request, it answers nothing else, not even pings.
* A connection whose application was taken over and then left answers no request any more, though
  Asterisk carries them out; pings of the WebSocket are answered.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
from twisted.internet.defer import Deferred, gatherResults

from ivr.asterisk.ari_events import AnyEvent, ApplicationReplaced, UnknownEvent
from ivr.asterisk.ari_generated import AriOperations
from ivr.asterisk.ari_http import AriHttp
from ivr.asterisk.ari_lane import AriLane, fault, lane_for
from ivr.asterisk.ari_request import AriRequest, segment
from ivr.asterisk.ari_settings import AriAddress, AriOptions
from ivr.asterisk.errors import AriError, AriUnavailable

log = structlog.get_logger(__name__)

EventReader = Callable[[AnyEvent | UnknownEvent], None]


class AriClient(AriOperations):
    """Asterisk as seen by one controller, kept connected until ``close``.

    Connections: one for events, registered as *app*; the express lane *app*-lane0; and lanes
    *app*-lane1 … for requests that may block. ``on_event`` is called with each event in order
    and must not wait. ``on_connected`` is called when the event filter is in place, before any
    event of that connection; ``on_disconnected`` when the event connection or the express lane
    is lost: events in between are lost too, so whoever listens has to look at Asterisk afresh.

    Where another client registers *app* as well, Asterisk gives it to the newer and this one
    hears no more: it says ``on_disconnected``, is ``replaced``, and stays away.
    """

    def __init__(
        self,
        reactor: Any,
        address: AriAddress,
        app: str,
        on_event: EventReader,
        options: AriOptions | None = None,
    ) -> None:
        self.app = app
        self.on_connected: Callable[[], None] = lambda: None
        self.on_disconnected: Callable[[str], None] = lambda _reason: None
        self._on_event = on_event
        self._options = options or AriOptions()
        self._http = AriHttp(reactor, address, self._options.in_flight)
        soon, late = 2 * self._options.ping_every, self._options.stuck_after

        def lane(name: str, stuck_after: float) -> AriLane:
            return AriLane(reactor, address, name, self._options, stuck_after=stuck_after)

        self._events = lane(app, soon)
        self._events.on_event = self._event
        self._express = lane(f"{app}-lane0", soon)
        self._lanes = [lane(f"{app}-lane{n + 1}", late) for n in range(self._options.lanes)]
        self._early: list[AnyEvent | UnknownEvent] = []
        self._filtered = False
        self._connected = False
        self._replaced = False
        self._closed = False
        self._waiting: list[Deferred[None]] = []

    @property
    def connected(self) -> bool:
        """Whether events arrive and requests can be sent."""
        return self._connected

    @property
    def replaced(self) -> bool:
        """Whether another client has taken the application over, for good."""
        return self._replaced

    async def connect(self) -> None:
        """Connect and return once connected; goes on trying for as long as it takes.

        Raises:
            AriUnavailable: ``close`` was called meanwhile.
        """
        connected: Deferred[None] = Deferred()
        self._waiting.append(connected)
        self._events.on_open = self._event_socket_open
        self._events.on_closed = self._event_socket_closed
        self._express.on_open = self._look
        self._express.on_closed = self._lost
        for lane in self._all():
            lane.start()
        await connected

    async def close(self) -> None:
        """Close every connection; calls in Stasis stay where they are."""
        self._closed = True
        self._give_up_waiting()
        await gatherResults([lane.stop() for lane in self._all()])
        await self._http.close()

    async def request(self, request: AriRequest, deadline: float | None = None) -> bytes:
        """Return the body of the answer, empty for 204; *deadline* in seconds.

        Raises:
            AriError: it did not succeed; the subclass says how.
        """
        seconds = self._options.deadline if deadline is None else deadline
        lane = None if request.over_http else lane_for(request, self._express, self._lanes)
        if lane is None:
            return await self._http.request(request, seconds)
        return await lane.request(request, seconds)

    async def download_recording(
        self, name: str, path: Path, deadline: float | None = None
    ) -> None:
        """Stream the stored recording *name* into *path*, which appears only when whole.

        Raises:
            AriError: no such recording, or Asterisk cannot be reached.
            OSError: the file cannot be written.
        """
        request = AriRequest("GET", f"recordings/stored/{segment(name)}/file", over_http=True)
        seconds = self._options.file_deadline if deadline is None else deadline
        await self._http.download(request, path, seconds)

    def _all(self) -> list[AriLane]:
        return [self._events, self._express, *self._lanes]

    def _event_socket_open(self) -> None:
        Deferred.fromCoroutine(self._apply_filter())

    async def _apply_filter(self) -> None:
        """Ask for fewer events; Asterisk forgets this whenever the application deregisters."""
        request = AriRequest(
            "PUT",
            f"applications/{segment(self.app)}/eventFilter",
            body={"disallowed": [{"type": name} for name in self._options.disallowed]},
        )
        try:
            await self._events.request(request, self._options.deadline)
        except AriUnavailable:
            return  # the connection went again; the next one asks again
        except AriError as error:
            self._events.drop(f"event filter: {error.reason}")
            return
        self._filtered = True
        self._look()

    def _look(self) -> None:
        """Announce the connection once all it takes is there."""
        if self._connected or not (self._filtered and self._express.is_open):
            return
        self._connected = True
        log.info("ari connected", app=self.app)
        self._guarded(self.on_connected)
        early, self._early = self._early, []
        for event in early:
            self._event(event)
        waiting, self._waiting = self._waiting, []
        for connected in waiting:
            connected.callback(None)

    def _event_socket_closed(self, reason: str) -> None:
        self._filtered = False
        self._early.clear()
        self._lost(reason)

    def _lost(self, reason: str) -> None:
        if self._connected:
            self._connected = False
            if not self._closed:
                log.warning("ari disconnected", app=self.app, reason=reason)
            self._guarded(self.on_disconnected, reason)

    def _event(self, event: AnyEvent | UnknownEvent) -> None:
        if not self._connected:
            self._early.append(event)
            return
        self._guarded(self._on_event, event)
        if isinstance(event, ApplicationReplaced) and event.application == self.app:
            self._replaced = True
            log.error("ari application taken over", app=self.app)
            # The lanes are taken over too: once the newer client has gone, Asterisk would carry
            # out what they ask, but answer nothing (seen on 22.10.1).
            for lane in self._all():
                lane.stop()

    def _guarded(self, call: Callable[..., None], *arguments: Any) -> None:
        """Call whoever listens; what it raises must not end the connection."""
        try:
            call(*arguments)
        except Exception as error:
            about = [type(argument).__name__ for argument in arguments]
            log.error("ari listener failed", about=about, **fault(error))

    def _give_up_waiting(self) -> None:
        waiting, self._waiting = self._waiting, []
        for connected in waiting:
            connected.errback(AriUnavailable("GET", "events", "closed"))
