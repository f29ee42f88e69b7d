"""Bounded enumeration: one run for each sequence of choices, the ordinary ones first.

What is tried is a plain function that asks ``Choices`` wherever it could go several ways. It is run
once with the first option everywhere, then again for each other option of each choice it met.
"""

from collections import deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")
T = TypeVar("T")


class Choices:
    """The choices of one run: the first ones are given, all others are the first option."""

    def __init__(self, given: tuple[int, ...], met: set[Hashable]) -> None:
        self._given = given
        self._met = met
        self._taken: list[int] = []
        self._options: list[int] = []
        self._known = False

    def choose(self, options: Sequence[T]) -> T:
        """Return the option that this run takes; *options* are those of every run that gets here.

        A choice with only one option is none.
        """
        if len(options) == 1:
            return options[0]
        place = len(self._taken)
        taken = self._given[place] if place < len(self._given) else 0
        self._taken.append(taken)
        self._options.append(1 if self._known else len(options))
        return options[taken]

    def at(self, state: Hashable) -> None:
        """Say where the run stands: all that its further way depends on.

        What comes after a state that another run met is tried by that one and not again.
        """
        if len(self._taken) < len(self._given) or self._known:
            return
        self._known = state in self._met
        self._met.add(state)

    def others(self) -> Iterator[tuple[int, ...]]:
        """Yield the beginnings of the runs that turn off from this one behind what was given."""
        for place in range(len(self._given), len(self._taken)):
            for option in range(1, self._options[place]):
                yield (*self._taken[:place], option)


@dataclass(frozen=True, slots=True)
class Explored(Generic[R]):
    """What all runs came to; not *whole* if there were more than allowed."""

    results: tuple[R, ...]
    whole: bool


def explore(run: Callable[[Choices], R], most: int) -> Explored[R]:
    """Run *run* for every sequence of choices, those with the fewest unusual ones first."""
    results: list[R] = []
    met: set[Hashable] = set()
    ahead: deque[tuple[int, ...]] = deque([()])
    while ahead and len(results) < most:
        choices = Choices(ahead.popleft(), met)
        results.append(run(choices))
        ahead.extend(choices.others())
    return Explored(tuple(results), not ahead)
