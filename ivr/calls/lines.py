"""The lines of the house and the dialplan versions they run: published, pinned, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass

from ivr.dialplan.fallback import own_number
from ivr.dialplan.loader import plan_of_text
from ivr.dialplan.plan import Dialplan
from ivr.ids import LineName
from ivr.routing.numbers import NumberPlan, normalise_called
from ivr.storage.plans import Plans


@dataclass(frozen=True, slots=True)
class Published:
    """A line's dialplan in one version."""

    version: int
    plan: Dialplan


class Lines:
    """Which plan answers which number. A call stays on the version it started with."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._live: dict[LineName, Published] = {}
        self._old: dict[tuple[LineName, int], Dialplan] = {}
        self._numbers = NumberPlan({})

    def swap(self, live: Mapping[LineName, Published]) -> None:
        """Let *live* answer every call from now on; calls that run keep what they have."""
        self._live = dict(live)
        self._old |= {(line, one.version): one.plan for line, one in live.items()}
        self._numbers = NumberPlan({line: one.plan.numbers for line, one in live.items()})

    @property
    def live(self) -> dict[LineName, Published]:
        return dict(self._live)

    def line_for(self, called: str) -> LineName | None:
        """Return the line whose number was called, in whatever form it came."""
        return self._numbers.line_for(normalise_called(called))

    def own_number(self, line: LineName) -> str:
        """Return the number that calls made for *line* show; ``""`` once it was withdrawn."""
        live = self._live.get(line)
        return own_number(live.plan.numbers) if live else ""

    async def pinned(self, line: LineName, version: int) -> Dialplan:
        """Return the plan a call started with.

        Raises:
            RecordNotFound, SiteInvalid: it was never published, or is not understood any more.
        """
        known = self._old.get((line, version))
        if known is None:
            stored = await self._plans.get(line, version)
            known = self._old[line, version] = plan_of_text(stored.text)
        return known
