"""Dialplan files into plans: every step checked by its model, sub-dialplans linked in."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ivr.dialplan.plan import DEEPEST_SUBROUTINE, MAX_STEPS_OF_PLAN, Dialplan, PlanFile
from ivr.dialplan.problem import Problem, SiteInvalid, did_you_mean
from ivr.dialplan.step import RESERVED_LABELS, LanguageCode, SiteName, Step, Target
from ivr.dialplan.steps import STEP_KINDS
from ivr.dialplan.template import VariableName
from ivr.dialplan.yaml_model import fit
from ivr.dialplan.yaml_text import YamlFile, read_yaml
from ivr.ids import Label, LineName
from ivr.routing.numbers import normalise_called

_LABEL = re.compile(r"[a-z][a-z0-9_]{0,63}")
_NOT_A_LABEL = "a label is a small English letter, then letters, digits and _"
KINDS: Mapping[str, type[Step]] = {kind.model_fields["kind"].default: kind for kind in STEP_KINDS}


class PlanHead(BaseModel):
    """What a dialplan file says outside its steps."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    line: Annotated[LineName, Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")] | None = None
    sub_dialplan: SiteName | None = None
    note: str = ""
    numbers: tuple[str, ...] = ()
    language: LanguageCode | None = None
    languages: tuple[LanguageCode, ...] = ()
    start: Target
    on_error: Target | None = None
    variables: tuple[VariableName, ...] = ()
    counters: dict[VariableName, Annotated[int, Field(ge=1, le=20)]] = {}
    steps: dict[str, Any]

    @model_validator(mode="after")
    def _line_or_sub_dialplan(self) -> Self:
        if (self.line is None) == (self.sub_dialplan is None):
            raise ValueError("a file begins with either 'line: name' or 'sub_dialplan: name'")
        if self.line and self.languages and self.language not in self.languages:
            raise ValueError(f"'languages' must hold 'language', too: {self.language!r}")
        if self.sub_dialplan and self.languages:
            raise ValueError("'languages' belongs to a line, not to a sub-dialplan")
        of_line = {"numbers": self.numbers, "language": self.language, "on_error": self.on_error}
        for key, value in of_line.items():
            if self.line and not value:
                raise ValueError(f"{key!r} is missing")
            if self.sub_dialplan and value:
                raise ValueError(f"{key!r} belongs to a line, not to a sub-dialplan")
        return self


def read_plan(name: str, text: str) -> tuple[PlanFile | None, list[Problem]]:
    """Return the plan in *text* as far as it could be read, and every problem in it."""
    file = read_yaml(name, text)
    if file.data is None:
        return None, file.problems
    head = fit(PlanHead, file, (), file.data)
    written = file.data.get("steps") if isinstance(file.data, dict) else None
    steps = dict(_steps(file, written)) if isinstance(written, dict) else {}
    if head is None:
        return None, file.problems
    return _plan_file(file, head, steps), file.problems


def _plan_file(file: YamlFile, head: PlanHead, steps: dict[Label, Step | None]) -> PlanFile:
    return PlanFile(
        file=file.name,
        text=file.text,
        line=head.line,
        sub_dialplan=head.sub_dialplan,
        numbers=tuple(_numbers(file, head.numbers)),
        language=head.language or "",
        languages=_languages(head),
        start=head.start,
        on_error=head.on_error,
        variables=head.variables,
        counters=head.counters,
        steps={label: step for label, step in steps.items() if step is not None},
        broken=frozenset(label for label, step in steps.items() if step is None),
        lines=file.lines,
    )


def _languages(head: PlanHead) -> tuple[str, ...]:
    return tuple(dict.fromkeys([head.language, *head.languages])) if head.language else ()


def _steps(file: YamlFile, written: Mapping[str, Any]) -> Iterator[tuple[Label, Step | None]]:
    if len(written) > MAX_STEPS_OF_PLAN:
        text = f"more than {MAX_STEPS_OF_PLAN} steps in one plan"
        file.problems.append(file.problem(("steps",), text))
        return
    for label, value in written.items():
        yield Label(label), _step(file, label, value)


def _step(file: YamlFile, label: str, value: Any) -> Step | None:
    path = ("steps", label)
    if label in RESERVED_LABELS:
        file.problems.append(file.problem(path, f"{label!r} has a meaning of its own: rename it"))
    elif not _LABEL.fullmatch(label):
        file.problems.append(file.problem(path, _NOT_A_LABEL))
    kind = value.get("kind") if isinstance(value, dict) else None
    if not isinstance(kind, str):
        file.problems.append(file.problem(path, "the step has no kind"))
        return None
    if kind not in KINDS:
        text = f"unknown kind {kind!r}{did_you_mean(kind, KINDS)}"
        file.problems.append(file.problem((*path, "kind"), text))
        return None
    return fit(KINDS[kind], file, path, value)


