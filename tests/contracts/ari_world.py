"""What a scenario about ARI is given: the operations, the events so far, and a transcript.

The transcript is what the fake is held against: each request with its outcome, and each event
with the few fields that telephony relies on. Ids that differ from run to run are left out.
"""

from __future__ import annotations

from typing import Any

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IReactorTime

from ivr.asterisk.ari_events import AnyEvent, UnknownEvent
from ivr.asterisk.ari_generated import AriOperations
from ivr.asterisk.ari_request import AriRequest
from ivr.asterisk.errors import AriError

Entry = dict[str, Any]
WAIT_SECONDS = 8.0
SETTLE_SECONDS = 0.15
# The fields of an event that say whom it is about, and what we go by.
SUBJECTS = ("channel", "playback", "bridge", "recording", "peer")
# Told or not depending on who subscribed when (seen on 22.10.1).
UNRELIABLE = ("BridgeCreated", "BridgeDestroyed")
DETAILS = ("cause", "tech_cause", "dialstatus", "digit", "args")


class World(AriOperations):
    """Passes requests on to *inner*, and writes down what was asked, answered and told."""

    def __init__(self, inner: AriOperations, app: str, clock: IReactorTime, run: str) -> None:
        self.app = app
        self.transcript: list[Entry] = []
        self.events: list[Entry] = []
        self._inner = inner
        self._clock = clock
        self._run = run
        self._waiting: list[tuple[Entry, Deferred[Entry]]] = []

    def id(self, name: str) -> str:
        """An id that no other run uses."""
        return f"{name}~{self._run}"

    async def arrives(self, channel: str, behaviour: str) -> None:
        """Have a call come in that is broadcast to the application; *channel* is its id.

        The caller's *behaviour* is ``answers`` (does nothing) or ``presses_5`` (after 0.5 s).
        """
        raise NotImplementedError

    async def leaves(self, channel: str) -> None:
        """Have the caller on *channel* (its name) hang up."""
        raise NotImplementedError

    async def request(self, request: AriRequest, deadline: float | None = None) -> bytes:
        entry: Entry = {"asked": f"{request.method} {self._plain(request.uri)}"}
        self.transcript.append(entry)
        try:
            body = await self._inner.request(request, deadline)
        except AriError as error:
            entry["status"] = error.status
            raise
        entry["status"] = "body" if body else "empty"
        return body

    async def status_of(self, work: Any) -> int:
        """Run one operation and return the status it was refused with, 0 if it succeeded."""
        try:
            await work
        except AriError as error:
            return error.status
        return 0

    def saw(self, event: AnyEvent | UnknownEvent) -> None:
        """Take one event of the application (to be handed to the client as ``on_event``)."""
        entry = self._entry(event)
        mine = any(self._run in str(value) for value in entry.values())
        if not mine or entry["event"] in UNRELIABLE or _begins(entry):
            return
        entry = {key: self._plain(value) for key, value in entry.items()}
        self.events.append(entry)
        self.transcript.append(entry)
        for wanted, waiting in list(self._waiting):
            if _fits(wanted, entry) and not waiting.called:
                waiting.callback(entry)

    async def until(self, event: str, **wanted: Any) -> Entry:
        """Return the first event of that type, seen already or to come, that has these fields."""
        sought = {"event": event, **wanted}
        for entry in self.events:
            if _fits(sought, entry):
                return entry
        waiting: Deferred[Entry] = Deferred()
        self._waiting.append((sought, waiting))
        timer = self._clock.callLater(WAIT_SECONDS, self._missed, waiting, sought)
        entry = await waiting
        timer.cancel()
        return entry

    async def pause(self, seconds: float = SETTLE_SECONDS) -> None:
        """Let time pass, for what is told without being asked."""
        passed: Deferred[None] = Deferred()
        self._clock.callLater(seconds, passed.callback, None)
        await passed

    def order(self, subject: str) -> list[str]:
        """The types of the events about *subject*, in order."""
        return [entry["event"] for entry in self.events if subject in entry.values()]

    def _missed(self, waiting: Deferred[Entry], sought: Entry) -> None:
        seen = "; ".join(str(entry) for entry in self.events[-10:])
        waiting.errback(AssertionError(f"no {sought} within {WAIT_SECONDS} s; last seen: {seen}"))

    def _plain(self, value: Any) -> Any:
        if isinstance(value, list):
            return [self._plain(item) for item in value]
        text = value.replace(f"~{self._run}", "") if isinstance(value, str) else value
        return text.replace(f"%7E{self._run}", "") if isinstance(text, str) else text

    def _entry(self, event: AnyEvent | UnknownEvent) -> Entry:
        entry: Entry = {"event": type(event).__name__}
        for name in SUBJECTS:
            subject = getattr(event, name, None)
            if subject is not None:
                entry[name] = getattr(subject, "id", None) or getattr(subject, "name", "")
        for name in ("playback", "recording", "channel"):
            state = getattr(getattr(event, name, None), "state", None)
            if state is not None:
                entry["state"] = state
                break
        for name in DETAILS:
            value = getattr(event, name, None)
            if value not in (None, "", []):
                entry[name] = value
        return entry


def _begins(entry: Entry) -> bool:
    """Whether this is the Dial event of the beginning, which may come after that of the answer."""
    return entry["event"] == "Dial" and "dialstatus" not in entry


def _fits(wanted: Entry, entry: Entry) -> bool:
    return all(entry.get(key) == value for key, value in wanted.items())
