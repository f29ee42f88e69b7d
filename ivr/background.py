"""Background work: named, kept, logged without callers' data, cancelled at shutdown."""

from collections.abc import Coroutine
from typing import Any

import structlog
from twisted.internet.defer import CancelledError, Deferred, DeferredList
from twisted.python.failure import Failure

log = structlog.get_logger(__name__)


class Background:
    """Keeps what runs beside the calls, so that nothing is forgotten or lost silently."""

    def __init__(self) -> None:
        self._running: dict[Deferred[Any], str] = {}

    def start(self, name: str, work: "Coroutine[Deferred[Any], Any, Any]") -> "Deferred[None]":
        """Run *work* under *name*; the Deferred fires when it has ended, however it did."""
        ended: Deferred[None] = Deferred()
        running = Deferred.fromCoroutine(work)
        self._running[running] = name

        def finished(result: object) -> None:
            self._running.pop(running, None)
            if isinstance(result, Failure) and not result.check(CancelledError):
                log.error("background work failed", work=name, error=type(result.value).__name__,
                          where=_place(result))  # fmt: skip
            ended.callback(None)

        running.addBoth(finished)
        return ended

    @property
    def running(self) -> list[str]:
        return sorted(self._running.values())

    async def stop(self) -> None:
        """Cancel all that still runs and wait for it to end."""
        waiting = list(self._running)
        for work in waiting:
            work.cancel()
        await DeferredList(waiting, consumeErrors=True)


def _place(failure: Failure) -> str:
    """Return ``file:line function`` of the innermost frame; never the text: callers' data."""
    trace = failure.getTracebackObject()
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "unknown"
    code = trace.tb_frame.f_code
    return f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno} {code.co_name}"
