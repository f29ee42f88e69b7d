"""One HTTP byte range (RFC 9110 §14), so that a player can seek in a recording."""

import re
from dataclasses import dataclass

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})")


class RangeOutside(Exception):
    """The range asked for lies outside: answer 416."""


@dataclass(frozen=True, slots=True)
class ByteRange:
    """First and last byte, both included."""

    first: int
    last: int

    @property
    def length(self) -> int:
        return self.last - self.first + 1


def parse_range(header: str, size: int) -> ByteRange | None:
    """Return the range asked for; ``None``: send all (none, several, or not understood).

    Raises:
        RangeOutside: nothing of it exists.
    """
    found = _RANGE.fullmatch(header.replace(" ", ""))
    if found is None or found[1] == found[2] == "":
        return None
    if found[1] == "":
        first, last = max(0, size - int(found[2])), size - 1
    else:
        first, last = int(found[1]), int(found[2]) if found[2] else size - 1
        if found[2] and last < first:
            return None
    if first >= size or (found[1] == "" and int(found[2]) == 0):
        raise RangeOutside
    return ByteRange(first, min(last, size - 1))
