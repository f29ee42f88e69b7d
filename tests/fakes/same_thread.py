"""Threads that are none: work runs at once, so that a test needs no reactor."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from twisted.internet.defer import Deferred, maybeDeferred

T = TypeVar("T")


class SameThread:
    """``ivr.storage.threads.Threads`` in the calling thread."""

    def __init__(self, name: str = "", size: int = 1) -> None:
        self.name = name
        self.size = size

    def start(self) -> None:
        pass

    def run(self, work: Callable[[], T]) -> Deferred[T]:
        return maybeDeferred(work)

    async def stop(self) -> None:
        pass
