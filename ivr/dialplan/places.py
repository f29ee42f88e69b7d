"""Where in which file a step of a linked plan is written."""

from functools import lru_cache

from ivr.dialplan.loader import read_plan
from ivr.dialplan.plan import Dialplan, PlanFile
from ivr.ids import Label


def place_of(plan: Dialplan, label: Label) -> tuple[str, int, str]:
    """Return file, line (0: unknown) and the label inside that file."""
    scope, _, own = label.rpartition(".")
    files = [_read(name, text) for name, text in plan.sources.items()]
    wanted = ""
    if scope:
        wanted = next(iter(plan.steps[Label(scope)].uses().get("dialplan", ())), "")
    for file in files:
        if file is not None and (file.sub_dialplan == wanted if wanted else file.line == plan.line):
            return file.file, file.line_of("steps", own), own
    return "", 0, own


@lru_cache(maxsize=64)
def _read(name: str, text: str) -> PlanFile | None:
    return read_plan(name, text)[0]
