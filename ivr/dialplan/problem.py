"""What is wrong in a file that people write, and where."""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ivr.errors import MokedError


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend; *line* counts from 1, 0 means the file as a whole."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class SiteInvalid(MokedError):
    """The site's files cannot be used as they are; the text lists every problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(map(str, self.problems)))


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` if something known is near to what was written."""
    near = difflib.get_close_matches(written, list(known), n=1, cutoff=0.6)
    return f" (did you mean {near[0]!r}?)" if near else ""
