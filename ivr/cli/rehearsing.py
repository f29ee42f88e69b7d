"""``moked dialplan simulate, test, diff, replay``: callers on paper, told on a terminal."""

from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from twisted.internet.defer import Deferred
from twisted.python.failure import Failure

from ivr import logs
from ivr.app.proving import prompt_lengths
from ivr.app.rehearsal import live_plans, plan_tests, replay_since
from ivr.app.site import ensure_site, read_prompts, read_site
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.difference import difference
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.plan_test_text import moment_of
from ivr.dialplan.plan_tests import run_test
from ivr.dialplan.problem import did_you_mean
from ivr.dialplan.scenario import Scenario, read_press, read_world
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulated_call import Length
from ivr.dialplan.story import (
    caller_in_words,
    difference_in_words,
    replay_in_words,
    story,
)
from ivr.errors import MokedError
from ivr.routing.numbers import NumberPlan, normalise_called
from ivr.settings import Settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """The caller that was asked for on the command line."""

    line: str
    at: str = ""
    caller: str = ""
    press: str = ""
    language: str = ""
    emergency: bool = False
    hangs_up_after: float | None = None
    world: tuple[str, ...] = ()


def tell_simulation(settings: Settings, wish: Wish) -> Iterator[str]:
    """Yield the story of one caller, line by line.

    Raises:
        MokedError: there is no such line, or the wish is not understood.
    """
    loaded, length = _ready(settings)
    plan = _plan(loaded, wish.line)
    try:
        scenario = _scenario(loaded, wish)
    except ValueError as error:
        raise MokedError(str(error)) from error
    yield f"{scenario.caller_number} calls {plan.line}: {caller_in_words(scenario)}"
    yield from story(simulate(plan, loaded.site, scenario, length))


def tell_tests(settings: Settings, files: list[Path] | None, tell: Callable[[str], None]) -> bool:
    """Run the plan tests, tell of each that fails and how many passed; say whether all did."""
    loaded, length = _ready(settings)
    tests, problems = plan_tests(settings, loaded, files)
    for problem in problems:
        tell(str(problem))
    failed = [result for test in tests if (result := run_test(test, loaded, length)).failures]
    for result in failed:
        tell(str(result))
    tell(f"{len(tests) - len(failed)} of {len(tests)} tests passed")
    return not failed and not problems


def tell_difference(settings: Settings) -> Iterator[str]:
    """Yield what the site's files change for callers, line by line."""
    loaded, length = _ready(settings)
    live = _in_reactor(lambda reactor: live_plans(settings, loaded, reactor))
    for line in sorted({*live, *loaded.plans}):
        if line not in live or line not in loaded.plans:
            yield f"{line}: {'a new line' if line not in live else 'no longer among the files'}"
        elif live[line].text == loaded.plans[line].text:
            yield f"{line}: as it is published"
        else:
            now = datetime.now(UTC)
            found = difference(live[line], loaded.plans[line], loaded.site, length, after=now)
            yield from (f"{line}: {text}" for text in difference_in_words(found))


def tell_replay(settings: Settings, days: float) -> Iterator[str]:
    """Yield which calls of the last *days* would have ended elsewhere by the site's files."""
    loaded, length = _ready(settings)
    since = datetime.now(UTC) - timedelta(days=days)
    found = _in_reactor(lambda reactor: replay_since(settings, loaded, length, since, reactor))
    yield from replay_in_words(found)


def _ready(settings: Settings) -> tuple[LoadedSite, Length]:
    logs.configure(settings.home / "log" / "rehearsal.log")
    ensure_site(settings)
    return read_site(settings), prompt_lengths(settings, read_prompts(settings))


def _plan(loaded: LoadedSite, line: str) -> Dialplan:
    called = NumberPlan(loaded.numbers()).line_for(normalise_called(line))
    for name, plan in loaded.plans.items():
        if name in (line, called):
            return plan
    near = did_you_mean(line, map(str, loaded.plans))
    raise MokedError(f"no line {line!r}{near}; there are {', '.join(loaded.plans)}")


def _scenario(loaded: LoadedSite, wish: Wish) -> Scenario:
    zone = loaded.site.authority.timezone
    pairs = dict(_pair(text) for text in wish.world)
    for name in pairs:
        what, _, named = name.partition(".")
        known = loaded.site.names(what)
        if what in ("queue", "number", "box") and named not in known and not named.startswith("+"):
            raise ValueError(f"no {what} {named!r} in site.yaml{did_you_mean(named, known)}")
    return Scenario(
        at=moment_of(wish.at, zone) if wish.at else datetime.now(zone),
        caller_number=wish.caller,
        called_number=normalise_called(wish.line) if wish.line[:1] in "+0123456789" else "",
        language=wish.language,
        presses=tuple(map(read_press, wish.press.split(","))) if wish.press else (),
        answers=read_world(pairs),
        emergency=wish.emergency,
        hangs_up_after=wish.hangs_up_after,
    )


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise ValueError(f"--world {text!r}: write it like queue.billing=answered")
    return key.strip(), value.strip()


def _in_reactor(work: Callable[[Any], Coroutine[Deferred[Any], Any, T]]) -> T:
    """Run *work* in the process's reactor and return what it came to."""
    from twisted.internet import reactor

    running: Any = reactor
    results: list[T | Failure] = []

    def finished(result: T | Failure) -> None:
        results.append(result)
        running.stop()

    running.callWhenRunning(lambda: Deferred.fromCoroutine(work(running)).addBoth(finished))
    running.run()
    if not results:
        raise MokedError("broken off")
    result = results[0]
    if isinstance(result, Failure):
        result.raiseException()
    return result
