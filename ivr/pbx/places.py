"""Where the parts of one instance's private Asterisk lie."""

import hashlib
import os
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ivr.errors import SettingsInvalid
from ivr.settings import Settings

_LONGEST_SOCKET = 100  # a Unix socket's name holds 107 bytes; Asterisk appends to ours


@dataclass(frozen=True, slots=True)
class PbxPlaces:
    """Directories of one instance and of the unpacked root it runs from."""

    root: Path
    home: Path

    @classmethod
    def of(cls, settings: Settings) -> "PbxPlaces":
        # By its real path: `upgrade` moves the link, and a running Asterisk still loads from here.
        return cls(root=settings.asterisk_root.resolve(), home=settings.home)

    @property
    def etc(self) -> Path:
        return self.home / "etc" / "asterisk"

    @property
    def spool(self) -> Path:
        return self.home / "spool" / "asterisk"

    @property
    def data(self) -> Path:
        return self.spool / "data"

    @property
    def varlib(self) -> Path:
        return self.spool / "lib"

    @property
    def log(self) -> Path:
        return self.home / "log" / "asterisk"

    @property
    def prompts(self) -> Path:
        return self.home / "prompts"

    @property
    def cdr(self) -> Path:
        return self.log / "cdr-csv" / "Master.csv"

    @property
    def run(self) -> Path:
        """Directory of the control socket: ``$MOKED_HOME/run/asterisk`` unless that is too long."""
        near = self.home / "run" / "asterisk"
        if len(os.fsencode(near / "asterisk.ctl")) <= _LONGEST_SOCKET:
            return near
        digest = hashlib.sha256(os.fsencode(self.home)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"moked-{os.getuid()}-{digest}"

    @property
    def modules(self) -> Path:
        return self._library / "asterisk" / "modules"

    @property
    def share(self) -> Path:
        return self.root / "usr" / "share" / "asterisk"

    @property
    def documentation(self) -> Path:
        return self.share / "documentation" / "core-en_US.xml"

    @property
    def program(self) -> list[str]:
        """Start of every command line: the root's own loader, its libraries, Asterisk."""
        loader = next(iter(sorted(self._library.glob("ld-linux*.so.*"))), None)
        if loader is None:
            raise SettingsInvalid(f"{self.root}: no loader of an unpacked Asterisk there")
        libraries = f"{self._library}:{self._library / 'asterisk'}"
        asterisk = self.root / "usr" / "sbin" / "asterisk"
        return [str(loader), "--library-path", libraries, str(asterisk)]

    @property
    def _library(self) -> Path:
        """Directory of the root's shared libraries.

        Raises:
            SettingsInvalid: no Asterisk is unpacked there.
        """
        found = sorted(self.root.glob("usr/lib/*/asterisk/modules"))
        if not found:
            raise SettingsInvalid(
                f"no Asterisk is unpacked in {self.root}: run ./moked up, or set MOKED_TOOLS"
            )
        return found[0].parent.parent

    def lay_out(self) -> None:
        """Make the directories and links Asterisk expects; calling it again changes nothing."""
        for folder in (
            self.etc, self.data / "sounds", self.varlib, self.spool / "keys",
            self.spool / "cache", self.log / "cdr-csv",
            self.spool / "spool" / "recording", self.prompts,
        ):  # fmt: skip
            folder.mkdir(mode=0o750, parents=True, exist_ok=True)
        self._make_run()
        _link(self.data / "documentation", self.share / "documentation")
        _link(self.data / "rest-api", self.share / "rest-api")
        _link(self.data / "moh", self.share / "moh")
        _link(self.data / "sounds" / "moked", self.prompts)
        english = next(iter(sorted((self.share / "sounds").glob("en*"))), None)
        if english is not None:
            _link(self.data / "sounds" / "en", english)

    def _make_run(self) -> None:
        """Make the control directory ours alone: whoever writes to the socket owns Asterisk."""
        self.run.mkdir(mode=0o700, parents=True, exist_ok=True)
        status = self.run.lstat()
        if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid():
            raise SettingsInvalid(f"{self.run} belongs to somebody else: remove it")
        self.run.chmod(0o700)


def _link(link: Path, target: Path) -> None:
    if link.is_symlink() and link.readlink() == target:
        return
    new = link.with_name(f".{link.name}.{os.getpid()}")
    new.symlink_to(target)
    new.replace(link)
