"""Which applications and functions an Asterisk has, read from its own documentation."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree as ET

_STEP = re.compile(r"^\s*(?:exten\s*=>\s*[^,]+,[^,]+|same\s*=>\s*[^,]+),\s*(?P<call>.+)$")
_APPLICATION = re.compile(r"[A-Za-z_]+")
_FUNCTION = re.compile(r"\$\{\s*([A-Z][A-Z0-9_]*)\(")
_WRITTEN = re.compile(r"^Set\(([A-Z][A-Z0-9_]*)\(")
_INNER = re.compile(r"^ExecIf\(.*\?\s*([A-Za-z_]+)")
# A module of one of these names can be left out; whatever else provides something is the core.
_LOADABLE = ("app_", "func_", "res_", "pbx_", "chan_", "codec_", "format_", "bridge_", "cdr_")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Names in upper case; functions as they are written, applications whatever their case."""

    applications: frozenset[str]
    functions: frozenset[str]


def read_vocabulary(documentation: Path, modules: frozenset[str]) -> Vocabulary:
    """Return what *modules* (without ``.so``) and the core of that Asterisk provide."""
    root = ET.parse(documentation).getroot()  # noqa: S314 - as above

    def named(tag: str) -> Iterator[str]:
        for entry in root.iter(tag):
            module = entry.get("module", "")
            if not module or module in modules or not module.startswith(_LOADABLE):
                yield entry.get("name", "").upper()

    return Vocabulary(frozenset(named("application")), frozenset(named("function")))


def unknown_words(extensions: str, vocabulary: Vocabulary) -> list[str]:
    """Return a sentence for each application or function that is not there."""
    return [
        f"line {number}: {fault}"
        for number, line in enumerate(extensions.splitlines(), start=1)
        if (step := _STEP.match(line)) is not None
        for fault in _unknown(step["call"], vocabulary)
    ]


def _unknown(call: str, vocabulary: Vocabulary) -> Iterator[str]:
    for application in _applications(call):
        if application.upper() not in vocabulary.applications:
            yield f"no application {application}"
    for function in (*_FUNCTION.findall(call), *_WRITTEN.findall(call)):
        if function not in vocabulary.functions:
            yield f"no function {function}"


def _applications(call: str) -> Iterator[str]:
    if match := _APPLICATION.match(call):
        yield match[0]
    if inner := _INNER.match(call):
        yield inner[1]
