"""A folder of dialplans as a whole: check it, or load it for use."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from ivr.dialplan.contacts import CONTACTS_FILE
from ivr.dialplan.fallback import is_answered, own_number
from ivr.dialplan.loader import link, read_plan
from ivr.dialplan.plan import Dialplan, PlanFile
from ivr.dialplan.problem import Problem, SiteInvalid, did_you_mean
from ivr.dialplan.site import Site
from ivr.dialplan.site_file import read_site
from ivr.dialplan.validate import Known, KnownPrompts, clash_problems, plan_problems
from ivr.ids import LineName

SITE_FILE = "site.yaml"


@dataclass(frozen=True, slots=True)
class LoadedSite:
    """A site whose files were found good: what the council has, and the plan of each line."""

    site: Site
    plans: Mapping[LineName, Dialplan]

    def numbers(self) -> dict[LineName, tuple[str, ...]]:
        """Return the called numbers of each line, as ``NumberPlan`` takes them."""
        return {line: plan.numbers for line, plan in self.plans.items()}


def check(
    folder: Path,
    known_prompts: KnownPrompts | None = None,
    files: Iterable[Path] | None = None,
) -> list[Problem]:
    """Return every problem of the dialplans in *folder*, in order of file and line.

    *files* narrows it to these files, which may lie elsewhere: each is checked as if it stood in
    *folder*. Prompts are looked at if *known_prompts* (language → names) is given.
    """
    wanted = {file.name: file for file in files or ()}
    site, _, problems = _read(folder, known_prompts, wanted)
    named = set(wanted) if site is not None else {SITE_FILE, *wanted}
    return sorted(problem for problem in problems if files is None or problem.file in named)


def load_site(folder: Path, known_prompts: KnownPrompts | None = None) -> LoadedSite:
    """Return the site in *folder*.

    Raises:
        SiteInvalid: with every problem of all its files.
    """
    site, plans, problems = _read(folder, known_prompts, {})
    if problems or site is None:
        raise SiteInvalid(problems)
    return LoadedSite(site, plans)


def _read(
    folder: Path, known_prompts: KnownPrompts | None, instead: Mapping[str, Path]
) -> tuple[Site | None, dict[LineName, Dialplan], list[Problem]]:
    problems: list[Problem] = []
    paths = {path.name: path for path in folder.glob("*.yaml")} | dict(instead)
    site, found = read_site(SITE_FILE, _text(paths.get(SITE_FILE, folder / SITE_FILE), problems))
    problems.extend(found if not problems else ())
    files: list[PlanFile] = []
    for name, path in sorted(paths.items()):
        if name not in (SITE_FILE, CONTACTS_FILE):
            plan, found = read_plan(name, _text(path, problems))
            problems.extend(found)
            files.extend([plan] if plan else [])
    problems.extend(clash_problems(files))
    subs = {plan.sub_dialplan: plan for plan in files if plan.sub_dialplan}
    lines: dict[str, PlanFile] = {plan.line: plan for plan in files if plan.line}
    if site is not None:
        known = Known(site, subs, lines, known_prompts)
        for plan in files:
            problems.extend(plan_problems(plan, known))
        problems.extend(emergency_problems(site, lines))
        problems.extend(transfer_problems(files, lines))
    plans = {} if problems else _linked(lines, subs, problems)
    return site, plans, problems


def _linked(
    lines: Mapping[str, PlanFile], subs: Mapping[str, PlanFile], problems: list[Problem]
) -> dict[LineName, Dialplan]:
    plans: dict[LineName, Dialplan] = {}
    found: set[Problem] = set()  # each once, though every line that leads there finds it
    for name, plan in lines.items():
        try:
            plans[LineName(name)] = link(plan, subs, lines)
        except SiteInvalid as error:
            found.update(error.problems)
    problems.extend(found)
    return plans


def transfer_problems(
    files: Iterable[PlanFile], lines: Mapping[str, PlanFile]
) -> Iterator[Problem]:
    """Yield who hands calls to a line that takes none."""
    refusing = {name for name, line in lines.items() if not is_answered(line.steps, line.start)}
    for plan in files:
        for label, step in plan.steps.items():
            for name in refusing.intersection(step.uses().get("line", ())):
                text = f"the line {name!r} takes no voice calls: hand the call to another"
                yield plan.problem(text, "steps", label, "line")


def emergency_problems(site: Site, lines: Mapping[str, PlanFile]) -> Iterator[Problem]:
    """Yield what is wrong with the line whose number the emergency services see."""
    line = lines.get(site.emergency_line)
    if line is None:
        text = f"emergency_line: no line {site.emergency_line!r}"
        yield Problem(SITE_FILE, 0, text + did_you_mean(site.emergency_line, lines))
    elif not is_answered(line.steps, line.start) or not own_number(line.numbers):
        text = f"emergency_line: {line.line!r} has no number that calls can be made from"
        yield Problem(SITE_FILE, 0, text)


def _text(path: Path, problems: list[Problem]) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        problems.append(Problem(path.name, 0, f"the file does not exist in {path.parent.name}/"))
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(path.name, 0, f"cannot be read as UTF-8 text: {error}"))
    return ""