def _numbers(file: YamlFile, numbers: tuple[str, ...]) -> Iterator[str]:
    for place, number in enumerate(numbers):
        plain = normalise_called(number)
        if plain != number or not number.lstrip("+*").isdecimal():
            text = f"{number!r} is not E.164 ('+97229900200') nor a service number ('106')"
            file.problems.append(file.problem(("numbers", place), text))
        yield number


def link(
    plan: PlanFile,
    sub_dialplans: Mapping[str, PlanFile],
    lines: Mapping[str, PlanFile] | None = None,
) -> Dialplan:
    """Return the line's *plan* with the steps of all it calls or hands over to in it.

    Raises:
        SiteInvalid: what it names does not exist, leads back to itself, or the whole is too large.
    """
    linked = _Linked({"dialplan": sub_dialplans, "line": lines or {}})
    linked.add(plan, "", (plan.file,))
    return Dialplan(
        line=plan.line or LineName(""),
        numbers=plan.numbers,
        language=plan.language,
        start=plan.start,
        on_error=plan.on_error or plan.start,
        steps=linked.steps,
        counters=linked.counters,
        entries=linked.entries,
        errors=linked.errors,
        languages=linked.languages,
        sources=linked.sources,
    )


_NO_SUCH = {"dialplan": "no sub-dialplan", "line": "no line"}
_CIRCLE = {
    "dialplan": "sub-dialplans call one another in a circle, or too deep",
    "line": "lines hand calls to one another in a circle, or too deep",
}


class _Linked:
    """Collects the steps of a plan and, under the labels that lead there, those of others."""

    def __init__(self, others: Mapping[str, Mapping[str, PlanFile]]) -> None:
        self._others = others  # by the key that names them in a step
        self.steps: dict[Label, Step] = {}
        self.entries: dict[Label, Label] = {}
        self.errors: dict[Label, Label] = {}
        self.languages: dict[str, tuple[str, ...]] = {}
        self.sources: dict[str, str] = {}
        self.counters: dict[str, int] = {}

    def add(self, plan: PlanFile, scope: str, way: tuple[str, ...]) -> None:
        """Add *plan*, to which *way* led: the files gone through, its own the last."""
        self.sources[plan.file] = plan.text
        if plan.line:
            self.languages[plan.line] = plan.languages
        for name, most in plan.counters.items():
            self.counters[name] = max(most, self.counters.get(name, 0))
        for label, step in plan.steps.items():
            full = Label(scope + label)
            self.steps[full] = step
            uses = step.uses()
            for what in self._others.keys() & uses.keys():
                for name in uses[what]:
                    if problem := self._problem(what, name, way):
                        place = plan.line_of("steps", label, what)
                        text = f"steps.{label}: {problem}"
                        raise SiteInvalid([Problem(plan.file, place, text)])
                    self._enter(full, self._others[what][name], way)

    def _problem(self, what: str, name: str, way: tuple[str, ...]) -> str:
        known = self._others[what]
        if name not in known:
            return f"{_NO_SUCH[what]} {name!r}{did_you_mean(name, known)}"
        too_large = len(self.steps) + len(known[name].steps) > MAX_STEPS_OF_PLAN
        again = known[name].file in way
        return _CIRCLE[what] if again or too_large or len(way) > DEEPEST_SUBROUTINE else ""

    def _enter(self, full: Label, other: PlanFile, way: tuple[str, ...]) -> None:
        self.entries[full] = Label(f"{full}.{other.start}")
        if other.on_error:
            self.errors[full] = Label(f"{full}.{other.on_error}")
        self.add(other, f"{full}.", (*way, other.file))


def plan_of_text(text: str) -> Dialplan:
    """Read back what ``Dialplan.text`` made, e.g. a version that was published.

    Raises:
        SiteInvalid: this version of the language no longer knows something in it.
    """
    bundle = json.loads(text)
    read = [read_plan(name, source) for name, source in bundle["files"].items()]
    problems = [problem for _, found in read for problem in found]
    if problems:
        raise SiteInvalid(problems)
    files = [file for file, _ in read if file is not None]
    line = next(file for file in files if file.line == bundle["line"])
    return link(
        line,
        {file.sub_dialplan: file for file in files if file.sub_dialplan},
        {file.line: file for file in files if file.line},
    )
