"""Starts processes that are meant to outlive whoever started them."""

import resource
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

_OPEN_FILES = 65536
# No core files (they would hold what callers pressed); then the program takes the shell's place.
_SHELL = 'umask 027; ulimit -c 0; ulimit -n "$1" 2>/dev/null; shift; exec "$@"'


class LastingProcess(subprocess.Popen[bytes]):
    """A child in a session of its own; forgetting it is no mistake, so nothing warns of it."""

    def __del__(self) -> None:
        self.poll()


def spawn(
    argv: Sequence[str],
    log: Path,
    *,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    stdin: int = subprocess.DEVNULL,
) -> LastingProcess:
    """Start *argv* with its output added to *log*; it gets no terminal."""
    log.parent.mkdir(parents=True, exist_ok=True)
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    files = _OPEN_FILES if most == resource.RLIM_INFINITY else min(most, _OPEN_FILES)
    with log.open("ab") as output:
        return LastingProcess(
            ["/bin/sh", "-c", _SHELL, "moked", str(files), *argv],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=cwd,
            env=env,
        )
