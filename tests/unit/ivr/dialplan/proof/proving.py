"""Plans for the proof's tests, and the house they are proved for."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from ivr.dialplan.check import load_site
from ivr.dialplan.loader import link, read_plan
from ivr.dialplan.names import Known
from ivr.dialplan.outcomes import DayKind
from ivr.dialplan.plan import Dialplan, PlanFile
from ivr.dialplan.proof.prove import Prover
from ivr.dialplan.step import Step
from ivr.dialplan.validate import plan_problems
from ivr.ids import QueueName
from ivr.routing.schedule import Schedule, parse_interval

HERE = Path(__file__).parent
SHIPPED = Path(__file__).parents[5] / "dialplans"
ZONE = ZoneInfo("Asia/Jerusalem")
SUNDAY = datetime(2026, 11, 22, 10, tzinfo=ZONE)
HOLIDAY = date(2026, 12, 9)  # a Wednesday

_WORKDAYS = dict.fromkeys((6, 0, 1, 2, 3), (parse_interval("08:00-16:00"),))
_OFFICE = Schedule(ZONE, _WORKDAYS)
_DEPARTMENT = Schedule(ZONE, {**_WORKDAYS, 1: (parse_interval("08:00-19:00"),)})  # Tuesdays
_LOADED = load_site(SHIPPED).site
_LITTLE = replace(_LOADED.queues[QueueName("billing")], name=QueueName("little"), wait=10.0)
SITE = replace(
    _LOADED,
    authority=replace(_LOADED.authority, languages=("he", "en")),
    hours={**_LOADED.hours, "office": _OFFICE, "billing_department": _DEPARTMENT},
    queues={**_LOADED.queues, QueueName("little"): _LITTLE},
)
Files = dict[str, dict[str, Any]]  # name → what its YAML says


def length(_language: str, prompt: str) -> float:
    """Return a prompt's seconds: ``talk_40s`` takes 40, a menu 15, anything else 4."""
    if told := re.search(r"_(\d+)s$", prompt):
        return float(told[1])
    return 15.0 if prompt.endswith("menu") else 4.0


def day_kind(moment: datetime) -> DayKind:
    """Keep Shabbat from Friday 16:00 to Saturday 17:00, and one holiday."""
    here = moment.astimezone(ZONE)
    if here.date() == HOLIDAY:
        return DayKind.HOLIDAY
    match here.weekday():
        case 4:
            return DayKind.EVE if here.hour < 16 else DayKind.SHABBAT
        case 5:
            return DayKind.SHABBAT if here.hour < 17 else DayKind.WORKDAY
    return DayKind.WORKDAY


PROVER = Prover(site=SITE, length=length, day_kind=day_kind, now=SUNDAY)


def files_of(base: str) -> Files:
    """Return a shipped line or one of ``right/`` with the sub-dialplans that it can use."""
    own = HERE / "right" / f"{base}.yaml"
    documents = list(_read_all(own if own.exists() else SHIPPED / f"{base}.yaml"))
    documents += [one for name in ("centre",) for one in _read_all(SHIPPED / f"{name}.yaml")]
    files: Files = {}
    for one in documents:
        files.setdefault(one.get("line") or one["sub_dialplan"], one)
    return files


def _read_all(path: Path) -> Iterable[dict[str, Any]]:
    yield from YAML(typ="safe").load_all(path.read_text(encoding="utf-8"))


@cache
def example_steps(kind: str) -> tuple[Step, ...]:
    """Return the steps of *kind* in its example."""
    text = (SHIPPED / "examples" / f"{kind}.yaml").read_text(encoding="utf-8")
    plan, _ = read_plan(f"{kind}.yaml", text)
    assert plan is not None
    return tuple(step for step in plan.steps.values() if step.kind == kind)


def changed(files: Files, changes: Mapping[str, Any]) -> Files:
    """Return *files* with ``file/steps/label/key: value`` written in; ``null`` takes it out."""
    new = copy.deepcopy(files)
    for path, value in changes.items():
        *way, last = path.split("/")
        place: Any = new
        for part in way:
            place = place[int(part) if isinstance(place, list) else part]
        if value is None:
            del place[last]
        else:
            place[last] = value
    return new


def plan_of(files: Files) -> Dialplan:
    """Return the plan of the line that comes first in *files*; validation must pass it."""
    read = [_file(name, written) for name, written in files.items()]
    subs = {file.sub_dialplan: file for file in read if file.sub_dialplan}
    lines = {str(file.line): file for file in read[1:] if file.line}
    known = Known(SITE, subs, lines)
    for file in read:
        # what a mutation cuts off cannot be reached: that is all that may be wrong with it
        problems = [str(one) for one in plan_problems(file, known)]
        assert all("can never be reached" in one for one in problems), problems
    return link(read[0], subs, lines)


def _file(name: str, written: Mapping[str, Any]) -> PlanFile:
    file, problems = read_plan(f"{name}.yaml", json.dumps(written, ensure_ascii=False))
    assert file is not None, problems
    assert not problems, problems
    return file
