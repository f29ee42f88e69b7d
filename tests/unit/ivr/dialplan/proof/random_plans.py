"""Plans that nobody wrote: the examples' steps of every kind, led to one another by chance."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import Any

from ivr.dialplan.expressions import variables_in
from ivr.dialplan.loader import KINDS
from ivr.dialplan.step import Step
from ivr.dialplan.template import BUILT_IN
from tests.unit.ivr.dialplan.proof.proving import Files, example_steps, files_of

CONDITIONS = (
    "is_open('office')",
    "is_open('billing_department') && !is_open('office')",
    "is_staffed('billing')",
    "holiday()",
    "is_emergency()",
    "int(vars.again) >= 2",
    "int(vars.again) > 2",
    "vars.menu_choice == '1'",
    "vars.topic != ''",
    "int(vars.account) > 5",
    "vars.ticket == ''",
    "caller.startsWith('+9725')",
    "language == 'he'",
    "queue_waiting('centre') > 3",
)
_MENU_LIMITS = {"tries": 2, "silent_tries": 2, "repeats": 1}
SUBS = ("one", "two")  # "two" calls none


def files(chance: Random) -> Files:
    """Return a line and two sub-dialplans; validation passes them but for what nothing leads to."""
    line = {
        "line": "chance",
        "numbers": ["+97229900777"],
        "language": "he",
        "languages": ["he", "en"],
        "on_error": "step_0",
    }
    subs = [{"sub_dialplan": name} for name in SUBS]
    return {
        "chance": _file(chance, line, SUBS),
        **files_of("council"),  # what calls are handed over to
        "one": _file(chance, subs[0], SUBS[1:]),
        "two": _file(chance, subs[1], ()),
    }


def _file(chance: Random, head: dict[str, Any], callable_plans: tuple[str, ...]) -> dict[str, Any]:
    labels = [f"step_{place}" for place in range(chance.randrange(2, 8))]
    targets = [*labels, *labels, "end", *(["return"] if "sub_dialplan" in head else [])]
    kinds = [kind for kind in KINDS if kind != "subroutine" or callable_plans]
    steps = {label: _step(chance, chance.choice(kinds), targets) for label in labels}
    for written in steps.values():
        if written["kind"] == "subroutine":
            written["dialplan"] = chance.choice(callable_plans)
    counters = {"again": chance.randrange(1, 4)}
    own = {"start": "step_0", "variables": _read(), "counters": counters, "steps": steps}
    return {**head, **own}


@cache
def _read() -> list[str]:
    """Return all that any of these steps reads; the counter is no variable."""
    steps = [step for kind in KINDS for step in example_steps(kind)]
    read = {name for step in steps for name in step.reads()}
    read |= {name for condition in CONDITIONS for name in variables_in(condition)}
    own = {name for name in read if not name.startswith("site_")}
    return sorted(own - BUILT_IN - {"again"})


def _step(chance: Random, kind: str, targets: list[str]) -> dict[str, Any]:
    step = chance.choice(example_steps(kind))
    written: dict[str, Any] = step.model_dump(by_alias=True, exclude_unset=True, mode="json")
    written["kind"] = kind
    for name in step.exits():
        _lead(written, name, chance.choice(targets))
    match kind:
        case "branch":
            for case in written["when"]:
                case["if"] = chance.choice(CONDITIONS)
        case "menu":
            written |= {key: chance.randint(1, most) for key, most in _MENU_LIMITS.items()}
        case "set" if chance.random() < 0.5:
            written["count"] = "again"
    return written


def _lead(written: dict[str, Any], exit_name: str, target: str) -> None:
    match exit_name.split(" "):
        case ["digit", digit]:
            written["digits"][digit] = target
        case ["if", number]:
            written["when"][int(number) - 1]["then"] = target
        case _:
            written[exit_name] = target


def steps_in(plans: Files) -> list[type[Step]]:
    """Return the kinds of all the steps in *plans*."""
    return [KINDS[step["kind"]] for plan in plans.values() for step in plan["steps"].values()]
