"""The path proof of a site's plans, with the lengths that its prompts really have."""

from collections.abc import Callable, Mapping

from ivr.clock import Clock
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.proof.prove import Prover
from ivr.prompts.index import Index
from ivr.prompts.manifest import Manifest
from ivr.settings import Settings

_LETTERS_A_SECOND = 11.0  # of text without points, as our slow voices speak


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
