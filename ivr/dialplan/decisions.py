"""Turns a condition into questions that Asterisk can answer, by trying every answer."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import prod

from ivr.dialplan import expressions
from ivr.dialplan.native import Decide, Fact, Go, If, Mark, Operation, Operations, Spot
from ivr.dialplan.outcomes import WORKING, DayKind
from ivr.errors import StepFailed
from ivr.ids import Label

Domains = Mapping[str, Sequence[str] | None]  # variable → all texts it can have; ``None``: any
MOST_WORLDS = 1024  # combinations of answers that are tried for one condition
_WORDS = {
    "hours": ("open", "closed"),
    "staffed": ("yes", "no"),
    "emergency": ("on", "off"),
    "day": tuple(str(kind) for kind in DayKind),
}

Outcome = bool | None  # ``None``: the condition fails
Answers = Mapping[Fact, str]


class Undecidable(ValueError):
    """A condition that asks for what Asterisk cannot know."""


@dataclass(frozen=True, slots=True)
class _Question:
    fact: Fact
    answers: Mapping[str, "_Tree"]


_Tree = _Question | Outcome


def facts_in(condition: str) -> tuple[Fact, ...]:
    """Return what *condition* asks for.

    Raises:
        Undecidable: something of it is not known natively.
    """
    if expressions.names_callers(condition) or expressions.asks(condition, "queue_waiting"):
        raise Undecidable(condition)
    named = expressions.uses(condition)
    found: list[Fact] = [("hours", name) for name in named.get("hours", ())]
    found += [("staffed", name) for name in named.get("queue", ())]
    if expressions.asks(condition, "is_emergency"):
        found.append(("emergency", ""))
    if expressions.asks(condition, "holiday"):
        found.append(("day", ""))
    if expressions.names_language(condition):
        found.append(("language", ""))
    found += [("variable", name) for name in expressions.variables_in(condition)]
    return tuple(dict.fromkeys(found))


def decide(operation: Decide, domains: Domains, languages: Sequence[str], mark: str) -> Operations:
    """Return ``If`` operations that go where *operation* does, and on where it goes on.

    *mark* begins the names of the spots that are made.

    Raises:
        Undecidable: its facts have too many values, or values nobody knows before the call.
    """
    facts = facts_in(operation.condition)
    values = {fact: _values(fact, domains, languages) for fact in facts}
    if prod(len(one) for one in values.values()) > MOST_WORLDS:
        raise Undecidable(operation.condition)
    tree = _tree(values, {}, lambda answers: _outcome(operation.condition, answers))
    return tuple(_written(tree, operation, Label(f"({mark} on)"), _spots(mark)))


def _values(fact: Fact, domains: Domains, languages: Sequence[str]) -> Sequence[str]:
    kind, name = fact
    if kind == "language":
        return languages
    if kind != "variable":
        return _WORDS[kind]
    known = domains.get(name, ("",))
    if known is None:
        raise Undecidable(name)
    return known


def _tree(
    values: Mapping[Fact, Sequence[str]], answers: Answers, outcome: Callable[[Answers], Outcome]
) -> _Tree:
    """Ask one fact after the other; those that make no difference are not asked."""
    fact = next((one for one in values if one not in answers), None)
    if fact is None:
        return outcome(answers)
    below = {one: _tree(values, {**answers, fact: one}, outcome) for one in values[fact]}
    trees = list(below.values())
    return trees[0] if all(tree == trees[0] for tree in trees) else _Question(fact, below)


def _outcome(condition: str, answers: Answers) -> Outcome:
    def word(kind: str) -> Callable[[str], str]:
        return lambda name: answers[kind, name]

    functions: dict[str, expressions.Function] = {
        "is_open": lambda name: word("hours")(name) == "open",
        "is_staffed": lambda name: word("staffed")(name) == "yes",
        "is_emergency": lambda: word("emergency")("") == "on",
        "holiday": lambda: DayKind(word("day")("")) not in WORKING,
    }
    variables = {name: value for (kind, name), value in answers.items() if kind == "variable"}
    language = {"language": answers.get(("language", ""), "")}
    try:
        return expressions.holds(condition, language, variables, functions)
    except StepFailed:
        return None


def _spots(mark: str) -> Iterator[Spot]:
    number = 0
    while True:
        number += 1
        yield Label(f"({mark} {number})")


def _written(
    tree: _Tree, decision: Decide, after: Spot, spots: Iterator[Spot]
) -> Iterator[Operation]:
    """Yield the operations of *tree*; ``False`` goes on behind all of them."""
    yield from _asked(tree, decision, after, spots)
    yield Mark(after)


def _asked(
    tree: _Tree, decision: Decide, after: Spot, spots: Iterator[Spot]
) -> Iterator[Operation]:
    if not isinstance(tree, _Question):
        yield Go(_leaf(tree, decision, after))
        return
    usual = Counter(map(repr, tree.answers.values())).most_common(1)[0][0]
    below: list[tuple[Spot, _Tree]] = []
    last: _Tree = False
    for answer, one in tree.answers.items():
        if repr(one) == usual:
            last = one
        elif isinstance(one, _Question):
            below.append((next(spots), one))
            yield If(tree.fact, answer, below[-1][0])
        else:
            yield If(tree.fact, answer, _leaf(one, decision, after))
    yield from _asked(last, decision, after, spots)
    for spot, one in below:
        yield Mark(spot)
        yield from _asked(one, decision, after, spots)


def _leaf(outcome: Outcome, decision: Decide, after: Spot) -> Spot:
    if outcome is None:
        return decision.failed
    return decision.go if outcome else after
