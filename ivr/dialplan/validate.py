"""What is wrong with plans that could be read: targets, reach, names of the site, prompts."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from pathlib import PurePath

from ivr.dialplan.plan import PlanFile
from ivr.dialplan.problem import Problem, did_you_mean
from ivr.dialplan.site import Site
from ivr.dialplan.step import END, RETURN
from ivr.dialplan.template import BUILT_IN
from ivr.ids import Label

KnownPrompts = Mapping[str, AbstractSet[str]]  # language → names


def plan_problems(
    plan: PlanFile,
    site: Site,
    sub_dialplans: Iterable[str],
    known_prompts: KnownPrompts | None = None,
) -> list[Problem]:
    """Return every problem of *plan*; prompts are looked at if *known_prompts* is given."""
    return [
        *_name_problems(plan),
        *_target_problems(plan),
        *_reach_problems(plan),
        *_use_problems(plan, site, sub_dialplans),
        *_variable_problems(plan),
        *_counter_problems(plan),
        *_prompt_problems(plan, site, known_prompts),
    ]


def clash_problems(plans: Sequence[PlanFile]) -> Iterator[Problem]:
    """Yield what two files claim at once: a name, or a called number."""
    owners: dict[tuple[str, str], PlanFile] = {}
    for plan in plans:
        what = "line" if plan.line else "sub-dialplan"
        claims = [(what, plan.name, "line"), *(("number", n, "numbers") for n in plan.numbers)]
        for kind, claimed, key in claims:
            owner = owners.setdefault((kind, claimed), plan)
            if owner is not plan:
                text = f"{key}: the {kind} {claimed!r} belongs to {owner.file} already"
                yield Problem(plan.file, plan.line_of(key), text)


def _problem(plan: PlanFile, text: str, *path: str | int) -> Problem:
    where = ".".join(str(part) for part in path)
    return Problem(plan.file, plan.line_of(*path), f"{where}: {text}")


def _name_problems(plan: PlanFile) -> Iterator[Problem]:
    stem = PurePath(plan.file).stem
    if stem != plan.name:
        key = "line" if plan.line else "sub_dialplan"
        text = f"the file of {plan.name!r} must be called {plan.name}.yaml, not {stem}.yaml"
        yield _problem(plan, text, key)


def _target_problems(plan: PlanFile) -> Iterator[Problem]:
    own = {*plan.steps, *plan.broken}
    known = {END, *own, *([RETURN] if plan.sub_dialplan else [])}
    for key, label in (("start", plan.start), ("on_error", plan.on_error)):
        if label is not None and label not in own:
            yield _problem(plan, f"no step {label!r}{did_you_mean(label, own)}", key)
    for label, step in plan.steps.items():
        for name, target in step.exits().items():
            if target not in known:
                text = f"goes to {target!r}, which does not exist"
                text += did_you_mean(target, known)
                yield _problem(plan, text, "steps", label, *_place_of(name))


def _place_of(exit_name: str) -> tuple[str | int, ...]:
    """Return where in its step an exit is written."""
    match exit_name.split(" "):
        case ["digit", digit]:
            return ("digits", digit)
        case ["if", number]:
            return ("when", int(number) - 1)
    return (exit_name,)


def _reach_problems(plan: PlanFile) -> Iterator[Problem]:
    """Report the first step of each part that nothing leads to, not all that hang on it."""
    if plan.broken:
        return  # one of them may be the way there
    reached = _reached(plan, [plan.start, plan.on_error or plan.start])
    lost = [label for label in plan.steps if label not in reached]
    led_to = {
        target for label in lost for target in plan.steps[label].exits().values() if target != label
    }
    for label in sorted(lost, key=lambda label: label in led_to):  # circles come last
        if label not in reached:
            yield _problem(plan, "can never be reached", "steps", label)
            reached |= _reached(plan, [label])


def _reached(plan: PlanFile, ahead: list[Label]) -> set[Label]:
    reached: set[Label] = set()
    while ahead:
        label = ahead.pop()
        if label in plan.steps and label not in reached:
            reached.add(label)
            ahead.extend(plan.steps[label].exits().values())
    return reached


def _use_problems(plan: PlanFile, site: Site, sub_dialplans: Iterable[str]) -> Iterator[Problem]:
    callable_plans = frozenset(sub_dialplans)
    for label, step in plan.steps.items():
        for what, names in step.uses().items():
            known = callable_plans if what == "dialplan" else site.names(what)
            for name in names:
                if name not in known:
                    where = "among the files" if what == "dialplan" else "in site.yaml"
                    text = f"no {what} {name!r} {where}{did_you_mean(name, known)}"
                    yield _problem(plan, text, "steps", label, what)


def _variable_problems(plan: PlanFile) -> Iterator[Problem]:
    written = {name for step in plan.steps.values() for name in step.writes()}
    known = {*BUILT_IN, *written, *plan.variables, *plan.counters}
    if plan.broken:
        return  # one of them may set it
    for label, step in plan.steps.items():
        for name in dict.fromkeys(step.reads()):
            if name not in known:
                text = f"the variable {name!r} is set nowhere{did_you_mean(name, known)}"
                yield _problem(plan, text, "steps", label)


def _counter_problems(plan: PlanFile) -> Iterator[Problem]:
    for label, step in plan.steps.items():
        for name in step.counters():
            if name not in plan.counters:
                text = f"the counter {name!r} is not declared; write 'counters: {{{name}: 3}}'"
                yield _problem(plan, text + " at the top", "steps", label, "count")
        for name in step.writes():
            if name in plan.counters and name not in step.counters():
                text = f"{name!r} is a counter: only 'count' of a set step changes it"
                yield _problem(plan, text, "steps", label)


def _prompt_problems(
    plan: PlanFile, site: Site, known_prompts: KnownPrompts | None
) -> Iterator[Problem]:
    if known_prompts is None:
        return
    languages = (plan.language,) if plan.language else site.authority.languages
    for label, step in plan.steps.items():
        for prompt in dict.fromkeys(step.prompts()):
            for language in languages:
                known = known_prompts.get(language, frozenset())
                if prompt not in known:
                    text = f"no prompt {prompt!r} in {language!r}{did_you_mean(prompt, known)}"
                    yield _problem(plan, text, "steps", label)
