"""Runs what never really waits: coroutines whose whole world is at hand."""

from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def result_of(work: Coroutine[Any, Any, T]) -> T:
    """Return what *work* comes to.

    Raises:
        RuntimeError: it waits for something that is no operation of its ``StepContext``.
    """
    try:
        work.send(None)
    except StopIteration as done:
        result: T = done.value
        return result
    work.close()
    raise RuntimeError("a step waited for something outside of its StepContext")
