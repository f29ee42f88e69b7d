"""Rehearses the draft of a line beside all that is live: proof, callers on paper, tests, replay."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from twisted.internet.defer import DeferredLock

from ivr.calls.past_calls import past_calls, versions_of
from ivr.calls.publishing import Workshop
from ivr.dialplan.asking import Asks, simulate_asking
from ivr.dialplan.bundle import assemble, bundle_of, understand
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.difference import Difference, difference
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.plan_tests import Tested, run_tests_of
from ivr.dialplan.proof.prove import Proof, Prover
from ivr.dialplan.replay import Replay, replay
from ivr.dialplan.scenario import Scenario
from ivr.dialplan.simulate import simulate
from ivr.dialplan.simulated_call import Length
from ivr.dialplan.simulation import Simulation
from ivr.dialplan.site import Site
from ivr.errors import RecordNotFound
from ivr.ids import LineName
from ivr.storage.traced_calls import TracedCalls

T = TypeVar("T")

MOST_TRIED = 2000  # kinds of callers of each version: some seconds
MOST_REPLAYED = 3000  # calls: some ten seconds
_REMEMBERED = 32  # proofs


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What rehearsing takes from the house; each of these blocks for a moment."""

    length: Callable[[], Length]
    prover: Callable[[Site], Prover]
    tests: Callable[[], Mapping[str, str]]  # the files of plan tests, name → text


@dataclass(frozen=True, slots=True)
class Side:
    """One version of a line, and the site that it would run with."""

    plan: Dialplan
    site: Site


class Rehearsals:
    """Changes nothing. What takes long is done one at a time: calls share our processor.

    Every method raises ``RecordNotFound`` where there is no such line (live, if that is asked
    for), and ``SiteInvalid`` where the draft has problems to be mended first.
    """

    def __init__(self, shop: Workshop, stage: Stage, traced: TracedCalls) -> None:
        self._shop = shop
        self._stage = stage
        self._traced = traced
        self._one_at_a_time = DeferredLock()
        self._proofs: OrderedDict[object, Proof] = OrderedDict()

    async def proof(self, line: str) -> Proof:
        """Return the proof of the draft; the same draft is proved once a day."""
        return await self._long(self._prove, line, await self._live())

    async def simulate(
        self, line: str, scenario: Callable[[Side], Scenario], *, live: bool
    ) -> Simulation:
        """Let one caller go through the draft, or what is *live*."""

        def work(bundles: Mapping[str, str]) -> Simulation:
            side = self._side(line, bundles, live=live)
            return simulate(side.plan, side.site, scenario(side), self._stage.length())

        return await self._in_thread(work, await self._live())

    async def simulate_asking(
        self, line: str, scenario: Callable[[Side], Scenario], *, live: bool
    ) -> tuple[Simulation, Asks | None]:
        """Let one caller go as far as *scenario* says, and ask for what is next."""

        def work(bundles: Mapping[str, str]) -> tuple[Simulation, Asks | None]:
            side = self._side(line, bundles, live=live)
            return simulate_asking(side.plan, side.site, scenario(side), self._stage.length())

        return await self._in_thread(work, await self._live())

    async def difference(self, line: str) -> Difference:
        """Send every kind of caller through what is live and through the draft."""
        return await self._long(self._differ, line, await self._live())

    async def tests(self, line: str) -> Tested:
        """Run the line's tests on the draft."""
        return await self._long(self._test, line, await self._live())

    async def replay(self, line: str, days: int) -> Replay:
        """Let the callers of the last *days*, the newest `MOST_REPLAYED`, call the draft."""
        since = self._shop.clock.now() - timedelta(days=days)
        calls = [
            call
            for call in await past_calls(self._traced, since, MOST_REPLAYED)
            if call.line == line
        ]
        versions = await versions_of(calls, self._shop.plans)

        def work(bundles: Mapping[str, str]) -> Replay:
            side = self._side(line, bundles, live=False)
            plans = {side.plan.line: side.plan}
            length = self._stage.length()
            return replay(
                calls,
                plans,
                lambda call: versions.get((call.line, call.version)),
                side.site,
                length,
            )

        return await self._long(work, await self._live())

    def _prove(self, line: str, bundles: Mapping[str, str]) -> Proof:
        side = self._side(line, bundles, live=False)
        prover = self._stage.prover(side.site)
        key = (side.plan.version_hash, bundles.get("site.yaml"), prover.now.date())
        if key not in self._proofs:
            self._proofs[key] = prover.prove(side.plan)
            while len(self._proofs) > _REMEMBERED:
                self._proofs.popitem(last=False)
        return self._proofs[key]

    def _differ(self, line: str, bundles: Mapping[str, str]) -> Difference:
        draft = self._side(line, bundles, live=False)
        return difference(
            self._side(line, bundles, live=True).plan,
            draft.plan,
            draft.site,
            self._stage.length(),
            after=self._shop.clock.now(),
            most=MOST_TRIED,
        )

    def _test(self, line: str, bundles: Mapping[str, str]) -> Tested:
        side = self._side(line, bundles, live=False)
        known = self._shop.known_prompts()
        return run_tests_of(side.plan, side.site, self._stage.tests(), self._stage.length(), known)

    def _side(self, line: str, bundles: Mapping[str, str], *, live: bool) -> Side:
        loaded = understand(bundles) if live else self._drafted(line, bundles)
        plan = loaded.plans.get(LineName(line))
        if plan is None:
            raise RecordNotFound(f"no line {line!r}")
        return Side(plan, loaded.site)

    def _drafted(self, line: str, bundles: Mapping[str, str]) -> LoadedSite:
        bundle = bundle_of(line, self._shop.drafts.read())
        return assemble({**bundles, line: bundle})

    async def _live(self) -> dict[str, str]:
        return {one.line: one.text for one in await self._shop.plans.latest()}

    async def _long(self, work: Callable[..., T], *arguments: Any) -> T:
        await self._one_at_a_time.acquire()
        try:
            return await self._in_thread(work, *arguments)
        finally:
            self._one_at_a_time.release()

    async def _in_thread(self, work: Callable[..., T], *arguments: Any) -> T:
        result: T = await self._shop.in_thread(work, *arguments)
        return result
