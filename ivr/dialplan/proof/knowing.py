"""What is known of a caller at a place of the plan, and which conditions it decides."""

from collections.abc import Iterable, Mapping
from functools import lru_cache, partial

from ivr.dialplan import expressions
from ivr.dialplan.outcomes import WORKING
from ivr.dialplan.proof.ways import Guard
from ivr.dialplan.template import BUILT_IN
from ivr.errors import StepFailed

TRUE_OR_FALSE = frozenset[bool | None]({True, False})
EITHER = TRUE_OR_FALSE | {None}
_OF_OTHERS = ("is_staffed", "queue_waiting")  # what other people do: never known before

Values = Mapping[str, str | None]  # variables that conditions read → their text, if it is known


def possible(
    condition: str, facts: Mapping[Guard, object], values: Values, language: str
) -> frozenset[bool | None]:
    """Return what *condition* can come to: true, false, or ``None`` where it fails."""
    named = expressions.variables_in(condition)
    unknown = expressions.names_callers(condition) or any(values.get(one) is None for one in named)
    if unknown or any(expressions.asks(condition, function) for function in _OF_OTHERS):
        return EITHER if _can_fail(condition) else TRUE_OR_FALSE
    functions: dict[str, expressions.Function] = {
        "is_open": lambda hours: bool(facts.get(("hours", hours))),
        "is_emergency": partial(_is, facts, ("emergency", "")),
        "holiday": lambda: facts.get(("day", "")) not in WORKING,
    }
    known = {name: values[name] or "" for name in named}
    try:
        return frozenset({expressions.holds(condition, {"language": language}, known, functions)})
    except StepFailed:
        return frozenset({None})


@lru_cache(maxsize=4096)
def _can_fail(condition: str) -> bool:
    """Say whether *condition* fails on some values: a text is no number, or kinds do not fit."""
    return expressions.asks(condition, "int") or any(
        _fails(condition, text, yes) for text in ("", "0") for yes in (False, True)
    )


def _fails(condition: str, text: str, yes: bool) -> bool:
    functions: dict[str, expressions.Function] = {
        "is_open": lambda _hours: yes,
        "is_staffed": lambda _queue: yes,
        "queue_waiting": lambda _queue: int(yes),
        "is_emergency": lambda: yes,
        "holiday": lambda: yes,
    }
    built_in = dict.fromkeys(BUILT_IN, text)
    known = dict.fromkeys(expressions.variables_in(condition), text)
    try:
        expressions.holds(condition, built_in, known, functions)
    except StepFailed:
        return True
    return False


def _is(facts: Mapping[Guard, object], guard: Guard) -> bool:
    return bool(facts.get(guard))


@lru_cache(maxsize=4096)
def asks_house(condition: str) -> bool:
    """Say whether *condition* asks for anything that turns while a call lasts."""
    return bool(guards_of((condition,)))


def guards_of(conditions: Iterable[str]) -> set[Guard]:
    """Return everything of the world that *conditions* ask for."""
    found: set[Guard] = set()
    for condition in conditions:
        found |= {("hours", name) for name in expressions.uses(condition).get("hours", ())}
        if expressions.asks(condition, "is_emergency"):
            found.add(("emergency", ""))
        if expressions.asks(condition, "holiday"):
            found.add(("day", ""))
    return found
