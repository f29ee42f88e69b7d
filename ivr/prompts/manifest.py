"""Reads a language's ``manifest.yaml``: what callers hear, by name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ivr.errors import MokedError

MANIFEST_NAME = "manifest.yaml"
_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
_KEYS = {"text", "note", "kind", "recording", "version"}
# A sound name becomes a file name: a recording may not point out of its own folder.
_RECORDING = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class Kind(Enum):
    """What a prompt is: it decides how it is trimmed and whether a voice is needed."""

    FIXED = "fixed"
    FRAGMENT = "fragment"
    TONE = "tone"


@dataclass(frozen=True)
class Prompt:
    """One entry of a manifest."""

    name: str
    text: str
    note: str = ""
    kind: Kind = Kind.FIXED
    recording: str | None = None


@dataclass(frozen=True)
class Manifest:
    """All prompts of one language, in the order of the file."""

    language: str
    path: Path
    prompts: dict[str, Prompt]


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a manifest, with its line (counted from 1)."""

    path: Path
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


class ManifestInvalid(MokedError):
    """A manifest cannot be used; ``problems`` holds every reason, not just the first."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def load_manifest(path: Path, language: str) -> Manifest:
    """Read the manifest of *language* at *path*.

    Raises:
        ManifestInvalid: with all problems at once.
    """
    document = _parse(path)
    problems = list(_problems(path, document, language))
    if problems:
        raise ManifestInvalid(problems)
    entries = document["prompts"].items()
    return Manifest(language, path, {name: _prompt(name, entry) for name, entry in entries})


def load_manifests(folder: Path, languages: tuple[str, ...]) -> dict[str, Manifest]:
    """Read ``<folder>/<language>/manifest.yaml`` of every language.

    Raises:
        ManifestInvalid: with all problems of all files, and every name a language lacks.
    """
    problems: list[Problem] = []
    manifests: dict[str, Manifest] = {}
    for language in languages:
        try:
            manifests[language] = load_manifest(folder / language / MANIFEST_NAME, language)
        except ManifestInvalid as invalid:
            problems += invalid.problems
    if not problems:
        problems = list(_unequal_names(manifests))
    if problems:
        raise ManifestInvalid(problems)
    return manifests


def _unequal_names(manifests: dict[str, Manifest]) -> Iterator[Problem]:
    everywhere = {name for manifest in manifests.values() for name in manifest.prompts}
    for manifest in manifests.values():
        lacking = sorted(everywhere - set(manifest.prompts))
        if lacking:
            yield Problem(manifest.path, 1, f"lacks {', '.join(lacking)}, known elsewhere")


def _parse(path: Path) -> CommentedMap:
    yaml = YAML(typ="rt")  # the round-trip loader keeps line numbers and refuses duplicate keys
    try:
        document: Any = yaml.load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ManifestInvalid([Problem(path, 1, f"cannot be read: {error.strerror}")]) from None
    except UnicodeDecodeError:
        raise ManifestInvalid([Problem(path, 1, "is not UTF-8 text")]) from None
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise ManifestInvalid([Problem(path, line, str(error.problem))]) from None
    except YAMLError as error:
        raise ManifestInvalid([Problem(path, 1, str(error))]) from None
    if not isinstance(document, CommentedMap):
        raise ManifestInvalid([Problem(path, 1, "must have `language:` and `prompts:`")])
    return document


def _problems(path: Path, document: CommentedMap, language: str) -> Iterator[Problem]:
    for key in sorted(set(document) - {"language", "prompts"}):
        yield Problem(path, _line(document, key), f"unknown key {key!r}")
    if document.get("language") != language:
        yield Problem(path, 1, f"`language:` must be {language}")
    prompts = document.get("prompts")
    if not isinstance(prompts, CommentedMap):
        yield Problem(path, 1, "`prompts:` must map names to prompts")
        return
    for name, entry in prompts.items():
        line = _line(prompts, name)
        for message in _entry_problems(name, entry):
            yield Problem(path, line, f"{name}: {message}")


def _entry_problems(name: object, entry: object) -> Iterator[str]:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        yield "a name is small letters, digits and _ and starts with a letter"
    if not isinstance(entry, CommentedMap):
        yield "must have `text:` and `kind:`"
        return
    for key in sorted(set(entry) - _KEYS):
        yield f"unknown key {key!r}"
    kinds = [kind.value for kind in Kind]
    kind = entry.get("kind", Kind.FIXED.value)
    if kind not in kinds:
        yield f"`kind:` must be one of {', '.join(kinds)}"
    text = entry.get("text", "")
    if not isinstance(text, str) or (kind != Kind.TONE.value and not text.strip()):
        yield "`text:` is empty"
    recording = entry.get("recording")
    if recording is not None and not _RECORDING.fullmatch(str(recording)):
        yield "`recording:` must be the name of a file beside the manifest"


def _line(mapping: CommentedMap, key: object) -> int:
    line: int = mapping.lc.key(key)[0]
    return line + 1


def _prompt(name: str, entry: CommentedMap) -> Prompt:
    recording = entry.get("recording")
    return Prompt(
        name=name,
        text=" ".join(str(entry.get("text", "")).split()),
        note=str(entry.get("note", "")),
        kind=Kind(entry.get("kind", Kind.FIXED.value)),
        recording=None if recording is None else str(recording),
    )
