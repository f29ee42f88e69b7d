"""Conditions in CEL: checked when a plan is loaded, bounded when it runs."""

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any

# cel imports its command line, and with it a terminal library that takes longer to load than all
# of the dialplan language; nobody here uses it, and a restarted service must be quick.
sys.modules.setdefault("cel.cli", ModuleType("cel.cli"))
import cel  # noqa: E402

from ivr.errors import StepFailed  # noqa: E402

LONGEST = 500  # characters of one expression
DEEPEST = 20  # brackets inside brackets

NAMES = frozenset({"caller", "called", "language", "vars"})
Function = Callable[..., bool | int]
OWN_FUNCTIONS = {"is_open": "hours", "is_staffed": "queue", "queue_waiting": "queue"}
"""Functions that take the name of something of the site, and of what."""
PLAIN_FUNCTIONS = frozenset({"holiday", "is_emergency"})  # take nothing
_FUNCTIONS = frozenset(
    {
        *OWN_FUNCTIONS,
        *PLAIN_FUNCTIONS,
        "strlen",
        "size",
        "startsWith",
        "endsWith",
        "contains",
        "int",
        "string",
    }
)
_OPERATORS = frozenset(
    {"_&&_", "_||_", "!_", "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "_+_", "_-_", "-_"}
    | {"_?_:_", "@in"}
)
_TEXT = re.compile(r"'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"")
_LOOP = re.compile(r"\.\s*(all|exists|exists_one|map|filter)\s*\(")
_VARIABLE = re.compile(r"\bvars\s*\.\s*([A-Za-z_]\w*)")
_OWN_CALL = re.compile(
    rf"\b(?P<function>is_open|is_staffed|queue_waiting)\s*\(\s*(?:'(?P<name>[a-z][a-z0-9_]*)'\s*\))?"
    rf"|(?:{_TEXT.pattern})"  # so that a call written inside a text is passed over
)


def check(expression: str) -> str:
    """Return *expression* if it can run here.

    Raises:
        ValueError: it cannot; the text says why, in an author's words.
    """
    bare = _TEXT.sub("''", expression)
    if len(expression) > LONGEST:
        raise ValueError(f"the condition is longer than {LONGEST} characters: split it")
    if _depth(bare) > DEEPEST:
        raise ValueError(f"the condition has more than {DEEPEST} brackets inside one another")
    if loop := _LOOP.search(bare):
        raise ValueError(f"'.{loop[1]}(…)' is not available in conditions")
    for function, name in _own_calls(expression):
        if name is None:
            raise ValueError(f"{function} takes one name in single quotes: {function}('name')")
    _check_references(_compiled(expression))
    return expression


def _check_references(program: "cel.Program") -> None:
    for name in program.variables():
        if name not in NAMES:
            known = ", ".join(sorted(NAMES - {"vars"}))
            raise ValueError(f"unknown name {name!r}; known are {known} and vars.NAME")
    for function in program.functions():
        if function not in _FUNCTIONS | _OPERATORS:
            known = ", ".join(sorted(_FUNCTIONS))
            raise ValueError(f"unknown function or operator {function!r}; known are {known}")


def variables_in(expression: str) -> tuple[str, ...]:
    """Return the variables of the call that *expression* reads as ``vars.NAME``."""
    return tuple(dict.fromkeys(_VARIABLE.findall(_TEXT.sub("''", expression))))


def names_callers(expression: str) -> bool:
    """Say whether *expression* asks who calls, or which number was called."""
    return not {"caller", "called"}.isdisjoint(_compiled(expression).variables())


def names_language(expression: str) -> bool:
    """Say whether *expression* asks which language is spoken."""
    return "language" in _compiled(expression).variables()


def asks(expression: str, function: str) -> bool:
    """Say whether *expression* calls *function*."""
    return function in _compiled(expression).functions()


def uses(expression: str) -> Mapping[str, tuple[str, ...]]:
    """Return the hours and queues that *expression* names."""
    found: dict[str, list[str]] = {}
    for function, name in _own_calls(expression):
        if name:
            found.setdefault(OWN_FUNCTIONS[function], []).append(name)
    return {what: tuple(names) for what, names in found.items()}


def _own_calls(expression: str) -> Iterator[tuple[str, str | None]]:
    for match in _OWN_CALL.finditer(expression):
        if match["function"]:
            yield match["function"], match["name"]


def holds(
    expression: str,
    values: Mapping[str, str],
    variables: Mapping[str, str],
    functions: Mapping[str, Function],
) -> bool:
    """Say whether *expression* is true; variables that are not set are empty text.

    Raises:
        StepFailed: it failed on these values, or did not come to true or false.
    """
    named = {name: variables.get(name, "") for name in variables_in(expression)}
    context: dict[str, Any] = {**values, "vars": {**variables, **named}, "strlen": len, **functions}
    try:
        result = _compiled(expression).execute(context)
    except (ValueError, TypeError, RuntimeError, ArithmeticError, LookupError) as error:
        raise StepFailed(f"a condition failed: {type(error).__name__}") from error
    if not isinstance(result, bool):
        raise StepFailed("a condition did not come to true or false")
    return result


@lru_cache(maxsize=4096)
def _compiled(expression: str) -> "cel.Program":
    try:
        return cel.compile(expression)
    except ValueError as error:
        raise ValueError(f"the condition cannot be read: {_first_line(error)}") from error


def _first_line(error: ValueError) -> str:
    text = str(error).partition("ERROR: ")[2] or str(error)
    return text.splitlines()[0][:200]


def _depth(bare: str) -> int:
    deepest = depth = 0
    for character in bare:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest
