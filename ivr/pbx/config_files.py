"""Writes rendered configuration to disk: atomically, readable by its owner and group only."""

import os
from collections.abc import Mapping
from pathlib import Path

_MODE = 0o640


def write(folder: Path, files: Mapping[str, str]) -> frozenset[str]:
    """Write *files* into *folder* and return the names of those that changed.

    Files of an earlier version that are no longer rendered are removed.
    """
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    changed = {name for name, text in files.items() if _replace(folder / name, text)}
    for stale in folder.glob("*.conf"):
        if stale.name not in files:
            stale.unlink()
            changed.add(stale.name)
    return frozenset(changed)


def _replace(path: Path, text: str) -> bool:
    if path.exists() and path.read_text() == text:
        return False
    new = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _MODE)
    with os.fdopen(handle, "w") as file:
        os.fchmod(file.fileno(), _MODE)  # whatever the umask says
        file.write(text)
    new.replace(path)
    return True
