"""Compiled plans in a private Asterisk without a service, and callers whose keys are pressed there.

Asterisk itself tells which extension it executes; a key is pressed when it asks for one, so that
no test depends on how fast a machine is.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from ivr.app.native_lines import Outside, context_of
from ivr.app.native_site import table_context
from ivr.dialplan.native_plan import FINISHED, NativePlan, NotCompilable, compile_plan
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.site import Site
from ivr.dialplan.time_tables import TimeTable
from ivr.pbx.plan import FailsafeQueue, PbxLine, PbxPlan
from tests.calls.ami_keys import AmiKeys
from tests.fakes.random_plans import HOURS, QUEUES, Setting, plan_of, setting_of
from tests.fakes.walked import Walked

WAIT = 1.0  # seconds of silence at a question
FIRST_NUMBER = 97229910000
_TABLES = {True: "moked-table-open", False: "moked-table-closed"}
_EXECUTING = re.compile(
    r"Executing \[(?P<exten>[^@]+)@(?P<context>[^:]+):(?P<priority>\d+)\]"
    r' (?P<application>\w+)\("(?P<channel>[^"]+)", "(?P<arguments>.*)"\)'
)


@dataclass
class Case:
    """A random plan, its caller and world, and what each of the two engines made of it."""

    plan: Dialplan
    native: NativePlan
    setting: Setting
    number: str
    labels: list[str] = field(default_factory=list)  # the steps that Asterisk took
    asked: int = 0  # how often Asterisk asked for keys
    end: str = ""
    channel: str = ""

    @property
    def happened(self) -> tuple[list[str], int, str]:
        return self.labels, self.asked, self.end

    @property
    def expected(self) -> tuple[list[str], int, str]:
        """What our own engine does, up to where a message is taken."""
        walked = Walked(self.plan, self.setting.call(self.plan))
        if "message" in walked.labels:
            steps = walked.labels[: walked.labels.index("message") + 1]
            return steps, walked.asked, "message"
        return walked.labels, walked.asked, walked.end


def cases(many: int, site: Site, random: Random) -> list[Case]:
    """Return random plans with their callers; nobody but the caller is in their world."""
    found: list[Case] = []
    while len(found) < many:
        plan = plan_of(random, f"p{len(found)}", WAIT)
        try:
            native = compile_plan(plan, site)
        except NotCompilable:
            continue
        setting = setting_of(random, alone=True)
        found.append(Case(plan, native, setting, f"+{FIRST_NUMBER + len(found)}"))
    return found


def pbx_plan_of(tried: Sequence[Case], site: Site) -> PbxPlan:
    """Return one line for each case, with its compiled plan and the tables of its world."""
    tables = [
        table_context(name, ("hours", HOURS), TimeTable("open" if is_open else "closed", {}))
        for is_open, name in _TABLES.items()
    ]
    workdays = table_context("moked-table-day", ("day", ""), TimeTable("workday", {}))
    contexts = [context_of(one.native, _outside(one, site)) for one in tried]
    lines = [
        PbxLine(
            name=one.plan.line,
            numbers=(one.number,),
            queue="centre",
            plan_start=context.extensions[0].name,
        )
        for one, context in zip(tried, contexts, strict=True)
    ]
    return PbxPlan(
        lines=tuple(lines),
        queues=tuple(FailsafeQueue(name=name, members=("agent-301",)) for name in QUEUES),
        contexts=(*contexts, *tables, workdays),
    )


def _outside(case: Case, site: Site) -> Outside:
    return Outside(
        numbers=site.numbers,
        trunks=("trunk-demo",),
        shown="",
        tables={
            ("hours", HOURS): _TABLES[case.setting.is_open],
            ("day", ""): "moked-table-day",
        },
        queue_waits=dict.fromkeys(QUEUES, 5.0),
    )


class Exchange:
    """Follows Asterisk's own words, presses keys when it asks, and ends calls that are over."""

    def __init__(self, words: Path, keys: AmiKeys, tried: Sequence[Case]) -> None:
        self._words = words
        self._keys = keys
        self._cases = {f"moked-{one.plan.line}": one for one in tried}
        self._presses = {name: iter(one.setting.presses) for name, one in self._cases.items()}
        self._labels: dict[str, dict[str, str]] = defaultdict(dict)
        for name, one in self._cases.items():
            labels = [label for label in one.native.steps if label != "(person)"]
            self._labels[name] = {f"s{n}": label for n, label in enumerate(labels, 1)}

    def follow(self, seconds: float) -> None:
        """Return when every call has come to its end, or time is up."""
        deadline = time.monotonic() + seconds
        for line in _growing(self._words, deadline):
            if match := _EXECUTING.search(line):
                self._executed(match.groupdict())
            if all(one.end for one in self._cases.values()):
                return

    def _executed(self, said: dict[str, str]) -> None:
        if said["context"] == "failsafe":
            self._person(said)
        case = self._cases.get(said["context"])
        if case is None or case.end:
            return
        case.channel = said["channel"]
        label = self._labels[said["context"]].get(said["exten"])
        if label not in {None, FINISHED} and said["priority"] == "1":
            case.labels.append(str(label))
        if said["application"] == "Read":
            self._asked(case, said)
        elif said["application"] in {"VoiceMail", "Hangup"}:
            self._over(case, "message" if said["application"] == "VoiceMail" else "served")

    def _person(self, said: dict[str, str]) -> None:
        """Asterisk's own way to a person begins with an apology; before it, all is preparation."""
        case = self._cases.get(f"moked-{said['exten']}")
        if case is not None and not case.end and said["arguments"].endswith("/failsafe_apology"):
            self._over(case, "person")

    def _asked(self, case: Case, said: dict[str, str]) -> None:
        case.asked += 1
        pressed = next(self._presses[said["context"]], None)
        if pressed is None:
            self._over(case, "left")
            return
        _, _, digits, options, *_ = said["arguments"].split(",")
        finish = options.removeprefix("t(").removesuffix(")")
        keys = pressed[: int(digits)]
        if finish and finish in pressed:
            keys = pressed[: pressed.index(finish) + 1]
        for key in keys:
            self._keys.press(said["channel"], key)

    def _over(self, case: Case, end: str) -> None:
        case.end = end
        self._keys.hang_up(case.channel)


def _growing(path: Path, deadline: float) -> Iterator[str]:
    """Yield the lines of a file that another process writes."""
    rest = ""
    with path.open(errors="replace") as file:
        while time.monotonic() < deadline:
            text = file.read()
            if not text:
                time.sleep(0.02)  # another process's file: nothing tells when it grows
                continue
            *lines, rest = (rest + text).split("\n")
            yield from lines
