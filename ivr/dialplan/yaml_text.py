"""YAML text into plain values, with the line of everything and every problem at once."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from ivr.dialplan.problem import Problem

LONGEST = 512 * 1024  # bytes; a plan of 300 steps has about 40,000
DEEPEST = 12  # levels inside one another
MOST_BRACKETS = 60  # opened and not closed; ruamel takes quadratic time over thousands of them
_TAG = "tag:yaml.org,2002:"
_BRACKET = re.compile(r"[\[{\]}]")
_LONGEST_NUMBER = 30  # characters

Path = tuple[str | int, ...]

_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "str": str,
    "timestamp": str,  # a date stays as it is written
    "null": lambda _text: None,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text.replace("_", ""), 0 if text.lower()[1:2] in ("x", "o") else 10),
    "float": lambda text: float(text.replace("_", "")),
}


@dataclass(slots=True)
class YamlFile:
    """What a file says: plain values (``None`` if unreadable) and where each of them stands."""

    name: str
    text: str
    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """Return the line of *path*, or of the nearest thing around it."""
        for length in range(len(path), -1, -1):
            if path[:length] in self.lines:
                return self.lines[path[:length]]
        return 0

    def problem(self, path: Path, text: str) -> Problem:
        where = ".".join(str(part) for part in path)
        return Problem(self.name, self.line_of(path), f"{where}: {text}" if where else text)


def read_yaml(name: str, text: str) -> YamlFile:
    """Read *text* of the file *name*; what cannot be read is among its problems."""
    file = YamlFile(name, text)
    if len(text.encode(errors="replace")) > LONGEST:
        file.problems.append(Problem(name, 0, f"larger than {LONGEST // 1024} KiB: split it"))
    elif _open_brackets(text) > MOST_BRACKETS:
        file.problems.append(Problem(name, 0, "not readable as YAML: too many open brackets"))
    elif (root := _composed(file)) is not None:
        file.data = _Reader(file).value(root, ())
    return file


def _composed(file: YamlFile) -> Node | None:
    """Return the mapping that the file is, or note why it is none."""
    line, fault = 0, "the file is empty"
    try:
        root = YAML(typ="safe", pure=True).compose(file.text)
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        root, fault = None, f"not readable as YAML: {error.problem}"
    except (YAMLError, RecursionError, ValueError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        root, fault = None, f"not readable as YAML: {reason}"
    if isinstance(root, MappingNode):
        return root
    if root is not None:
        line, fault = root.start_mark.line + 1, "here must be keys with values: 'key: value'"
    file.problems.append(Problem(file.name, line, fault))
    return None


def _open_brackets(text: str) -> int:
    deepest = depth = 0
    for bracket in _BRACKET.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return deepest


class _Reader:
    """Turns nodes into values once; a node met again is an alias and is refused."""

    def __init__(self, file: YamlFile) -> None:
        self._file = file
        self._seen: set[int] = set()

    def value(self, node: Node, path: Path) -> Any:
        self._file.lines.setdefault(path, node.start_mark.line + 1)
        if id(node) in self._seen:
            text = "aliases (*name) are not allowed: write the value out"
            self._file.problems.append(self._file.problem(path, text))
            return None
        self._seen.add(id(node))
        if len(path) > DEEPEST:
            self._report(node, path[:DEEPEST], f"more than {DEEPEST} levels deep")
            return None
        if not isinstance(node, ScalarNode) and node.tag not in (_TAG + "map", _TAG + "seq"):
            self._report(node, path, f"the tag {node.tag} is not allowed")
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*path, place)) for place, item in enumerate(node.value)]
        return self._scalar(node, path)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            if key in values:
                first = self._file.line_of((*path, key))
                self._report(key_node, path, f"{key!r} stands here again (first in line {first})")
                continue
            self._file.lines[(*path, key)] = key_node.start_mark.line + 1
            values[key] = self.value(value_node, (*path, key))
        return values

    def _key(self, node: Node, path: Path) -> str | None:
        if not isinstance(node, ScalarNode):
            self._report(node, path, "a key must be plain text")
            return None
        text = str(node.value)
        if node.tag not in (_TAG + "str", _TAG + "timestamp"):
            self._report(node, path, f"the key {text} must stand in quotes: '{text}'")
        if text.isdigit() and not text.isascii():
            latin = "".join(str(int(digit)) for digit in text if digit.isdecimal())
            self._report(node, path, f"the key {text!r} is not in European digits: '{latin}'")
            return None
        return text

    def _scalar(self, node: Node, path: Path) -> Any:
        text, kind = str(node.value), str(node.tag).removeprefix(_TAG)
        if kind in ("int", "float") and len(text) > _LONGEST_NUMBER:
            return text
        if kind not in _SCALARS:
            self._report(node, path, f"the tag {node.tag} is not allowed")
            return None
        try:
            return _SCALARS[kind](text)
        except ValueError:
            return text

    def _report(self, node: Node, path: Path, text: str) -> None:
        where = ".".join(str(part) for part in path)
        line = node.start_mark.line + 1
        self._file.problems.append(
            Problem(self._file.name, line, f"{where}: {text}" if where else text)
        )
