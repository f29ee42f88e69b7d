"""Starts, asks and stops the private Asterisk of one instance; works with and without root."""

import signal
import subprocess
import time

from ivr.errors import AsteriskUnavailable
from ivr.pbx.pid_files import PidFile, ProcessIdentity
from ivr.pbx.places import PbxPlaces
from ivr.pbx.spawning import LastingProcess, spawn

_COMMAND_SECONDS = 5.0


class AsteriskProcess:
    """The Asterisk of one instance. All methods block: call them in a thread of the reactor."""

    def __init__(self, places: PbxPlaces) -> None:
        self._places = places
        self._pid_file = PidFile(places.home / "run" / "asterisk.pid")
        self._started: LastingProcess | None = None

    @property
    def command_line(self) -> list[str]:
        conf = self._places.etc / "asterisk.conf"
        return [*self._places.program, "-f", "-C", str(conf)]

    def living(self) -> ProcessIdentity | None:
        return self._pid_file.living()

    def version(self) -> str:
        """Return what the unpacked program says of itself: ``Asterisk 22.10.1+dfsg…``."""
        done = subprocess.run(  # noqa: S603 - our own loader and program
            [*self._places.program, "-V"],
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
        return done.stdout.strip()

    def start(self) -> ProcessIdentity:
        """Start Asterisk in a session of its own, so that it outlives us; return at once.

        Raises:
            AsteriskUnavailable: it ended before it could be noted.
        """
        self.clear_socket()
        log = self._places.home / "log" / "asterisk.log"
        started = spawn(self.command_line, log, cwd=self._places.spool)
        self._started = started  # kept so that its end is collected
        identity = self._pid_file.write(started.pid)
        if identity is None:
            raise AsteriskUnavailable(f"Asterisk ended at once: see {log}")
        return identity

    def clear_socket(self) -> None:
        """Make the directories, and remove what a killed Asterisk left of its control socket."""
        self._places.lay_out()
        (self._places.run / "asterisk.ctl").unlink(missing_ok=True)

    def command(self, line: str) -> str:
        """Run one command of Asterisk's console and return what it printed.

        Raises:
            AsteriskUnavailable: nothing answers on the control socket, or not within 5 s.
        """
        conf = str(self._places.etc / "asterisk.conf")
        try:
            done = subprocess.run(  # noqa: S603 - as above
                [*self._places.program, "-C", conf, "-rx", line],
                capture_output=True,
                timeout=_COMMAND_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise AsteriskUnavailable("Asterisk does not answer its console") from error
        if done.returncode != 0:
            raise AsteriskUnavailable("Asterisk's console cannot be reached")
        text = done.stdout.decode(errors="replace")
        if text.startswith("No such command"):  # its exit status is 0 all the same
            raise AsteriskUnavailable("Asterisk's console does not know that command")
        return text

    def wait_booted(self, seconds: float = 30.0) -> None:
        """Wait until all modules are loaded.

        Raises:
            AsteriskUnavailable: it ended, or did not finish within *seconds*.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.living() is None:
                raise AsteriskUnavailable(f"Asterisk ended while starting: {self._last_words()}")
            if self._booted():
                return
        raise AsteriskUnavailable(f"Asterisk did not start: {self._last_words()}")

    def reload(self) -> None:
        """Read the configuration again; calls go on."""
        for line in ("dialplan reload", "module reload"):
            self.command(line)

    def kill(self) -> None:
        """End a frozen Asterisk at once."""
        if identity := self.living():
            identity.signal_group(signal.SIGKILL)

    def stop(self, seconds: float = 5.0, *, gracefully: bool = False) -> None:
        """End Asterisk: now, or when its last call has ended; killed if that takes too long."""
        identity = self.living()
        if identity is None:
            return
        try:
            self.command("core stop gracefully" if gracefully else "core stop now")
        except AsteriskUnavailable:
            identity.signal_group(signal.SIGTERM)
        if not _ended(identity, seconds):
            identity.signal_group(signal.SIGKILL)
            _ended(identity, seconds)
        self._pid_file.remove()

    def _booted(self) -> bool:
        try:
            self.command("core waitfullybooted")
        except AsteriskUnavailable:
            time.sleep(0.1)  # the control socket appears without an event to wait for
            return False
        return True

    def _last_words(self) -> str:
        path = self._places.log / "messages.log"
        text = path.read_text(errors="replace") if path.exists() else "no log was written"
        return "\n".join(text.splitlines()[-5:])


def _ended(identity: ProcessIdentity, seconds: float) -> bool:
    """Wait until the process is gone; it need not be our child, so there is nothing to wait on."""
    deadline = time.monotonic() + seconds
    while identity.lives:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
