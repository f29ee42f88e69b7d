"""Asterisk's manager interface, for rescue and health; never for calls.

Everything blocking runs in one thread of its own. A connection is made when first needed and
again when it was lost; one that does not answer in time is cut, which frees the thread.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import structlog
from twisted.internet.defer import Deferred
from twisted.internet.threads import deferToThreadPool
from twisted.python.failure import Failure
from twisted.python.threadpool import ThreadPool

from ivr.asterisk.ami_connection import AmiConnection, Headers, output_of
from ivr.asterisk.errors import AmiRefused, AmiTimeout, AmiUnavailable

log = structlog.get_logger(__name__)

T = TypeVar("T")
_FORBIDDEN = re.compile(r"[\r\n]")
_TASKPROCESSOR = re.compile(r"(?P<name>\S+)\s+(?P<processed>\d+)\s+(?P<queued>\d+)\s+\d+\s+\d+")


@dataclass(frozen=True)
class AmiAddress:
    """Where the manager interface is, and a user of it."""

    host: str
    port: int
    user: str
    secret: str = field(repr=False)


class Ami:
    """One user of the manager interface; every method may raise ``AmiError``.

    ``AmiUnavailable`` if it cannot be reached, ``AmiRefused`` with Asterisk's words,
    ``AmiTimeout`` if no answer comes within *deadline* seconds.
    """

    def __init__(self, reactor: Any, address: AmiAddress, deadline: float = 5.0) -> None:
        self._reactor = reactor
        self._address = address
        self._deadline = deadline
        self._connection: AmiConnection | None = None
        self._pool = ThreadPool(minthreads=0, maxthreads=1, name="ami")
        self._pool.start()
        self._closed = False

    async def ping(self) -> None:
        """Return if Asterisk answers."""
        await self._act({"Action": "Ping"})

    async def core_status(self) -> Headers:
        """Start and reload times and the number of current calls."""
        return await self._act({"Action": "CoreStatus"})

    async def core_show_channels(self) -> list[Headers]:
        """One entry per channel."""
        action = {"Action": "CoreShowChannels"}
        return await self._list(action, "CoreShowChannel", "CoreShowChannelsComplete")

    async def queue_status(self, queue: str | None = None) -> list[Headers]:
        """The members of Asterisk's own (fail-safe) queues."""
        action = {"Action": "QueueStatus", **({} if queue is None else {"Queue": queue})}
        return await self._list(action, "QueueMember", "QueueStatusComplete")

    async def redirect(self, channel: str, context: str, extension: str, priority: int = 1) -> None:
        """Send *channel* (its name or unique id) elsewhere in the dialplan, out of Stasis too."""
        await self._act(
            {
                "Action": "Redirect",
                "Channel": channel,
                "Context": context,
                "Exten": extension,
                "Priority": str(priority),
            }
        )

    async def absolute_timeout(self, channel: str, seconds: int) -> None:
        """Have *channel* leave after *seconds*; it does not wait behind a playback."""
        action = {"Action": "AbsoluteTimeout", "Channel": channel, "Timeout": str(seconds)}
        await self._act(action)

    async def reload(self, module: str | None = None) -> None:
        """Reload one module's configuration, or all."""
        await self._act({"Action": "Reload", **({} if module is None else {"Module": module})})

    async def command(self, line: str) -> list[str]:
        """Run one line of Asterisk's console and return what it printed."""
        action = _checked({"Action": "Command", "Command": line})
        return await self._in_thread(lambda: output_of(self._opened().act(action)))

    async def queued_tasks(self) -> dict[str, int]:
        """How many tasks wait in each of Asterisk's task processors (asterisk.md §6.2)."""
        found = (
            _TASKPROCESSOR.match(line) for line in await self.command("core show taskprocessors")
        )
        return {match["name"]: int(match["queued"]) for match in found if match is not None}

    async def close(self) -> None:
        """Cut the connection and end the thread."""
        self._closed = True
        if self._connection is not None:
            self._connection.cut()
        await deferToThreadPool(self._reactor, self._pool, self._finish)
        self._pool.stop()

    async def _act(self, action: Headers) -> Headers:
        checked = _checked(action)
        return await self._in_thread(lambda: dict(self._opened().act(checked).headers))

    async def _list(self, action: Headers, item: str, last: str) -> list[Headers]:
        checked = _checked(action)
        return await self._in_thread(lambda: self._opened().listed(checked, item, last))

    def _opened(self) -> AmiConnection:
        """The connection, made now if there is none (in the thread)."""
        if self._connection is not None and self._connection.connected():
            return self._connection
        self._finish()
        self._connection = AmiConnection()
        address = self._address
        self._connection.open(address.host, address.port, address.user, address.secret)
        return self._connection

    def _finish(self) -> None:
        """Give the connection up (in the thread)."""
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.finish()

    def _attempt(self, work: Callable[[], T]) -> T:
        """Run *work* in the thread; only a refusal leaves the connection usable."""
        try:
            return work()
        except AmiRefused:
            raise
        except BaseException:
            self._finish()
            raise

    async def _in_thread(self, work: Callable[[], T]) -> T:
        if self._closed:
            raise AmiUnavailable("closed")
        outcome: Deferred[T] = Deferred()
        timer = self._reactor.callLater(self._deadline, self._give_up, outcome)

        def came(result: T | Failure) -> None:
            if timer.active():
                timer.cancel()
            if not outcome.called:
                outcome.callback(result)

        running = deferToThreadPool(self._reactor, self._pool, self._attempt, work)
        running.addBoth(came)
        return await outcome

    def _give_up(self, outcome: Deferred[Any]) -> None:
        log.warning("ami does not answer")
        outcome.errback(AmiTimeout(f"no answer in {self._deadline:g} s"))
        if self._connection is not None:
            self._connection.cut()


def _checked(action: Headers) -> Headers:
    """Return *action*.

    Raises:
        ValueError: a value holds a line break, which would begin another header.
    """
    if any(_FORBIDDEN.search(value) for value in action.values()):
        raise ValueError("a value for AMI must not hold a line break")
    return action
