"""The path proof and the tests of a site's plans, with the lengths that its prompts really have."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from ivr.app.site import read_prompts
from ivr.calls.rehearsals import Stage
from ivr.clock import Clock
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.places import place_of
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.plan_tests import Tested, run_tests_of
from ivr.dialplan.problem import Problem
from ivr.dialplan.proof.prove import Counterexample, Proof, Prover
from ivr.dialplan.proof.rules import Budgets
from ivr.dialplan.proof.story import sentence
from ivr.dialplan.publish import Prove
from ivr.dialplan.site import Site
from ivr.prompts.index import Index
from ivr.prompts.manifest import Manifest
from ivr.settings import Settings

_UNTESTED = Tested((), ())
TESTS = "tests"  # beside the plans
_LETTERS_A_SECOND = 11.0  # of text without points, as our slow voices speak


@dataclass(frozen=True, slots=True)
class Proved:
    """A line's proof, as publishing takes and keeps it."""

    plan: Dialplan
    proof: Proof
    budgets: Budgets
    tested: Tested = _UNTESTED

    @property
    def holds(self) -> bool:
        return self.proof.holds and self.tested.passed

    def to_json(self) -> str:
        """Return the result with every caller who would be lost, each also as a sentence.

        ``told`` has a line for each of them and for each test that fails.
        """
        lost = self.proof.counterexamples
        tests = {
            "run": len(self.tested.results),
            "failed": [result.test.name for result in self.tested.failed],
            "problems": list(map(str, self.tested.problems)),
        }
        said = {
            "holds": self.holds,
            "worlds": self.proof.worlds,
            "states": self.proof.states,
            "took": round(self.proof.took, 3),
            "told": [*(str(self.problem(example)) for example in lost), *self.tested.told()],
            "tests": tests,
            "counterexamples": [asdict(example) for example in lost],
        }
        return json.dumps(said, ensure_ascii=False, default=str)  # moments

    def problem(self, example: Counterexample) -> Problem:
        """Return where the caller is lost, and who they are."""
        file, line, label = place_of(self.plan, example.label)
        return Problem(file, line, f"steps.{label}: {sentence(example, self.budgets)}")


def path_proof(settings: Settings, clock: Clock) -> Prove:
    """Return what proves and tests a line before it is published. Blocks while it does so."""

    def prove(plan: Dialplan, site: Site) -> Proved:
        manifests = read_prompts(settings)
        prover = prover_of(settings, LoadedSite(site, {}), manifests, clock)
        known = {code: frozenset(one.prompts) for code, one in manifests.items()}
        tested = run_tests_of(plan, site, plan_test_files(settings), prover.length, known)
        return Proved(plan, prover.prove(plan), prover.budgets, tested)

    return prove


def stage(settings: Settings, clock: Clock) -> Stage:
    """Return what rehearsing takes from the house."""

    def prover(site: Site) -> Prover:
        return prover_of(settings, LoadedSite(site, {}), read_prompts(settings), clock)

    return Stage(
        length=lambda: prompt_lengths(settings, read_prompts(settings)),
        prover=prover,
        tests=lambda: plan_test_files(settings),
    )


def plan_test_files(settings: Settings) -> dict[str, str]:
    """Return the files of plan tests by name; what is no UTF-8 is shown as far as it is."""
    paths = sorted((settings.site / "dialplans" / TESTS).glob("*.yaml"))
    return {path.name: path.read_bytes().decode(errors="replace") for path in paths}


def prover_of(
    settings: Settings, loaded: LoadedSite, manifests: Mapping[str, Manifest], clock: Clock
) -> Prover:
    """Return a prover for the plans of *loaded*. Reads the prompts' index: blocks a moment."""
    site = loaded.site
    now = clock.now().astimezone(site.authority.timezone)
    # By the hour: the publish names the same caller as the proof a minute before it.
    now = now.replace(minute=0, second=0, microsecond=0)
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
