"""What there is to see of dialplans: each line live and drafted, versions, differences, uses."""

import difflib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from ivr.calls.drafts import DraftFile, revision_of
from ivr.calls.publishing import Workshop
from ivr.dialplan.bundle import SITE_UNIT, bundle_of, differs, files_of, site_of, units_of
from ivr.dialplan.check import check
from ivr.dialplan.problem import Problem
from ivr.dialplan.usage import Use, used_live, where_used
from ivr.errors import RecordNotFound
from ivr.storage.records import PlanVersion, ScheduledPublish

NAMED_BY_SITE = ("queue", "number", "hours", "box", "department", "lookup")


class DraftState(StrEnum):
    """How the draft stands to what is live."""

    SAME = "same"
    DIFFERS = "differs"
    NEW = "new"
    WITHDRAWN = "withdrawn"  # the file is gone: publishing takes the line away
    GONE = "gone"  # neither live nor drafted any more


@dataclass(frozen=True, slots=True, kw_only=True)
class LineState:
    """A line, or ``site.yaml``: what is live and how its draft stands to that."""

    name: str
    version: int  # 0: never published
    published_at: datetime | None
    published_by: str
    note: str
    draft: DraftState
    problems: int  # of the draft
    scheduled_for: datetime | None


class PlanViews:
    """Reads only."""

    def __init__(self, shop: Workshop) -> None:
        self._shop = shop

    async def states(self) -> list[LineState]:
        """Return every line and the site itself."""
        live = {one.line: one for one in await self._shop.plans.latest()}
        waiting = await self._shop.scheduled.waiting()
        states: list[LineState] = await self._shop.in_thread(self._states, live, waiting)
        return states

    async def problems(self) -> list[Problem]:
        """Return every problem of the draft as a whole."""
        found: list[Problem] = await self._shop.in_thread(self._check)
        return found

    async def problems_of(self, file: str) -> list[Problem]:
        """Return the problems that show in one file of the draft."""
        return [problem for problem in await self.problems() if problem.file == file]

    async def draft(self, unit: str) -> list[DraftFile]:
        """Return the files of the draft that make *unit*, its own first.

        Raises:
            RecordNotFound: there is no draft of it.
        """
        files = files_of(bundle_of(unit, await self._files()))
        if not files:
            raise RecordNotFound(f"no draft of {unit!r}")
        return [DraftFile(name, text, revision_of(text)) for name, text in files.items()]

    async def file(self, name: str) -> DraftFile:
        """Return one file of the draft.

        Raises:
            RecordNotFound: there is none.
        """
        files = await self._files()
        if name not in files:
            raise RecordNotFound(f"no file {name!r}")
        return DraftFile(name, files[name], revision_of(files[name]))

    async def versions(self, unit: str) -> list[PlanVersion]:
        """Return every version of *unit*, the newest first."""
        return await self._shop.plans.all_of(unit)

    async def version(self, unit: str, version: int) -> PlanVersion:
        """Return one version.

        Raises:
            RecordNotFound: it was never published.
        """
        return await self._shop.plans.get(unit, version)

    async def difference(self, unit: str, old: int, new: int | None) -> str:
        """Return the unified diff of two versions, or of one and the draft (``None``).

        Raises:
            RecordNotFound: there is no such version.
        """
        before = files_of((await self._shop.plans.get(unit, old)).text)
        if new is None:
            after = files_of(bundle_of(unit, await self._files()))
            return _diff(before, after, f"version {old}", "draft")
        after = files_of((await self._shop.plans.get(unit, new)).text)
        return _diff(before, after, f"version {old}", f"version {new}")

    async def uses(self, what: str, name: str) -> list[Use]:
        """Return who uses a thing, in the draft and in what is live."""
        live = {one.line: one.text for one in await self._shop.plans.latest()}
        files = await self._files()
        found: list[Use] = await self._shop.in_thread(
            lambda: [*where_used(files, what, name), *used_live(live, what, name)]
        )
        return found

    async def names(self) -> dict[str, list[str]]:
        """Return what steps can name, by what it is: prompts, queues, hours, …, of the draft.

        While the draft's ``site.yaml`` cannot be read, what is live is offered.
        """
        live = {one.line: one.text for one in await self._shop.plans.latest()}
        found: dict[str, list[str]] = await self._shop.in_thread(self._names, live)
        return found

    async def _files(self) -> dict[str, str]:
        files: dict[str, str] = await self._shop.in_thread(self._shop.drafts.read)
        return files

    def _check(self) -> list[Problem]:
        return check(self._shop.drafts.folder, self._shop.known_prompts())

    def _names(self, live: Mapping[str, str]) -> dict[str, list[str]]:
        files = self._shop.drafts.read()
        site = site_of({SITE_UNIT: bundle_of(SITE_UNIT, files)}) or site_of(live)
        prompts = self._shop.known_prompts().values()
        lines = {unit for unit in units_of(files) if unit != SITE_UNIT}
        plans = {name.removesuffix(".yaml") for name in files if name != SITE_UNIT}
        named = {what: site.names(what) if site else frozenset() for what in NAMED_BY_SITE}
        named["prompt"] = frozenset[str]().union(*prompts)
        named |= {"line": frozenset(lines), "dialplan": frozenset(plans - lines)}
        return {what: sorted(names) for what, names in named.items()}

    def _states(
        self, live: Mapping[str, PlanVersion], waiting: Sequence[ScheduledPublish]
    ) -> list[LineState]:
        files = self._shop.drafts.read()
        wrong = Counter(problem.file for problem in self._check())
        due = {unit: one.due_at for one in reversed(waiting) for unit in one.texts}
        return [
            _state(unit, live.get(unit), files, wrong.__getitem__, due.get(unit))
            for unit in sorted({*live, *units_of(files)})
        ]


def _state(
    unit: str,
    live: PlanVersion | None,
    files: Mapping[str, str],
    problems: Callable[[str], int],
    due: datetime | None,
) -> LineState:
    return LineState(
        name=unit,
        version=live.version if live else 0,
        published_at=live.published_at if live else None,
        published_by=live.published_by if live else "",
        note=live.note if live else "",
        draft=_draft_state(unit, live.text if live else "", files),
        problems=sum(problems(name) for name in files_of(bundle_of(unit, files))),
        scheduled_for=due,
    )


def _draft_state(unit: str, text: str, files: Mapping[str, str]) -> DraftState:
    drafted = bundle_of(unit, files)
    if not drafted:
        return DraftState.WITHDRAWN if text else DraftState.GONE
    if not text:
        return DraftState.NEW
    return DraftState.DIFFERS if differs(unit, text, files) else DraftState.SAME


def _diff(before: Mapping[str, str], after: Mapping[str, str], old: str, new: str) -> str:
    parts: list[str] = []
    for name in sorted({*before, *after}):
        lines = difflib.unified_diff(
            before.get(name, "").splitlines(),
            after.get(name, "").splitlines(),
            f"{name} ({old})",
            f"{name} ({new})",
            lineterm="",
        )
        parts.extend(lines)
    return "\n".join(parts)
