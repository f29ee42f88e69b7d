"""What happened on a call, step by step: what was heard, what was pressed, where it went."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from ivr.ids import Label

MASKED = "•"


@dataclass(slots=True, kw_only=True)
class TraceEntry:
    """One step of one call; *at* is when it began, aware."""

    label: Label
    kind: str
    visit: int
    at: datetime
    heard: list[str] = field(default_factory=list)  # prompts' names and values, in order
    pressed: list[str] = field(default_factory=list)  # one text per question, "" for silence
    went_to: Label | None = None
    error: str = ""  # name of the error that ended the step


class Trace:
    """The trace of one call. The step's context tells what was heard and pressed as it happens."""

    def __init__(self) -> None:
        self.entries: list[TraceEntry] = []

    @contextmanager
    def step(self, label: Label, kind: str, visit: int, at: datetime) -> Iterator[TraceEntry]:
        """Open the entry of a step that begins at *at*; an error that ends it is named in it."""
        entry = TraceEntry(label=label, kind=kind, visit=visit, at=at)
        self.entries.append(entry)
        try:
            yield entry
        except Exception as error:
            entry.error = type(error).__name__
            raise

    def heard(self, *names: str) -> None:
        if self.entries:
            self.entries[-1].heard.extend(names)

    def pressed(self, digits: str, *, secret: bool = False) -> None:
        """Note *digits*; of secret ones not even the number is kept."""
        if self.entries:
            self.entries[-1].pressed.append(MASKED if secret and digits else digits)
