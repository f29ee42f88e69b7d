"""The phone tree of a line as a page to print, with the words of its prompts and its site."""

from collections.abc import Mapping

from ivr.app.site import read_prompts
from ivr.dialplan.check import LoadedSite
from ivr.dialplan.diagram import Names, svg_of
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.site import Site
from ivr.errors import RecordNotFound
from ivr.ids import LineName, QueueName
from ivr.prompts.manifest import Manifest
from ivr.settings import Settings


def phone_tree(settings: Settings, loaded: LoadedSite, line: str) -> str:
    """Return the SVG text of a line's plan. Reads the prompts' manifests: blocks a moment.

    Raises:
        RecordNotFound: there is no such line.
    """
    plan = loaded.plans.get(LineName(line))
    if plan is None:
        raise RecordNotFound(f"no line {line}; there are {', '.join(loaded.plans)}")
    return _drawn(loaded.site, plan, read_prompts(settings))


def _drawn(site: Site, plan: Dialplan, manifests: Mapping[str, Manifest]) -> str:
    language = site.authority.languages[0]

    def title(what: str, name: str) -> str:
        titles: Mapping[str, str] = {}
        if what == "queue":
            titles = site.queues[QueueName(name)].title
        elif what in {"department", "box"}:
            department = site.boxes[name].department if what == "box" else name
            titles = site.departments[department]
        elif what == "number":
            return f"{name.replace('_', ' ')} ({site.number_of(name)})"
        return titles.get(language, name.replace("_", " "))

    def prompt(name: str) -> str:
        manifest = manifests.get(plan.language)
        found = manifest.prompts.get(name) if manifest else None
        return found.text if found else name

    return svg_of(plan, Names(title, prompt))
