"""Draws a line's dialplan as a phone tree on one page: SVG, Hebrew, from right to left."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from xml.sax.saxutils import escape

from ivr.dialplan.diagram_words import HEBREW, Words
from ivr.dialplan.plan import Dialplan
from ivr.dialplan.step import END, ENTER, Step
from ivr.dialplan.steps.branch import Branch
from ivr.ids import Label

_WIDTH, _MARGIN, _HEAD, _ROW, _INDENT, _FOOT = 1000, 40, 110, 30, 34, 40
_PAGE = 1.414  # height of a page of A4 to its width
_LETTER = 8.0  # width of a letter of ours, about
_SILENT = frozenset({"set", "answer", "subroutine"})  # nothing that a caller would notice
_COLOURS = {
    **dict.fromkeys(("menu", "collect_digits", "language"), "#1d4ed8"),
    **dict.fromkeys(("hours", "calendar", "branch", "emergency"), "#b45309"),
    **dict.fromkeys(("queue", "dial", "transfer"), "#15803d"),
    **dict.fromkeys(("voicemail", "ticket", "callback"), "#7e22ce"),
}
_GREY = "#475569"
# Accents and vowel points, and marks that turn the direction of what follows.
_NOT_PRINTED = re.compile(r"[\u0591-\u05bd\u05bf-\u05c7\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"\+[0-9]+")
_ASKED = re.compile(r"(is_open|is_staffed)\('([a-z][a-z0-9_]*)'\)|is_emergency\(\)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the tree; *way* is how a caller comes to it from the row it hangs on."""

    number: int
    depth: int
    parent: int  # number of the row it hangs on; 0: none
    way: str
    text: str
    colour: str


@dataclass(frozen=True, slots=True)
class Names:
    """What names of the site mean to people: (kind, name) → title, prompt → its words."""

    title: Callable[[str, str], str]
    prompt: Callable[[str], str]


def rows_of(plan: Dialplan, names: Names, words: Words = HEBREW) -> list[Row]:
    """Return the tree: each step stands once, where it is met again its row is named."""
    return _Tree(plan, names, words).rows


class _Tree:
    def __init__(self, plan: Dialplan, names: Names, words: Words) -> None:
        self._plan = plan
        self._names = names
        self._words = words
        self._met: dict[Label, int] = {}
        self.rows: list[Row] = []
        self._grow(plan.start)

    def _grow(self, start: Label) -> None:
        """Depth first without recursion; the only way on from a step stays at its depth."""
        ahead = [(start, 0, 0, "")]
        while ahead:
            label, depth, parent, way = ahead.pop()
            label = self._noticed(label)
            number = len(self.rows) + 1
            if label == END or label in self._met:
                seen = self._met.get(label)
                text = self._words["see"].format(row=seen) if seen else self._words["end"]
                self.rows.append(Row(number, depth, parent, way, text, _GREY))
                continue
            self._met[label] = number
            step = self._plan.steps[label]
            colour = _COLOURS.get(step.kind, _GREY)
            self.rows.append(Row(number, depth, parent, way, self._text(step), colour))
            ways = self._ways(label, step)
            deeper = depth + (len(ways) > 1)
            ahead += [(to, deeper, number, told) for to, told in reversed(ways.items())]

    def _noticed(self, label: Label) -> Label:
        """Return *label*, or what follows it if callers notice nothing of it."""
        passed: set[Label] = set()
        while label != END and label not in passed:
            step = self._plan.steps[label]
            if step.kind not in _SILENT:
                break
            passed.add(label)
            on = ENTER if step.kind == "subroutine" else step.exits()["next"]
            label = self._plan.target(label, on)
        return label

    def _ways(self, label: Label, step: Step) -> dict[Label, str]:
        """Return where the step leads to, and the words of all its exits that lead there."""
        told: dict[Label, list[str]] = {}
        exits = {"next": ENTER} if step.kind == "transfer" else step.exits()
        for name, exit_label in exits.items():
            target = self._noticed(self._plan.target(label, exit_label))
            told.setdefault(target, []).append(self._way(step, name))
        return {target: " / ".join(filter(None, one)) for target, one in told.items()}

    def _way(self, step: Step, name: str) -> str:
        kind, _, detail = name.partition(" ")
        if kind == "if" and isinstance(step, Branch):
            return self._words["if"].format(
                condition=self._condition(step.when[int(detail) - 1].condition)
            )
        pattern = self._words.get(f"{step.kind} {kind}", self._words.get(kind, name))
        return pattern.format(key=detail)

    def _condition(self, condition: str) -> str:
        """Return *condition* in words if it asks for one thing, else as it is written."""
        asked = _ASKED.fullmatch(condition)
        if asked is None:
            return condition
        function, name = asked.groups()
        if function is None:
            return self._words["is_emergency"]
        what = "hours" if function == "is_open" else "queue"
        return self._words[function].format(**{what: self._names.title(what, name)})

    def _text(self, step: Step) -> str:
        prompts = [self._names.prompt(prompt) for prompt in step.prompts()[:1]]
        known: dict[str, str] = {"prompt": " ".join(prompts)}
        for what in ("hours", "queue", "number", "box", "department", "source", "script", "line"):
            if isinstance(name := getattr(step, what, None), str):
                known[what] = self._names.title(what, name)
        return self._words[step.kind].format(**known).removesuffix(": ")


