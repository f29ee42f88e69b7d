"""Drafts, publishing and rehearsing in tests: the shipped site in a folder, real storage."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from ivr.app.phone_tree import phone_tree
from ivr.app.proving import path_proof, stage
from ivr.app.site import ensure_site, read_known_prompts, read_site
from ivr.app.workshop import workshop
from ivr.calls.plan_views import PlanViews
from ivr.calls.publishing import Publisher
from ivr.calls.rehearsals import Rehearsals
from ivr.console.ports import DialplanPorts
from ivr.dialplan.check import LoadedSite
from ivr.ids import AuthorityId
from ivr.prompts.listening import PromptSound, prompt_sound
from ivr.settings import Settings
from ivr.storage.database import Database
from ivr.storage.step_counts import StepCounts
from ivr.storage.traced_calls import TracedCalls


class Holds:
    """A proof that holds: the path proof itself is tested elsewhere."""

    holds = True

    def to_json(self) -> str:
        return '{"holds": true, "told": []}'


def dialplans_on(
    database: Database,
    clock: Any,
    in_thread: Callable[..., Any],
    home: Path,
    authority_id: AuthorityId,
) -> DialplanPorts:
    """Return the editor's ports over *database*; the drafts are a copy of the shipped site."""
    settings = Settings(home=home)
    ensure_site(settings)
    shop = workshop(
        settings, database, clock, authority_id, in_thread, prove=lambda _plan, _site: Holds()
    )

    async def nothing_runs(_loaded: LoadedSite, _versions: Mapping[str, int]) -> list[str]:
        return []

    return DialplanPorts(
        publisher=Publisher(shop, nothing_runs),
        views=PlanViews(shop),
        rehearsals=Rehearsals(shop, stage(settings, clock), TracedCalls(database, authority_id)),
        drafts=shop.drafts,
        scheduled=shop.scheduled,
        counts=StepCounts(database),
        day_began=lambda: clock.now().replace(hour=0, minute=0),
        tree=lambda line: phone_tree(settings, read_site(settings), line),
    )


def prove_for_real(dialplans: DialplanPorts, clock: Any) -> None:
    """Let the path proof and the plan tests decide what may be published from now on."""
    publisher, home = dialplans.publisher, dialplans.drafts.folder.parents[1]
    prove = path_proof(Settings(home=home), clock)
    publisher._shop = replace(publisher._shop, prove=prove)


def sound_of(home: Path, language: str, name: str) -> PromptSound:
    """Return a prompt of those that a test has put into *home*."""
    return prompt_sound(home / "prompts", read_known_prompts(Settings(home=home)), language, name)
