"""Decides whether a change may be published; decides only, the doing is elsewhere."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ivr.dialplan.bundle import SITE_UNIT, Bundles, assemble, site_of
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.problem import Problem, SiteInvalid
from ivr.dialplan.site import Site
from ivr.dialplan.validate import KnownPrompts
from ivr.errors import MokedError
from ivr.ids import LineName


class ProofResult(Protocol):
    """What a proof says of one line: does every caller end where callers may end?"""

    @property
    def holds(self) -> bool: ...

    def to_json(self) -> str:
        """Return at least ``{"holds": …, "told": […]}``: a sentence for each lost caller."""
        ...


Prove = Callable[[Dialplan, Site], ProofResult]


class PublishRefused(MokedError):
    """What was to be published would not serve every caller; nothing was changed."""

    def __init__(
        self, problems: Sequence[Problem] = (), failing: Mapping[LineName, str] = {}
    ) -> None:
        self.problems = tuple(problems)
        self.failing = dict(failing)  # line → its proof, JSON
        lines = [str(problem) for problem in self.problems]
        lines += told_of({str(line): json.loads(proof) for line, proof in failing.items()})
        if self.failing:
            lines.append("mend it, or publish with a written reason (override)")
        super().__init__("not published:\n" + "\n".join(lines))


def told_of(failing: Mapping[str, Mapping[str, Any]]) -> list[str]:
    """Return what failing proofs say, in lines to read."""
    return [
        f"{line}: {sentence}"
        for line, proof in failing.items()
        for sentence in ["the proof fails", *proof.get("told", [])]
    ]


@dataclass(frozen=True, slots=True)
class Approved:
    """What may be published: how the house will be, and each changed line's proof, as JSON."""

    loaded: LoadedSite
    proofs: Mapping[str, str]


def approve(
    live: Bundles,
    changed: Bundles,
    *,
    known_prompts: KnownPrompts | None,
    prove: Prove,
    override_reason: str,
) -> Approved:
    """Look at the whole house as it would be with *changed* in place of what is live.

    Another site changes what every line's proof rests on: then all of them are proved.

    Raises:
        PublishRefused: there are problems, or a proof fails and nobody has given a reason.
    """
    try:
        loaded = assemble({**live, **changed}, known_prompts)
    except SiteInvalid as error:
        raise PublishRefused(error.problems) from None
    problems = _never_changes(live, loaded)
    if problems:
        raise PublishRefused(problems)
    lines = loaded.plans if SITE_UNIT in changed else [LineName(line) for line in changed]
    results = {
        line: prove(loaded.plans[line], loaded.site) for line in lines if line in loaded.plans
    }
    failing = {line: result.to_json() for line, result in results.items() if not result.holds}
    if failing and not override_reason.strip():
        raise PublishRefused(failing=failing)
    return Approved(loaded, {line: result.to_json() for line, result in results.items()})


def _never_changes(live: Bundles, loaded: LoadedSite) -> list[Problem]:
    """Report another authority: everything that was kept is kept under the one of the start."""
    before = site_of(live)
    if before is None or before.authority.authority_id == loaded.site.authority.authority_id:
        return []
    text = f"authority.id: stays {before.authority.authority_id!r}; a council never changes its id"
    return [Problem(SITE_UNIT, 0, text)]
