"""Telephone numbers as people type them, in the same form as those of calls."""

import re

from ivr.console.problems import Problem
from ivr.routing.numbers import normalise_caller

_DIALLED = re.compile(r"[+*]?\d{3,15}")


def typed_number(text: str) -> str:
    """Return *text* as calls carry it: E.164 where it can be read, short numbers as they are.

    Raises:
        Problem: ``bad_number``.
    """
    number = normalise_caller(text).number
    if not _DIALLED.fullmatch(number):
        raise Problem("bad_number")
    return number


def number_of_call(text: str) -> str:
    """Return the number of a call in hand; one that nobody can read is kept as it came."""
    return normalise_caller(text).number
