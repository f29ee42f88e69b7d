"""Writes compiled plans in Asterisk's words: one extension a step, one context a line.

Texts of people never get here: prompts and steps are named, variables and their values are
numbers. What is named passes ``ivr.pbx.escaping``. Used are only applications and functions that
work on channels that ARI has touched.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import singledispatchmethod

from ivr.dialplan.native import (
    OFFERED,
    OVER,
    PERSON,
    Answer,
    Ask,
    Count,
    Dial,
    End,
    Fact,
    Go,
    HandOver,
    If,
    Mark,
    Note,
    OnKeys,
    OnNumber,
    Operation,
    Operations,
    Queue,
    Say,
    Speak,
    Spot,
    TakeMessage,
    Tally,
)
from ivr.dialplan.native_plan import NativePlan
from ivr.ids import Label
from ivr.pbx.contexts import PbxContext, PbxExtension, PbxPriority
from ivr.pbx.escaping import Allowed, allow, written

MOST_STEPS = 200  # that one caller takes; the proof says that it never comes to that
MOST_SECONDS = 600  # since the call fell to Asterisk; talks and the last wait not counted
_OUT = "over"

Lines = Iterator[PbxPriority]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """How Asterisk reaches what plans name."""

    numbers: Mapping[str, str]  # named number → E.164, of those that may be dialled
    trunks: Sequence[str]
    shown: str  # own number of the line, shown when calling outside; ``""``: none
    tables: Mapping[Fact, str]  # ("hours", name) → context of its table
    queue_waits: Mapping[str, float]


def context_of(plan: NativePlan, outside: Outside) -> PbxContext:
    """Return the context ``moked-<line>``; its first extension is where callers begin.

    Raises:
        TextRefused: a name does not fit its field.
    """
    names = {label: f"s{number}" for number, label in enumerate(plan.steps, 1) if label != PERSON}
    extensions = [
        PbxExtension(names[label], tuple(_Step(plan, outside, names, label).lines()), label)
        for label in names
    ]
    lost = written("Goto(failsafe,<line>,person)", line=allow(plan.line, "word"))
    over = PbxExtension(_OUT, (PbxPriority(written("Hangup()")),))
    nowhere = PbxExtension("i", (PbxPriority(lost),))
    return PbxContext(f"moked-{plan.line}", _comment(plan.line), (*extensions, over, nowhere))


def _comment(name: str) -> str:
    return f"line/{name}".replace("-", "_")


class _Step:
    """Writes one step."""

    def __init__(
        self, plan: NativePlan, outside: Outside, names: Mapping[Label, str], label: Label
    ) -> None:
        self._plan = plan
        self._outside = outside
        self._names = names
        self._operations: Operations = plan.steps[label]
        spots = [one.spot for one in self._operations if isinstance(one, Mark)]
        self._marks = {spot: f"p{number}" for number, spot in enumerate(spots, 1)}
        self._variables = {name: f"MOKED_V{n}" for n, name in enumerate(plan.texts, 1)}
        self._own_marks = 0

    def lines(self) -> Lines:
        yield _line("Set(MOKED_STEPS=$[0${MOKED_STEPS} + 1])")
        yield _line(
            "GotoIf($[${MOKED_STEPS} > <steps> | ${EPOCH} - ${MOKED_BEGAN} > <seconds>]?<person>)",
            steps=allow(MOST_STEPS, "integer"),
            seconds=allow(MOST_SECONDS, "integer"),
            person=self._to(PERSON),
        )
        counters = [one.counter for one in self._operations if isinstance(one, Count)]
        for counter in dict.fromkeys(counters):
            yield _line("Set(MOKED_COUNT_<counter>=0)", counter=allow(counter, "word"))
        for operation in self._operations:
            yield from self._write(operation)
        yield _line("Goto(<person>)", person=self._to(PERSON))

    def _to(self, spot: Spot) -> Allowed:
        if spot == PERSON:
            return written("failsafe,<line>,person", line=allow(self._plan.line, "word"))
        if spot == OVER:
            return written(f"{_OUT},1")
        if spot in self._marks:
            return allow(self._marks[spot], "word")
        return written("<step>,1", step=allow(self._names[spot], "word"))

    def _own_mark(self) -> str:
        self._own_marks += 1
        return f"q{self._own_marks}"

    @singledispatchmethod
    def _write(self, operation: Operation) -> Lines:
        raise TypeError(f"{type(operation).__name__} has no words in Asterisk")

    @_write.register
    def _(self, operation: Mark) -> Lines:
        yield PbxPriority(written("NoOp()"), self._marks[operation.spot])

    @_write.register
    def _(self, operation: Go) -> Lines:
        yield _line("Goto(<to>)", to=self._to(operation.to))

    @_write.register
    def _(self, operation: Answer) -> Lines:
        yield from ()  # the fail-safe has answered

    @_write.register
    def _(self, operation: Say) -> Lines:
        yield _line("Playback(<files>)", files=_files(operation.prompts))

    @_write.register
    def _(self, operation: Ask) -> Lines:
        files = _files(operation.prompts)
        if not operation.barge_in:
            yield _line("Playback(<files>)", files=files)
            files = written("")
        yield _line("Set(TIMEOUT(response)=<wait>)", wait=_seconds(operation.wait))
        yield _line("Set(TIMEOUT(digit)=<between>)", between=_seconds(operation.between))
        yield _line(
            "Read(MOKED_KEYS,<files>,<digits>,t(<finish>),1)",
            files=files,
            digits=allow(operation.digits, "integer"),
            finish=allow(operation.finish, "key"),
        )

    @_write.register
    def _(self, operation: OnKeys) -> Lines:
        yield _line(
            'GotoIf($["${MOKED_KEYS}" = "<keys>"]?<go>)',
            keys=allow(operation.keys, "key"),
            go=self._to(operation.go),
        )

    @_write.register
    def _(self, operation: OnNumber) -> Lines:
        yield _line(
            'GotoIf($[${LEN(${MOKED_KEYS})} >= <shortest> & "${FILTER(0-9,${MOKED_KEYS})}"'
            ' = "${MOKED_KEYS}"]?<go>)',
            shortest=allow(operation.shortest, "integer"),
            go=self._to(operation.go),
        )

    @_write.register
    def _(self, operation: Count) -> Lines:
        counter = allow(operation.counter, "word")
        yield _line("Set(MOKED_COUNT_<counter>=$[${MOKED_COUNT_<counter>} + 1])", counter=counter)
        yield _line(
            "GotoIf($[${MOKED_COUNT_<counter>} >= <limit>]?<go>)",
            counter=counter,
            limit=allow(operation.limit, "integer"),
            go=self._to(operation.go),
        )

    @_write.register
    def _(self, operation: Tally) -> Lines:
        if operation.counter in self._variables:
            yield _line(
                "Set(<name>=${IF($[0${<name>} < <most>]?$[0${<name>} + 1]:<most>)})",
                name=allow(self._variables[operation.counter], "name"),
                most=allow(operation.most, "integer"),
            )

    @_write.register
    def _(self, operation: Note) -> Lines:
        if operation.variable in self._variables:
            yield self._keep(operation.variable, operation.text or "")

    def _keep(self, variable: str, text: str) -> PbxPriority:
        return _line(
            "Set(<name>=<place>)",
            name=allow(self._variables[variable], "name"),
            place=self._place(variable, text),
        )

    def _place(self, variable: str, text: str) -> Allowed:
        return allow(self._plan.texts[variable].index(text), "integer")

    @_write.register
    def _(self, operation: Speak) -> Lines:
        yield _line("Set(MOKED_SAYS=<language>)", language=allow(operation.language, "word"))
        yield _line("Set(MOKED_CHOSE=1)")

    @_write.register
    def _(self, operation: HandOver) -> Lines:
        chosen = self._own_mark()
        for language in operation.spoken:
            yield _line(
                'GotoIf($["${MOKED_CHOSE}" = "1" & "${MOKED_SAYS}" = "<language>"]?<chosen>)',
                language=allow(language, "word"),
                chosen=allow(chosen, "word"),
            )
        yield _line("Set(MOKED_SAYS=<language>)", language=allow(operation.spoken[0], "word"))
        yield PbxPriority(written("NoOp()"), chosen)

    @_write.register
    def _(self, operation: If) -> Lines:
        go = self._to(operation.go)
        kind, name = operation.fact
        table = self._outside.tables.get(operation.fact)
        if table is not None:
            yield _line(
                "Gosub(<table>,$[(${EPOCH} - ${EPOCH} % 86400) / 86400],1)",
                table=allow(table, "word"),
            )
        yield _line("GotoIf($[<test>]?<go>)", test=self._test(kind, name, operation.value), go=go)

    def _test(self, kind: str, name: str, value: str) -> Allowed:
        if kind == "variable":
            return written(
                "0${<name>} = <place>",
                name=allow(self._variables[name], "name"),
                place=self._place(name, value),
            )
        if kind == "language":
            return written('"${MOKED_SAYS}" = "<language>"', language=allow(value, "word"))
        if kind == "emergency":
            sign = written("=" if value == "on" else "!=")
            return written('"${GLOBAL(MOKED_EMERGENCY)}" <sign> "1"', sign=sign)
        if kind == "staffed":
            sign = written(">" if value == "yes" else "=")
            return written(
                "0${QUEUE_MEMBER(failsafe-<queue>,logged)} <sign> 0",
                queue=allow(name, "word"),
                sign=sign,
            )
        return written('"${GOSUB_RETVAL}" = "<value>"', value=allow(value, "word"))

    @_write.register
    def _(self, operation: Dial) -> Lines:
        number = self._outside.numbers.get(operation.number)
        if number is None or not self._outside.trunks:
            yield _line("Goto(<go>)", go=self._to(operation.unreachable))
            return
        done = self._own_mark()
        shown = allow(self._outside.shown, "number") if self._outside.shown else written("")
        yield _line("Set(CALLERID(name)=)")
        yield _line("Set(CALLERID(num)=<shown>)", shown=shown)
        yield _line("Set(MOKED_TALKED=)")
        for trunk in self._outside.trunks:
            yield _line(
                "Dial(PJSIP/<number>@<trunk>,<ring_for><confirm>)",
                number=allow(number, "number"),
                trunk=allow(trunk, "word"),
                ring_for=_whole(operation.ring_for),
                confirm=_confirming(operation.confirm),
            )
            yield _line(
                'GotoIf($["${DIALSTATUS}" != "CHANUNAVAIL" & "${DIALSTATUS}" != "CONGESTION"'
                ' | "${HANGUPCAUSE}" = "21"]?<done>)',
                done=allow(done, "word"),
            )
        yield PbxPriority(written("Set(CALLERID(num)=${MOKED_CALLER})"), done)
        yield from self._after_dial(operation)

    def _after_dial(self, operation: Dial) -> Lines:
        ways = (
            ('"${MOKED_TALKED}" = "1"', OVER),
            ('"${DIALSTATUS}" = "BUSY"', operation.busy),
            ('"${DIALSTATUS}" = "NOANSWER"', operation.no_answer),
            ('"${DIALSTATUS}" = "ANSWER" | "${HANGUPCAUSE}" = "21"', operation.rejected),
        )
        for test, go in ways:
            yield _line(f"GotoIf($[{test}]?<go>)", go=self._to(go))
        yield _line("Goto(<go>)", go=self._to(operation.unreachable))

    @_write.register
    def _(self, operation: Queue) -> Lines:
        wait = operation.wait or self._outside.queue_waits[operation.queue]
        yield _line(
            "Queue(failsafe-<queue>,,,,<wait>)",
            queue=allow(operation.queue, "word"),
            wait=_whole(wait),
        )
        for status, go in (("TIMEOUT", operation.no_answer), ("FULL", operation.full)):
            yield _line(f'GotoIf($["${{QUEUESTATUS}}" = "{status}"]?<go>)', go=self._to(go))
        yield _line("Goto(<go>)", go=self._to(operation.empty))

    @_write.register
    def _(self, operation: TakeMessage) -> Lines:
        if OFFERED in self._variables:
            yield self._keep(OFFERED, "1")
        yield _line("VoiceMail(<line>@moked,s)", line=allow(self._plan.line, "word"))
        yield _line(
            'GotoIf($["${VMSTATUS}" = "SUCCESS"]?<accepted>:<empty>)',
            accepted=self._to(operation.accepted),
            empty=self._to(operation.empty),
        )

    @_write.register
    def _(self, operation: End) -> Lines:
        yield _line("Hangup(<cause>)", cause=allow(operation.cause, "integer"))


def _line(pattern: str, **values: Allowed) -> PbxPriority:
    return PbxPriority(written(pattern, **values))


def _files(prompts: Sequence[str]) -> Allowed:
    return Allowed("&".join(_file(prompt) for prompt in prompts))


def _file(prompt: str) -> Allowed:
    language, _, name = prompt.rpartition("/")
    folder = allow(language, "word") if language else written("${MOKED_SAYS}")
    return written("moked/<folder>/<name>", folder=folder, name=allow(name, "word"))


def _confirming(prompt: str | None) -> Allowed:
    if prompt is None:
        return written("")
    return written(",gU(moked-confirm^<file>)", file=_file(prompt))


def _seconds(value: float) -> Allowed:
    return allow(f"{value:g}", "seconds")


def _whole(value: float) -> Allowed:
    return allow(math.ceil(value), "integer")
