"""Keeps one child process alive: starts or adopts it, sees it end, kills it when its beat stops."""

import os
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import structlog

from ivr.pbx.pid_files import PidFile, ProcessIdentity
from ivr.pbx.restarts import RestartHistory
from ivr.pbx.spares import Spare
from ivr.pbx.spawning import LastingProcess, spawn

log = structlog.get_logger(__name__)

BEAT_LIMIT = 4.0  # seconds without a beat, then the child counts as hung
FIRST_BEAT = 30.0  # seconds a starting child has until its first beat
SPARE_AFTER = 5.0  # seconds a child is ready before its spare is loaded: starting has to be quick
SPARE_AGAIN = 60.0  # seconds between two spares, should they not last
GAP = 2.0  # seconds between two looks, beyond which the machine slept rather than the child


class ChildState(Enum):
    """What a child is doing."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """What to run; ``beat`` is a file the child touches every second while it is well."""

    name: str
    argv: tuple[str, ...]
    run: Path
    log: Path
    cwd: Path
    env: Mapping[str, str] | None = None
    beat: Path | None = None
    before_start: Callable[[], None] = lambda: None
    spare: bool = False  # keep a second one loaded (ivr.pbx.spares.wait_for_turn)


class ChildKeeper:
    """The life of one child; ``look`` is called several times a second."""

    def __init__(self, child: Child, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.child = child
        self.history = RestartHistory()
        self.state = ChildState.STOPPED
        self.since = 0.0
        self.started = ""
        self._monotonic = monotonic
        self._pid_file = PidFile(child.run / f"{child.name}.pid")
        self._identity: ProcessIdentity | None = None
        self._process: LastingProcess | None = None
        self._start_at = 0.0
        self._looked = monotonic()
        self._beat_seen = 0  # its file's mtime
        self._beat_changed = 0.0  # when we saw it change, by our own clock
        self._has_beaten = False
        self._spare = Spare()
        self._spare_at = 0.0

    @property
    def pid(self) -> int | None:
        return self._identity.pid if self._identity else None

    @property
    def has_spare(self) -> bool:
        return self._spare.waits

    @property
    def alive_for(self) -> float:
        return self._monotonic() - self.since if self._identity else 0.0

    def look(self) -> None:
        """See how the child is; start it again when it is gone and its pause is over."""
        now = self._monotonic()
        if now - self._looked > GAP:
            self._beat_changed = now  # we ourselves did not run: blame nobody
        self._looked = now
        if self._process is not None:
            self._process.poll()
        if self._identity is None:
            if self.state is ChildState.STOPPED and now >= self._start_at:
                self._start_or_adopt(now)
        elif not self._identity.lives:
            self._note_end(now)
        elif self.state is not ChildState.STOPPING and self._is_hung(now):
            log.error("child stopped beating and is killed", child=self.child.name)
            self.kill()
        elif self.state is ChildState.READY:
            self._keep_spare(now)

    def became_ready(self) -> None:
        if self.state is ChildState.STARTING:
            self.state = ChildState.READY
            self._spare_at = self._monotonic() + SPARE_AFTER
            self.history.became_ready()
            log.info("child is ready", child=self.child.name, after=round(self.alive_for, 2))

    def kill(self) -> None:
        """End a hung child at once; the next looks see it gone and start it again."""
        if self._identity is not None:
            self._identity.signal_group(signal.SIGKILL)

    def ask_to_end(self) -> None:
        """Stop for good: the child may finish its work."""
        self.state = ChildState.STOPPING
        self._spare.end()
        if self._identity is not None:
            self._identity.signal_group(signal.SIGTERM)

    @property
    def has_ended(self) -> bool:
        if self._process is not None:
            self._process.poll()
        return self._identity is None or not self._identity.lives

    def forget(self) -> None:
        """Remove the pid file of a child that has ended."""
        self._pid_file.remove()

    def _start_or_adopt(self, now: float) -> None:
        self._identity = self._pid_file.living()
        if self._identity is not None:
            log.info("child adopted", child=self.child.name, pid=self._identity.pid)
        else:
            self._start()
        self.state = ChildState.STARTING
        self.since = self._beat_changed = now
        self.started = datetime.now(UTC).isoformat(timespec="seconds")
        self._beat_seen, self._has_beaten = self._beat_time(), False

    def _start(self) -> None:
        child = self.child
        child.before_start()
        spare = self._spare.take()
        self._process = spare or spawn(child.argv, child.log, cwd=child.cwd, env=child.env)
        self._identity = self._pid_file.write(self._process.pid)
        if self._identity is None:  # gone before it could be looked at
            self._identity = ProcessIdentity(self._process.pid, -1, "")
        log.info("child started", child=child.name, pid=self._process.pid, spare=spare is not None)

    def _keep_spare(self, now: float) -> None:
        child = self.child
        if child.spare and not self._spare.waits and now >= self._spare_at:
            self._spare_at = now + SPARE_AGAIN
            self._spare.prepare(child.argv, child.log, cwd=child.cwd, env=child.env)

    def _note_end(self, now: float) -> None:
        code = self._process.returncode if self._process is not None else None
        was_ready = self.state is ChildState.READY
        self._identity = self._process = None
        if self.state is ChildState.STOPPING:
            return
        self.history.ended(now, was_ready=was_ready)
        self.state = ChildState.STOPPED
        self._start_at = now + self.history.wait(now)
        log.error("child ended", child=self.child.name, code=code, was_ready=was_ready)

    def _is_hung(self, now: float) -> bool:
        if self.child.beat is None:
            return False
        latest = self._beat_time()
        if latest != self._beat_seen:  # compared, not subtracted: the wall clock may jump
            self._beat_seen, self._beat_changed, self._has_beaten = latest, now, True
        limit = BEAT_LIMIT if self._has_beaten else FIRST_BEAT
        return now - self._beat_changed > limit

    def _beat_time(self) -> int:
        if self.child.beat is None:
            return 0
        try:
            return os.stat(self.child.beat).st_mtime_ns  # noqa: PTH116 - four times a second
        except FileNotFoundError:
            return 0
