"""A second process of a child, loaded and waiting, so that a dead one is replaced at once.

Loading our libraries takes seconds, which callers would spend in silence. The spare waits on its
standard input: one line is its turn, the end of it (the supervisor is gone) its end.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from ivr.pbx.spawning import LastingProcess, spawn

_MARK = "SPARE_OF_MOKED"


def wait_for_turn() -> None:
    """Return at once in an ordinary process; in a spare, when its turn has come. Blocks.

    Raises:
        SystemExit: there will be no turn: whoever kept the spare is gone.
    """
    if os.environ.pop(_MARK, "") and not sys.stdin.buffer.readline():
        sys.exit(0)


class Spare:
    """At most one waiting process."""

    def __init__(self) -> None:
        self._process: LastingProcess | None = None

    @property
    def waits(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def prepare(
        self, argv: Sequence[str], log: Path, *, cwd: Path, env: Mapping[str, str] | None
    ) -> None:
        """Start a process that loads and waits."""
        self.end()
        marked = {**(os.environ if env is None else env), _MARK: "1"}
        self._process = spawn(argv, log, cwd=cwd, env=marked, stdin=subprocess.PIPE)

    def take(self) -> LastingProcess | None:
        """Give the waiting process its turn and return it; ``None`` if there is none."""
        process, self._process = self._process, None
        if process is None or process.stdin is None:
            return None
        try:
            with process.stdin as turn:
                turn.write(b"\n")
        except BrokenPipeError:
            return None  # it ended while it waited
        return process if process.poll() is None else None

    def end(self) -> None:
        """Let the waiting process go."""
        process, self._process = self._process, None
        if process is not None:
            if process.stdin is not None:
                process.stdin.close()
            process.kill()
            process.wait()
