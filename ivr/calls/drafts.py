"""The drafts of dialplans: files that people edit, in the console or with an editor of theirs."""

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from ivr.dialplan.contacts import CONTACTS_FILE
from ivr.dialplan.yaml_text import LONGEST
from ivr.errors import MokedError

FILE_NAME = r"^[a-z][a-z0-9_-]{0,63}\.yaml$"
_FILE_NAME = re.compile(FILE_NAME[:-1] + r"\Z")


class DraftChanged(MokedError):
    """Somebody else has saved meanwhile; both texts are here, nothing was written."""

    def __init__(self, name: str, now: str | None, yours: str | None) -> None:
        super().__init__(f"{name} was changed by somebody else meanwhile: bring both together")
        self.now = now  # ``None``: the file is gone
        self.yours = yours
        self.revision = revision_of(now)


class DraftRefused(MokedError):
    """This cannot be a draft; the text says why."""


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A file and the revision that a change of it must name."""

    name: str
    text: str
    revision: str


def revision_of(text: str | None) -> str:
    """Return what names this text; ``""`` where there is no file yet."""
    return "" if text is None else hashlib.sha256(text.encode()).hexdigest()[:24]


class Drafts:
    """The folder of dialplans. Every method blocks for a moment: call it in a thread."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()  # between look and write; an editor outside of the house takes none

    @property
    def folder(self) -> Path:
        return self._folder

    def read(self) -> dict[str, str]:
        """Return the text of every file; what is no UTF-8 is shown as far as it is."""
        paths = sorted(self._folder.glob("*.yaml"))
        names = [path.name for path in paths if _FILE_NAME.match(path.name) and path.is_file()]
        texts = {name: self._text(name) for name in names if name != CONTACTS_FILE}
        return {name: text for name, text in texts.items() if text is not None}

    def save(self, name: str, text: str | None, revision: str) -> str:
        """Write *text* (``None``: delete the file) over *revision*; return the new revision.

        Raises:
            DraftRefused: no such name may be, or the text is too large.
            DraftChanged: the file is not what the editor started from.
        """
        _look_at(name, text)
        with self._lock:
            now = self._text(name)
            if revision_of(now) != revision:
                raise DraftChanged(name, now, text)
            self._write(name, text)
        return revision_of(text)

    def put_back(self, wanted: Mapping[str, str], live: Mapping[str, str]) -> list[str]:
        """Make *wanted* the draft where nobody has changed it from *live*; return what stays."""
        kept = []
        with self._lock:
            for name, text in wanted.items():
                now = self._text(name)
                if now in (None, text, live.get(name)):
                    self._write(name, text)
                else:
                    kept.append(name)
        return kept

    def _text(self, name: str) -> str | None:
        try:
            return (self._folder / name).read_bytes().decode(errors="replace")
        except FileNotFoundError:
            return None

    def _write(self, name: str, text: str | None) -> None:
        """Replace the file in one step: nobody ever reads half of it."""
        path = self._folder / name
        if text is None:
            path.unlink(missing_ok=True)
            return
        new = self._folder / f".{name}.{os.getpid()}.new"
        new.write_bytes(text.encode())
        new.replace(path)


def _look_at(name: str, text: str | None) -> None:
    if not _FILE_NAME.match(name) or name == CONTACTS_FILE:
        raise DraftRefused(f"{name!r} is no name for a dialplan: small English letters, then .yaml")
    try:
        size = len((text or "").encode())
    except UnicodeEncodeError as error:
        raise DraftRefused(f"{name}: holds characters that are no text") from error
    if size > LONGEST:
        raise DraftRefused(f"{name}: larger than {LONGEST // 1024} KiB: split it")
