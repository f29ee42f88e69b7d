"""Whether all that a plan names exists: in the site, among the files, in the spoken languages."""

from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from ivr.dialplan.plan import PlanFile
from ivr.dialplan.problem import Problem, did_you_mean
from ivr.dialplan.site import Site
from ivr.dialplan.step import Step

KnownPrompts = Mapping[str, AbstractSet[str]]  # language → names


@dataclass(frozen=True, slots=True)
class Known:
    """What a plan can name: things of the site, other files, prompts (``None``: not looked at)."""

    site: Site
    sub_dialplans: Mapping[str, PlanFile] = field(default_factory=dict)
    lines: Mapping[str, PlanFile] = field(default_factory=dict)
    prompts: KnownPrompts | None = None

    def names(self, what: str) -> AbstractSet[str]:
        """Return what there is of *what*, a key of ``Step.uses``."""
        match what:
            case "dialplan":
                return self.sub_dialplans.keys()
            case "line":
                return self.lines.keys()
        return self.site.names(what)

    def languages(self, plan: PlanFile) -> tuple[str, ...]:
        """Return what *plan* may be heard in: a sub-dialplan, in all that its callers speak."""
        if plan.line:
            return plan.languages
        callers = (
            line for line in self.lines.values() if plan.name in self.called_by(line.steps.values())
        )
        spoken = {language: None for line in callers for language in line.languages}
        return tuple(spoken) or self.site.authority.languages

    def called_by(self, steps: Iterable[Step]) -> set[str]:
        """Return the sub-dialplans that *steps* go through, and those behind them."""
        called: set[str] = set()
        ahead = list(steps)
        while ahead:
            for name in ahead.pop().uses().get("dialplan", ()):
                if name in self.sub_dialplans and name not in called:
                    called.add(name)
                    ahead.extend(self.sub_dialplans[name].steps.values())
        return called


def name_problems(plan: PlanFile, known: Known) -> Iterator[Problem]:
    """Yield every name in *plan* that nothing has."""
    yield from _use_problems(plan, known)
    yield from _language_problems(plan, known)
    if known.prompts is not None:
        yield from _prompt_problems(plan, known, known.prompts)


def _use_problems(plan: PlanFile, known: Known) -> Iterator[Problem]:
    for label, step in plan.steps.items():
        for what, names in step.uses().items():
            there = known.names(what)
            for name in names:
                if name not in there and not _of_unknown_source(what, name, known):
                    where = "among the files" if what in ("dialplan", "line") else "in site.yaml"
                    text = f"no {what} {name!r} {where}{did_you_mean(name, there)}"
                    yield plan.problem(text, "steps", label, _KEYS.get(what, what))


_KEYS = {"lookup": "source", "value": "keep"}  # where a name is written, if not under its own kind


def _of_unknown_source(what: str, name: str, known: Known) -> bool:
    """Say whether *name* is a value of a source that is itself reported as unknown."""
    return what == "value" and name.partition(".")[0] not in known.site.lookups


def _language_problems(plan: PlanFile, known: Known) -> Iterator[Problem]:
    house = known.site.authority.languages
    for language in plan.languages:
        if language not in house:
            text = f"the house does not speak {language!r}: site.yaml has {', '.join(house)} "
            text += "under authority.languages"
            yield plan.problem(text, "languages" if language != plan.language else "language")
    spoken = known.languages(plan)
    for label, step in plan.steps.items():
        for language in step.languages():
            if language not in spoken:
                text = f"{language!r} is not among the languages of the plan ({', '.join(spoken)}):"
                text += " write it at the top, under 'languages'"
                yield plan.problem(text, "steps", label, "digits")


def _prompt_problems(plan: PlanFile, known: Known, prompts: KnownPrompts) -> Iterator[Problem]:
    languages = known.languages(plan)
    for label, step in plan.steps.items():
        for prompt in dict.fromkeys(step.prompts()):
            for language in languages:
                there = prompts.get(language, frozenset())
                if prompt not in there:
                    text = f"no prompt {prompt!r} in {language!r}{did_you_mean(prompt, there)}"
                    yield plan.problem(text, "steps", label)
