"""Secrets of one instance: made at first use, one file each, readable by its owner only."""

import os
import re
import secrets
from pathlib import Path

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


class SecretFiles:
    """The folder ``$MOKED_HOME/secrets``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, name: str, *, length: int = 32) -> str:
        """Return the secret called *name* (letters and digits), made now if it is not there."""
        path = self._path(name)
        if not path.exists():
            self._write_new(path, secrets.token_hex(max(1, length // 2)))
        return path.read_text().strip()

    def put(self, name: str, value: str) -> None:
        """Keep *value* under *name* in place of what stood there."""
        path = self._path(name)
        new = path.with_suffix(".new")
        new.unlink(missing_ok=True)
        self._write_new(new, value)
        new.replace(path)

    def take(self, name: str) -> str | None:
        """Return the secret and forget it, or ``None`` when there is none: for one-time links."""
        path = self._path(name)
        try:
            value = path.read_text().strip()
        except FileNotFoundError:
            return None
        path.unlink(missing_ok=True)
        return value

    def _path(self, name: str) -> Path:
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a name for a secret: {name!r}")
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self._folder / name

    def _write_new(self, path: Path, value: str) -> None:
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return  # another process of this instance was first: its value counts
        with os.fdopen(handle, "w") as file:
            file.write(value)
