"""The result of a coroutine or Deferred that has nothing left to wait for."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

T = TypeVar("T")


def result_of(work: Coroutine[Deferred[Any], Any, T] | Deferred[T]) -> T:
    """Return what *work* came to; it must be finished by now.

    Raises:
        BaseException: what *work* raised.
    """
    deferred = work if isinstance(work, Deferred) else Deferred.fromCoroutine(work)
    outcome: list[Any] = []
    deferred.addBoth(outcome.append)
    if not outcome:
        deferred.addErrback(lambda _cancelled: None)
        pytest.fail("it still waits for something")
    result = outcome[0]
    if isinstance(result, Failure) and result.value is not None:
        raise result.value.with_traceback(result.getTracebackObject())
    value: T = result
    return value