def svg_of(plan: Dialplan, names: Names, words: Words = HEBREW) -> str:
    """Return the page; whatever is written in the site's files is text in it and nothing else."""
    rows = rows_of(plan, names, words)
    height = max(round(_WIDTH * _PAGE), _HEAD + len(rows) * _ROW + _FOOT)
    title = words["title"].format(line=names.title("line", plan.line))
    numbers = words["numbers"].format(numbers=", ".join(plan.numbers))
    version = words["printed"].format(version=plan.version_hash)
    body = [
        _words(_WIDTH - _MARGIN, 48, title, "font-size='26' font-weight='bold'"),
        _words(_WIDTH - _MARGIN, 78, f"{numbers} · {version}", f"font-size='14' fill='{_GREY}'"),
        *(part for row in rows for part in _drawn(row, {one.number: one for one in rows})),
    ]
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='210mm' height='297mm'"
        f" viewBox='0 0 {_WIDTH} {height}' direction='rtl' lang='he'"
        " font-family='DejaVu Sans, Noto Sans Hebrew, Arial, sans-serif'>"
        f"<title>{_plain(title)}</title>"
        f"<rect width='{_WIDTH}' height='{height}' fill='white'/>{''.join(body)}</svg>\n"
    )


def _drawn(row: Row, rows: Mapping[int, Row]) -> Iterator[str]:
    x, y = _right(row), _middle(row)
    if parent := rows.get(row.parent):
        level = _right(parent)
        turn = f" H {x + 8}" if row.depth > parent.depth else ""
        yield (
            f"<path d='M {level} {_middle(parent) + 7} V {y}{turn}' fill='none'"
            " stroke='#94a3b8' stroke-width='1.5'/>"
        )
    yield f"<circle cx='{x}' cy='{y}' r='7' fill='{row.colour}'/>"
    room = x - 16 - _MARGIN - 40
    way = f"{row.way}: " if row.way else ""
    told = _cut(way, room * 0.6)
    rest = _cut(row.text, room - _LETTER * len(told))
    yield (
        f"<text x='{x - 16}' y='{y + 5}' font-size='15'><title>{_plain(way + row.text)}</title>"
        f"<tspan font-weight='bold'>{_plain(told)}</tspan>"
        f"<tspan fill='{row.colour}'>{_plain(rest)}</tspan></text>"
    )
    yield _words(_MARGIN, y + 5, str(row.number), f"font-size='12' fill='{_GREY}'")


def _right(row: Row) -> int:
    return _WIDTH - _MARGIN - row.depth * _INDENT


def _middle(row: Row) -> int:
    return _HEAD + (row.number - 1) * _ROW + _ROW // 2


def _words(x: int, y: int, text: str, style: str) -> str:
    return f"<text x='{x}' y='{y}' {style}>{_plain(text)}</text>"


def _cut(text: str, room: float) -> str:
    most = max(8, int(room / _LETTER))
    shown = _printed(text)
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _printed(text: str) -> str:
    return _CONTROL.sub(" ", _NOT_PRINTED.sub("", text))


def _plain(text: str) -> str:
    """Return *text* as it stands in the page; numbers keep their plus in front."""
    numbers = _NUMBER.sub("\u2066\\g<0>\u2069", _printed(text))
    return escape(numbers, {"'": "&#39;", '"': "&quot;"})
