"""Pid files that cannot be fooled by a reused process id: they keep when the process began."""

import os
from dataclasses import dataclass
from pathlib import Path
from signal import Signals

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True)
class ProcessIdentity:
    """One process of this boot of the machine; ``began`` is in clock ticks since boot."""

    pid: int
    began: int
    boot: str

    @classmethod
    def of(cls, pid: int) -> "ProcessIdentity | None":
        """Return the identity of *pid*, ``None`` if no such process lives."""
        began = _began(pid)
        return None if began is None else cls(pid, began, _boot())

    @property
    def lives(self) -> bool:
        return self.boot == _boot() and _began(self.pid) == self.began

    def signal(self, sign: Signals) -> bool:
        """Send *sign* to the process alone; say whether it was still there."""
        if not self.lives:
            return False
        os.kill(self.pid, sign)
        return True

    def signal_group(self, sign: Signals) -> bool:
        """Send *sign* to the process and what it started; say whether it was still there."""
        if not self.lives:
            return False
        try:
            os.killpg(self.pid, sign)  # every child of ours leads a group of its own
        except ProcessLookupError:
            return False
        return True


class PidFile:
    """``run/<name>.pid``: which process does a job, across deaths of the supervisor."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, pid: int) -> ProcessIdentity | None:
        identity = ProcessIdentity.of(pid)
        if identity is not None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_name(f".{self._path.name}.{os.getpid()}")
            new.write_text(f"{identity.pid} {identity.began} {identity.boot}\n")
            new.replace(self._path)
        return identity

    def living(self) -> ProcessIdentity | None:
        """Return the process the file names, if that very process still runs."""
        try:
            pid, began, boot = self._path.read_text().split()
            identity = ProcessIdentity(int(pid), int(began), boot)
        except (FileNotFoundError, ValueError):
            return None
        return identity if identity.lives else None

    def remove(self) -> None:
        self._path.unlink(missing_ok=True)


def _began(pid: int) -> int | None:
    """Return field 22 of ``/proc/<pid>/stat``; ``None`` for the dead and for zombies."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] in {"Z", "X"} else int(fields[19])


def _boot() -> str:
    return _BOOT_ID.read_text().strip()
