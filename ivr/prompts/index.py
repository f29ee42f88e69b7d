"""Remembers which engine made each prompt from which text (``prompts/index.json``)."""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ivr.prompts.media import FORMATS, write_atomically

INDEX_NAME = "index.json"


@dataclass(frozen=True)
class Entry:
    """How one prompt came to be, and the SHA-256 of each of its files by suffix."""

    engine: str
    text: str
    key: str
    seconds: float
    files: dict[str, str]


class Index:
    """The entries of one prompts folder, by ``language/name``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._entries = _read(folder / INDEX_NAME)

    def get(self, language: str, name: str) -> Entry | None:
        return self._entries.get(f"{language}/{name}")

    def put(self, language: str, name: str, entry: Entry) -> None:
        self._entries[f"{language}/{name}"] = entry

    def drop_all_but(self, known: set[str]) -> list[str]:
        """Forget what is not in *known* (``language/name``) and return what was forgotten."""
        gone = sorted(set(self._entries) - known)
        for key in gone:
            del self._entries[key]
        return gone

    def save(self) -> None:
        entries = {key: asdict(entry) for key, entry in sorted(self._entries.items())}
        text = json.dumps({"version": 1, "prompts": entries}, ensure_ascii=False, indent=1)
        write_atomically(self._folder / INDEX_NAME, text.encode())

    def is_intact(self, language: str, name: str) -> bool:
        """Whether every file of the prompt is there and holds what was written."""
        entry = self.get(language, name)
        if entry is None:
            return False
        return all(
            _digest(self._folder / language / f"{name}.{form.suffix}")
            == entry.files.get(form.suffix)
            for form in FORMATS
        )


def _digest(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def _read(path: Path) -> dict[str, Entry]:
    """Return the entries; an index that cannot be read is as good as none: all is made again."""
    try:
        document: Any = json.loads(path.read_bytes())
        return {key: Entry(**value) for key, value in document["prompts"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}
