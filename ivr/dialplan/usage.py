"""Who uses this prompt, queue, hours, number, box …: the steps that name it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.dialplan.bundle import SITE_UNIT, Bundles, files_of, read_once
from ivr.dialplan.site import Site
from ivr.dialplan.site_file import read_site


@dataclass(frozen=True, slots=True, order=True)
class Use:
    """One place that names a thing; *step* is empty where ``site.yaml`` itself does."""

    file: str
    line: int
    step: str
    kind: str
    live: bool = False  # of what is live now; else of the draft


def where_used(files: Mapping[str, str], what: str, name: str, *, live: bool = False) -> list[Use]:
    """Return what in *files* uses the *what* called *name*: steps, and the site itself."""
    return sorted(_uses(files, what, name, live=live))


def used_live(bundles: Bundles, what: str, name: str) -> list[Use]:
    """Return who uses it in what is published."""
    each = (_uses(files_of(text), what, name, live=True) for text in bundles.values())
    return sorted({use for uses in each for use in uses})


def _uses(files: Mapping[str, str], what: str, name: str, *, live: bool) -> Iterator[Use]:
    for file, text in files.items():
        if file == SITE_UNIT:
            site, _ = read_site(file, text)
            if site is not None and name in _named_by_site(site, what):
                yield Use(file, 0, "", "site", live)
        elif plan := read_once(file, text)[0]:
            for label, step in plan.steps.items():
                used = step.prompts() if what == "prompt" else step.uses().get(what, ())
                if name in used:
                    yield Use(file, plan.line_of("steps", label), label, step.kind, live)


def _named_by_site(site: Site, what: str) -> set[str]:
    failsafe = site.failsafe
    named: Mapping[str, set[str]] = {
        "prompt": {failsafe.prompt},
        "queue": {failsafe.queue},
        "box": {failsafe.box},
        "number": {name for name, number in site.numbers.items() if number == failsafe.number},
        "department": {box.department for box in site.boxes.values()},
    }
    return named.get(what, set())
