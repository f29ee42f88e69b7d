"""What it takes to rehearse dialplans without a call: plan tests, live plans, past calls."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from ivr.app.proving import TESTS
from ivr.app.site import read_prompts
from ivr.calls.past_calls import past_calls, versions_of
from ivr.clock import SystemClock
from ivr.dialplan.bundle import SITE_UNIT
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.plan_test_file import PlanTest, read_tests
from ivr.dialplan.problem import Problem
from ivr.dialplan.replay import Replay, replay
from ivr.dialplan.simulated_call import Length
from ivr.ids import LineName
from ivr.settings import Settings
from ivr.storage.database import Database
from ivr.storage.engines import database_url
from ivr.storage.plans import Plans
from ivr.storage.traced_calls import TracedCalls


def plan_tests(
    settings: Settings, loaded: LoadedSite, files: Iterable[Path] | None = None
) -> tuple[list[PlanTest], list[Problem]]:
    """Return the tests in *files*, else all of the site's, and every problem in them."""
    known = {code: frozenset(one.prompts) for code, one in read_prompts(settings).items()}
    tests: list[PlanTest] = []
    problems: list[Problem] = []
    for path in files or sorted((settings.site / "dialplans" / TESTS).glob("*.yaml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(path.name, 0, f"cannot be read as UTF-8 text: {error}"))
            continue
        found, wrong = read_tests(path.name, text, loaded.site, loaded.plans, known)
        tests.extend(found)
        problems.extend(wrong)
    return tests, problems


async def live_plans(
    settings: Settings, loaded: LoadedSite, reactor: Any
) -> dict[LineName, Dialplan]:
    """Return the plans that calls run on now, as the database has them.

    Raises:
        StorageUnavailable, SiteInvalid: they cannot be read.
    """
    database = Database(database_url(settings), reactor)
    await database.start()
    try:
        plans = Plans(database, SystemClock(), loaded.site.authority.authority_id)
        return {
            LineName(one.line): plan_of_text(one.text)
            for one in await plans.latest()
            if one.text and one.line != SITE_UNIT
        }
    finally:
        await database.stop()


async def replay_since(
    settings: Settings, loaded: LoadedSite, length: Length, since: datetime, reactor: Any
) -> Replay:
    """Let the callers since *since* go through the site's plans as they stand in its files.

    Raises:
        StorageUnavailable: the calls cannot be read.
    """
    authority_id = loaded.site.authority.authority_id
    database = Database(database_url(settings), reactor)
    await database.start()
    try:
        calls = await past_calls(TracedCalls(database, authority_id), since)
        versions = await versions_of(calls, Plans(database, SystemClock(), authority_id))
    finally:
        await database.stop()
    return replay(
        calls,
        loaded.plans,
        lambda call: versions.get((call.line, call.version)),
        loaded.site,
        length,
    )
