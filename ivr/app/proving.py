"""The path proof of a site's plans, with the lengths that its prompts really have."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from ivr.app.site import read_prompts
from ivr.clock import Clock
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.places import place_of
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.problem import Problem
from ivr.dialplan.proof.prove import Counterexample, Proof, Prover
from ivr.dialplan.proof.rules import Budgets
from ivr.dialplan.proof.story import sentence
from ivr.dialplan.publish import Prove
from ivr.dialplan.site import Site
from ivr.prompts.index import Index
from ivr.prompts.manifest import Manifest
from ivr.settings import Settings

_LETTERS_A_SECOND = 11.0  # of text without points, as our slow voices speak


@dataclass(frozen=True, slots=True)
class Proved:
    """A line's proof, as publishing takes and keeps it."""

    plan: Dialplan
    proof: Proof
    budgets: Budgets

    @property
    def holds(self) -> bool:
        return self.proof.holds

    def to_json(self) -> str:
        """Return the result with every caller who would be lost, each also as a sentence."""
        lost = self.proof.counterexamples
        said = {
            "holds": self.holds,
            "worlds": self.proof.worlds,
            "states": self.proof.states,
            "took": round(self.proof.took, 3),
            "told": [str(self.problem(example)) for example in lost],
            "counterexamples": [asdict(example) for example in lost],
        }
        return json.dumps(said, ensure_ascii=False, default=str)  # moments

    def problem(self, example: Counterexample) -> Problem:
        """Return where the caller is lost, and who they are."""
        file, line, label = place_of(self.plan, example.label)
        return Problem(file, line, f"steps.{label}: {sentence(example, self.budgets)}")


def path_proof(settings: Settings, clock: Clock) -> Prove:
    """Return what proves a line before it is published. Blocks for as long as it takes."""

    def prove(plan: Dialplan, site: Site) -> Proved:
        prover = prover_of(settings, LoadedSite(site, {}), read_prompts(settings), clock)
        return Proved(plan, prover.prove(plan), prover.budgets)

    return prove


def prover_of(
    settings: Settings, loaded: LoadedSite, manifests: Mapping[str, Manifest], clock: Clock
) -> Prover:
    """Return a prover for the plans of *loaded*. Reads the prompts' index: blocks a moment."""
    site = loaded.site
    now = clock.now().astimezone(site.authority.timezone)
    return Prover(
        site=site,
        length=prompt_lengths(settings, manifests),
        day_kind=lambda moment: site.calendar.at(moment).kind,
        now=now,
    )


def prompt_lengths(
    settings: Settings, manifests: Mapping[str, Manifest]
) -> Callable[[str, str], float]:
    """Return a function (language, name) → seconds; what is not made yet is guessed by its text."""
    index = Index(settings.home / "prompts")

    def length(language: str, name: str) -> float:
        entry = index.get(language, name)
        if entry is not None:
            return entry.seconds
        manifest = manifests.get(language)
        prompt = manifest.prompts.get(name) if manifest else None
        letters = sum(character.isalnum() for character in prompt.text) if prompt else 0
        return 1.0 + letters / _LETTERS_A_SECOND

    return length
