"""What is published by itself, a line or the site, as one text; and all of them as they fit."""

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from ivr.dialplan.check import SITE_FILE, LoadedSite, emergency_problems, transfer_problems
from ivr.dialplan.contacts import CONTACTS_FILE
from ivr.dialplan.loader import link, read_plan
from ivr.dialplan.plan import Dialplan, PlanFile, bundle_text
from ivr.dialplan.problem import Problem, SiteInvalid
from ivr.dialplan.site import Site
from ivr.dialplan.site_file import read_site
from ivr.dialplan.validate import Known, KnownPrompts, clash_problems, plan_problems
from ivr.ids import LineName

SITE_UNIT = SITE_FILE  # no line can be called so: it has a dot

_LINKED = frozenset({"dialplan", "line"})  # what a step uses of other files

Bundles = Mapping[str, str]  # line, or SITE_UNIT → all the files that make it, as one text


def files_of(bundle: str) -> dict[str, str]:
    """Return the files in a bundle by name; none in that of a line that was withdrawn."""
    files: dict[str, str] = json.loads(bundle)["files"] if bundle else {}
    return files


def bundle_of(unit: str, files: Mapping[str, str]) -> str:
    """Return the draft of *unit*, with all it calls or hands over to; ``""`` if it has no file."""
    first = SITE_FILE if unit == SITE_UNIT else f"{unit}.yaml"
    if first not in files:
        return ""
    if unit == SITE_UNIT:
        return bundle_text("", {SITE_FILE: files[SITE_FILE]})
    sources: dict[str, str] = {}
    _collect(first, files, sources)
    return bundle_text(unit, sources)


def units_of(files: Mapping[str, str]) -> list[str]:
    """Return what can be published of a draft: the site, and each line by its file's name.

    A file that cannot be read counts as a line: nobody else would tell of it.
    """
    lines = [name.removesuffix(".yaml") for name, text in files.items() if _is_line(name, text)]
    return [*([SITE_UNIT] if SITE_FILE in files else []), *sorted(lines)]


def differs(unit: str, bundle: str, files: Mapping[str, str]) -> bool:
    """Say whether the draft would be another version than *bundle*, however broken it is."""
    return files_of(bundle) != files_of(bundle_of(unit, files))


def understand(bundles: Bundles) -> LoadedSite:
    """Return what was published, for use: it was checked when it was published.

    Raises:
        SiteInvalid: this version of the language no longer knows something in it.
    """
    site, problems = _site_of(bundles)
    plans: dict[LineName, Dialplan] = {}
    for line, files in _lines_of(bundles):
        problems.extend(_problems_in(files))
        if not problems:
            plans[line] = _linked(line, files)
    if site is None or problems:
        raise SiteInvalid(problems)
    return LoadedSite(site, plans)


def assemble(bundles: Bundles, known_prompts: KnownPrompts | None = None) -> LoadedSite:
    """Return *bundles* as they would serve callers together.

    Raises:
        SiteInvalid: with every problem of each, and of how they fit.
    """
    site, found = _site_of(bundles)
    problems = set(found)
    heads: list[PlanFile] = []
    plans: dict[LineName, Dialplan] = {}
    for line, files in _lines_of(bundles):
        problems.update(_problems_in(files))
        problems.update(_misfits(files, site, known_prompts))
        heads.extend(plan for plan in _plans_in(files) if plan.line == line)
        if not problems:
            try:
                plans[line] = _linked(line, files)
            except SiteInvalid as error:
                problems.update(error.problems)
    problems.update(clash_problems(heads))
    if site is not None:
        problems.update(emergency_problems(site, _lines_in(heads)))
    if problems or site is None:
        raise SiteInvalid(list(problems))
    return LoadedSite(site, plans)


def site_of(bundles: Bundles) -> Site | None:
    """Return the site among *bundles*; ``None`` if there is none, or it cannot be used."""
    return _site_of(bundles)[0]


@lru_cache(maxsize=256)
def read_once(name: str, text: str) -> tuple[PlanFile | None, tuple[Problem, ...]]:
    """Return what ``read_plan`` does, remembered: the same texts are looked at again and again."""
    plan, problems = read_plan(name, text)
    return plan, tuple(problems)


def _collect(name: str, files: Mapping[str, str], sources: dict[str, str]) -> None:
    if name not in files or name in sources:
        return
    sources[name] = files[name]
    plan, _ = read_once(name, files[name])
    for step in plan.steps.values() if plan else ():
        for what in _LINKED & step.uses().keys():
            for named in step.uses()[what]:
                _collect(f"{named}.yaml", files, sources)


def _is_line(name: str, text: str) -> bool:
    if name in (SITE_FILE, CONTACTS_FILE):
        return False
    plan, _ = read_once(name, text)
    return plan is None or plan.line is not None


def _site_of(bundles: Bundles) -> tuple[Site | None, list[Problem]]:
    return read_site(SITE_FILE, files_of(bundles.get(SITE_UNIT, "")).get(SITE_FILE, ""))


def _lines_of(bundles: Bundles) -> Iterator[tuple[LineName, dict[str, str]]]:
    for unit, bundle in sorted(bundles.items()):
        if unit != SITE_UNIT and bundle:
            yield LineName(unit), files_of(bundle)


def _plans_in(files: Mapping[str, str]) -> list[PlanFile]:
    read = (read_once(name, text)[0] for name, text in files.items())
    return [plan for plan in read if plan is not None]


def _problems_in(files: Mapping[str, str]) -> Iterator[Problem]:
    for name, text in files.items():
        yield from read_once(name, text)[1]


def _misfits(
    files: Mapping[str, str], site: Site | None, known_prompts: KnownPrompts | None
) -> Iterator[Problem]:
    if site is None:
        return
    plans = _plans_in(files)
    lines = _lines_in(plans)
    known = Known(site, _subs_in(plans), lines, known_prompts)
    for plan in plans:
        yield from plan_problems(plan, known)
    yield from transfer_problems(plans, lines)


def _subs_in(plans: Iterable[PlanFile]) -> dict[str, PlanFile]:
    return {plan.sub_dialplan: plan for plan in plans if plan.sub_dialplan}


def _lines_in(plans: Iterable[PlanFile]) -> dict[str, PlanFile]:
    return {plan.line: plan for plan in plans if plan.line}


def _linked(line: LineName, files: Mapping[str, str]) -> Dialplan:
    plans = _plans_in(files)
    for plan in plans:
        if plan.line == line:
            return link(plan, _subs_in(plans), _lines_in(plans))
    raise SiteInvalid([Problem(f"{line}.yaml", 0, f"does not begin with 'line: {line}'")])
