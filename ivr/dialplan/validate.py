"""What is wrong with plans that could be read: their names, targets, reach and menus."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from ivr.dialplan.names import Known, KnownPrompts, name_problems
from ivr.dialplan.plan import PlanFile
from ivr.dialplan.problem import Problem, did_you_mean
from ivr.dialplan.step import END, RETURN
from ivr.dialplan.variables import variable_problems
from ivr.ids import Label

MOST_CHOICES = 5  # that a menu tells; who is told more remembers none

__all__ = ["Known", "KnownPrompts", "clash_problems", "plan_problems"]


def plan_problems(plan: PlanFile, known: Known) -> list[Problem]:
    """Return every problem of *plan* in the surroundings of *known*."""
    return [
        *_file_problems(plan),
        *_target_problems(plan),
        *_reach_problems(plan),
        *_menu_problems(plan),
        *name_problems(plan, known),
        *variable_problems(plan, known),
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
                text = f"the {kind} {claimed!r} belongs to {owner.file} already"
                yield plan.problem(text, key)


def _file_problems(plan: PlanFile) -> Iterator[Problem]:
    stem = PurePath(plan.file).stem
    if stem != plan.name:
        key = "line" if plan.line else "sub_dialplan"
        text = f"the file of {plan.name!r} must be called {plan.name}.yaml, not {stem}.yaml"
        yield plan.problem(text, key)


def _target_problems(plan: PlanFile) -> Iterator[Problem]:
    own = {*plan.steps, *plan.broken}
    known = {END, *own, *([RETURN] if plan.sub_dialplan else [])}
    for key, label in (("start", plan.start), ("on_error", plan.on_error)):
        if label is not None and label not in own:
            yield plan.problem(f"no step {label!r}{did_you_mean(label, own)}", key)
    for label, step in plan.steps.items():
        for name, target in step.exits().items():
            if target not in known:
                text = f"goes to {target!r}, which does not exist"
                text += did_you_mean(target, known)
                yield plan.problem(text, "steps", label, *_place_of(name))


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
            yield plan.problem("can never be reached", "steps", label)
            reached |= _reached(plan, [label])


def _reached(plan: PlanFile, ahead: list[Label]) -> set[Label]:
    reached: set[Label] = set()
    while ahead:
        label = ahead.pop()
        if label in plan.steps and label not in reached:
            reached.add(label)
            ahead.extend(plan.steps[label].exits().values())
    return reached


def _menu_problems(plan: PlanFile) -> Iterator[Problem]:
    for label, step in plan.steps.items():
        if step.choices() > MOST_CHOICES:
            text = f"{step.choices()} choices are told, nobody remembers more than {MOST_CHOICES}: "
            text += "put the rarer ones into a second menu"
            yield plan.problem(text, "steps", label, "digits")
