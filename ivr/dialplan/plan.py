"""A dialplan: one file as it was read, and the whole of a line with its sub-dialplans linked in."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from ivr.dialplan.problem import Problem
from ivr.dialplan.step import END, ENTER, RETURN, Step
from ivr.dialplan.yaml_text import Path
from ivr.ids import Label, LineName

MAX_STEPS_OF_PLAN = 5000  # all sub-dialplans linked in
DEEPEST_SUBROUTINE = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanFile:
    """One YAML file: a line's dialplan (has ``line``) or a sub-dialplan (has ``sub_dialplan``)."""

    file: str
    text: str = field(repr=False)
    line: LineName | None = None
    sub_dialplan: str | None = None
    numbers: tuple[str, ...] = ()
    language: str = ""
    languages: tuple[str, ...] = ()  # all that the line speaks, its default first
    start: Label
    on_error: Label | None = None
    variables: tuple[str, ...] = ()  # read here, set by whoever calls
    counters: Mapping[str, int] = field(default_factory=dict)  # name → the most it counts to
    steps: Mapping[Label, Step]
    broken: frozenset[Label] = frozenset()  # labels of steps that could not be read
    lines: Mapping[Path, int] = field(default_factory=dict, repr=False)

    @property
    def name(self) -> str:
        return self.line or self.sub_dialplan or ""

    def line_of(self, *path: str | int) -> int:
        """Return the line in the file of *path*, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 0

    def problem(self, text: str, *path: str | int) -> Problem:
        """Return what is wrong at *path*."""
        where = ".".join(str(part) for part in path)
        return Problem(self.file, self.line_of(*path), f"{where}: {text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialplan:
    """A line's plan, complete: the steps of a sub-dialplan stand under ``caller_label.label``."""

    line: LineName
    numbers: tuple[str, ...]
    language: str
    start: Label
    on_error: Label
    steps: Mapping[Label, Step]
    counters: Mapping[str, int] = field(default_factory=dict)
    entries: Mapping[Label, Label] = field(default_factory=dict)  # subroutine → its first step
    errors: Mapping[Label, Label] = field(default_factory=dict)  # transfer → its line's on_error
    languages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # of each line in it
    sources: Mapping[str, str] = field(default_factory=dict, repr=False)  # file name → text

    @property
    def text(self) -> str:
        """All that makes this plan, as one text to keep; ``loader.plan_of_text`` reads it back."""
        return bundle_text(self.line, self.sources)

    @property
    def version_hash(self) -> str:
        """Return 12 hex digits that change with any file of the plan."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:12]

    def on_error_at(self, label: Label) -> Label:
        """Return where a failure of the step *label* leads: the line it belongs to says."""
        scope = label
        while scope := Label(scope.rpartition(".")[0]):
            if scope in self.errors:
                return self.errors[scope]
        return self.on_error

    def target(self, at: Label, exit_label: Label) -> Label:
        """Return the step that *exit_label* means for the step at *at*."""
        if exit_label == END:
            return END
        if exit_label == ENTER:
            return self.entries[at]
        scope = at.rpartition(".")[0]
        if exit_label == RETURN:
            return self.target(Label(scope), self.steps[Label(scope)].exits()["next"])
        return Label(f"{scope}.{exit_label}") if scope else exit_label


def bundle_text(line: str, files: Mapping[str, str]) -> str:
    """Return *files* (name → text) as one text, as versions are kept."""
    return json.dumps({"line": line, "files": dict(files)}, ensure_ascii=False)
