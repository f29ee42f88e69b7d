"""Whether what a step reads can have been set on some way to it, and whether counters are counters.

A forward data flow over the plan's graph: what may be set before a step is all that may be set
after any step that leads there. A failure leads from every step to ``on_error``. A sub-dialplan
sets what its steps set, and is given the ``variables`` at its head by whoever calls it.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from ivr.dialplan.names import Known
from ivr.dialplan.plan import PlanFile
from ivr.dialplan.problem import Problem, did_you_mean
from ivr.dialplan.step import Step
from ivr.dialplan.template import BUILT_IN, SITE_PREFIX
from ivr.ids import Label


def variable_problems(plan: PlanFile, known: Known) -> Iterator[Problem]:
    """Yield every variable of *plan* that has no value where it is read."""
    yield from _counter_problems(plan)
    if plan.broken:
        return  # one of them may set it
    writes = {label: _written(step, known) for label, step in plan.steps.items()}
    given: set[str] = {*BUILT_IN, *plan.variables, *plan.counters, *known.site.values}
    everywhere = given.union(*writes.values())
    before = _set_before(plan, writes, given)
    for label, step in plan.steps.items():
        for name in dict.fromkeys(step.reads()):
            if name not in before.get(label, everywhere):
                yield plan.problem(_words(name, everywhere, writes), "steps", label)


def _written(step: Step, known: Known) -> AbstractSet[str]:
    """Return what *step* may set, with all that the sub-dialplans do that it goes through."""
    called = (known.sub_dialplans[name] for name in known.called_by([step]))
    inner = (one.writes() for plan in called for one in plan.steps.values())
    return frozenset(step.writes()).union(*inner)


def _set_before(
    plan: PlanFile, writes: Mapping[Label, AbstractSet[str]], given: set[str]
) -> dict[Label, AbstractSet[str]]:
    """Return what may be set when the call comes to a step, for each that is reached.

    Sets are whole numbers, a bit for each name: a plan of 5000 steps is checked while one types.
    """
    bits = {name: 1 << n for n, name in enumerate(sorted(given.union(*writes.values())))}
    sets = {label: sum(bits[name] for name in written) for label, written in writes.items()}
    all_set = sum(bits.values())
    before: dict[Label, int] = {}
    ahead = deque([(plan.start, sum(bits[name] for name in given))])
    if plan.on_error is not None:
        ahead.append((plan.on_error, all_set))  # every step may fail, the last one too
    while ahead:
        label, coming = ahead.popleft()
        if label in plan.steps and coming | before.get(label, 0) != before.get(label):
            before[label] = coming | before.get(label, 0)
            after = before[label] | sets[label]
            led_to = dict.fromkeys(plan.steps[label].exits().values())
            ahead.extend((target, after) for target in led_to)
    return {
        label: {name for name, bit in bits.items() if bit & found}
        for label, found in before.items()
    }


def _words(
    name: str, everywhere: AbstractSet[str], writes: Mapping[Label, AbstractSet[str]]
) -> str:
    if name in everywhere:
        setters = ", ".join(label for label, written in writes.items() if name in written)
        return f"the variable {name!r} is set on no way to this step, only in {setters}"
    if name.startswith(SITE_PREFIX):
        there = [key for key in everywhere if key.startswith(SITE_PREFIX)]
        value = name.removeprefix(SITE_PREFIX)
        return f"no value {value!r} in site.yaml, under 'values'{did_you_mean(name, there)}"
    return f"the variable {name!r} is set nowhere{did_you_mean(name, everywhere)}"


def _counter_problems(plan: PlanFile) -> Iterator[Problem]:
    for label, step in plan.steps.items():
        for name in step.counters():
            if name not in plan.counters:
                text = f"the counter {name!r} is not declared; write 'counters: {{{name}: 3}}'"
                yield plan.problem(text + " at the top", "steps", label, "count")
        for name in step.writes():
            if name in plan.counters and name not in step.counters():
                text = f"{name!r} is a counter: only 'count' of a set step changes it"
                yield plan.problem(text, "steps", label)
