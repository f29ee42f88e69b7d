"""Reads the tests of plans, ``dialplans/tests/*.yaml``; every problem at once, with its line."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from ivr.dialplan.outcomes import Reached
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.plan_test_text import TestsText, TestText, WorldText, answers_of, moment_of
from ivr.dialplan.problem import Problem, did_you_mean
from ivr.dialplan.scenario import Scenario, Service, read_press
from ivr.dialplan.site import Site
from ivr.dialplan.validate import KnownPrompts
from ivr.dialplan.yaml_model import fit
from ivr.dialplan.yaml_text import Path, YamlFile, read_yaml
from ivr.ids import LineName

_OF_SITE = {"queue": Service.QUEUE, "number": Service.NUMBER, "box": Service.BOX}
_STEP = "step"
_NAMED = {
    "queues": "queue",
    "boxes": "box",
    "tickets": "department",
    "waiting": "queue",
    "numbers": "number",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """What a test's caller is to reach: a queue, number, box or step by name, or some such end."""

    what: str
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.what


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTest:
    """A test that can be run."""

    __test__ = False

    file: str
    line_number: int
    name: str
    line: LineName
    scenario: Scenario
    reaches: Goal | None
    within: float | None
    hears: tuple[str, ...]
    never_hears: tuple[str, ...]


def read_tests(
    name: str,
    text: str,
    site: Site,
    plans: Mapping[LineName, Dialplan],
    known_prompts: KnownPrompts | None = None,
) -> tuple[list[PlanTest], list[Problem]]:
    """Return the tests in *text*, none if there is a problem, and every problem in it."""
    file = read_yaml(name, text)
    written = fit(TestsText, file, (), file.data) if file.data is not None else None
    if written is None:
        return [], file.problems
    plan = plans.get(written.line)
    if plan is None:
        near = did_you_mean(written.line, map(str, plans))
        return [], [*file.problems, file.problem(("line",), f"no line {written.line!r}{near}")]
    if not written.tests:
        file.problems.append(file.problem(("tests",), "there is no test in it"))
    for place, test in enumerate(written.tests):
        found = _test_problems(file, ("tests", place), test, site, plan, known_prompts)
        file.problems.extend(found)
    if file.problems:
        return [], file.problems
    tests = [
        _plan_test(file, ("tests", place), test, site, plan)
        for place, test in enumerate(written.tests)
    ]
    return tests, []


def is_about(name: str, text: str, line: LineName) -> bool:
    """Say whether the tests in *text* are of *line*; where no line can be read, by its name."""
    data = read_yaml(name, text).data
    written = data.get("line") if isinstance(data, Mapping) else None
    return (written if isinstance(written, str) else name.removesuffix(".yaml")) == line


def goal_of(text: str, site: Site, plan: Dialplan) -> Goal:
    """Return what *text* names: ``on_call``, ``queue.centre``, ``ticket`` or a step's label.

    Raises:
        ValueError: there is nothing of that name.
    """
    if text in list(Reached):
        return Goal(text)
    what, dot, name = text.partition(".")
    if dot and what in (*_OF_SITE, _STEP) and name in _names(what, site, plan):
        return Goal(what, name)
    for kind in (*_OF_SITE, _STEP):
        if text in _names(kind, site, plan):
            return Goal(kind, text)
    known = {name for kind in (*_OF_SITE, _STEP) for name in _names(kind, site, plan)}
    near = did_you_mean(text, [*known, *Reached])
    raise ValueError(f"no queue, number, box or step {text!r}{near}")


def _test_problems(
    file: YamlFile,
    path: Path,
    test: TestText,
    site: Site,
    plan: Dialplan,
    known_prompts: KnownPrompts | None,
) -> Iterator[Problem]:
    if not (test.reaches or test.hears or test.never_hears):
        yield file.problem(path, "nothing is tested: write 'reaches', 'hears' or 'never_hears'")
    if test.within is not None and test.reaches is None:
        yield file.problem((*path, "within"), "goes with 'reaches' only")
    if test.reaches is not None:
        try:
            goal_of(test.reaches, site, plan)
        except ValueError as error:
            yield file.problem((*path, "reaches"), str(error))
    yield from _world_problems(file, (*path, "world"), test.world, site)
    if known_prompts is not None:
        known = known_prompts.get(test.language or plan.language, frozenset())
        yield from _prompt_problems(file, (*path, "hears"), test.hears, known)
        yield from _prompt_problems(file, (*path, "never_hears"), test.never_hears, known)


def _world_problems(file: YamlFile, path: Path, world: WorldText, site: Site) -> Iterator[Problem]:
    for key, what in _NAMED.items():
        for name in getattr(world, key):
            known = site.names(what)
            if name not in known and not (what == "number" and name.startswith("+")):
                text = f"no {what} {name!r} in site.yaml{did_you_mean(name, known)}"
                yield file.problem((*path, key, name), text)


def _prompt_problems(
    file: YamlFile, path: Path, names: Iterable[str], known: AbstractSet[str]
) -> Iterator[Problem]:
    for place, name in enumerate(names):
        if name not in known:
            yield file.problem((*path, place), f"no prompt {name!r}{did_you_mean(name, known)}")


def _plan_test(file: YamlFile, path: Path, test: TestText, site: Site, plan: Dialplan) -> PlanTest:
    return PlanTest(
        file=file.name,
        line_number=file.line_of(path),
        name=test.name,
        line=plan.line,
        scenario=Scenario(
            at=moment_of(test.at, site.authority.timezone),
            caller_number=test.caller,
            language=test.language or "",
            presses=tuple(map(read_press, test.press)),
            answers=answers_of(test.world),
            waiting=test.world.waiting,
            emergency=test.emergency,
            day=test.day,
            hangs_up_after=test.hangs_up_after,
        ),
        reaches=goal_of(test.reaches, site, plan) if test.reaches else None,
        within=test.within,
        hears=test.hears,
        never_hears=test.never_hears,
    )


def _names(what: str, site: Site, plan: Dialplan) -> frozenset[str]:
    return frozenset(plan.steps) if what == _STEP else site.names(what)
