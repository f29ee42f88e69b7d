"""Requests that wait for their answers on one connection."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IDelayedCall, IReactorTime

from ivr.asterisk.ari_generated import RESTResponse
from ivr.asterisk.ari_request import AriRequest, reason_in
from ivr.asterisk.errors import AriError, AriOverloaded, AriTimeout, AriUnavailable, error_for


@dataclass
class _Waiting:
    request: AriRequest
    sent: float
    answer: Deferred[bytes] | None
    timer: IDelayedCall | None


class PendingRequests:
    """Finds the request for each answer, and ends those whose answer does not come in time.

    A request that timed out or was cancelled still occupies its connection, for Asterisk works
    through a connection in order: it is kept, without anyone waiting, until its answer comes.
    """

    def __init__(self, clock: IReactorTime, limit: int) -> None:
        self._clock = clock
        self._limit = limit
        self._waiting: dict[str, _Waiting] = {}
        self._count = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, request: AriRequest, deadline: float) -> tuple[str, Deferred[bytes]]:
        """Return an id for *request* and the Deferred that its answer will fire.

        Raises:
            AriOverloaded: too many wait already.
        """
        if len(self._waiting) >= self._limit:
            raise AriOverloaded(request.method, request.uri, f"{self._limit} requests wait")
        self._count += 1
        request_id = str(self._count)
        answer: Deferred[bytes] = Deferred(lambda _: self._forget(request_id))
        timer = self._clock.callLater(deadline, self._time_out, request_id, deadline)
        self._waiting[request_id] = _Waiting(request, self._clock.seconds(), answer, timer)
        return request_id, answer

    def withdraw(self, request_id: str) -> None:
        """The request was not sent after all."""
        _stop(self._waiting.pop(request_id))

    def answered(self, response: RESTResponse) -> None:
        """Give *response* to whoever waits for it."""
        waiting = self._waiting.pop(response.request_id, None)
        if waiting is None or waiting.answer is None:
            return
        _stop(waiting)
        body = (response.message_body or "").encode()
        if response.status_code < 400:
            waiting.answer.callback(body)
            return
        reason = reason_in(body, response.reason_phrase)
        waiting.answer.errback(
            error_for(waiting.request.method, waiting.request.uri, response.status_code, reason)
        )

    def fail_all(self, reason: str) -> None:
        """The connection is gone: nobody will answer any more."""
        gone, self._waiting = self._waiting, {}
        for waiting in gone.values():
            _stop(waiting)
            if waiting.answer is not None:
                waiting.answer.errback(_error(AriUnavailable, waiting.request, reason))

    def oldest(self) -> float:
        """For how many seconds the oldest request has been without answer; 0 if there is none."""
        first = next(iter(self._waiting.values()), None)
        return 0.0 if first is None else self._clock.seconds() - first.sent

    def blocked_channels(self) -> set[str]:
        """The channels whose blocking requests have no answer yet."""
        found = (waiting.request.blocks for waiting in self._waiting.values())
        return {channel for channel in found if channel is not None}

    def _time_out(self, request_id: str, deadline: float) -> None:
        waiting = self._waiting[request_id]
        answer, waiting.answer, waiting.timer = waiting.answer, None, None
        if answer is not None:
            answer.errback(_error(AriTimeout, waiting.request, f"no answer in {deadline:g} s"))

    def _forget(self, request_id: str) -> None:
        waiting = self._waiting.get(request_id)
        if waiting is not None:
            _stop(waiting)
            waiting.answer = None


def _stop(waiting: _Waiting) -> None:
    if waiting.timer is not None:
        waiting.timer.cancel()
        waiting.timer = None


def _error(kind: Callable[[str, str, str], AriError], request: AriRequest, reason: str) -> AriError:
    return kind(request.method, request.uri, reason)
