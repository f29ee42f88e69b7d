"""``moked up``: keeps Asterisk, the service and the demo endpoint alive, each restarted alone."""

import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import structlog
import treq
from twisted.internet.defer import Deferred, maybeDeferred
from twisted.internet.task import LoopingCall, deferLater
from twisted.internet.threads import deferToThread
from twisted.python.failure import Failure
from twisted.web.client import Agent

from ivr import logs
from ivr.background import Background
from ivr.errors import AsteriskUnavailable, MokedError
from ivr.pbx.asterisk_watch import ASK_EVERY, AsteriskWatch
from ivr.pbx.children import Child, ChildKeeper, ChildState
from ivr.pbx.configuring import ASTERISK, DEMO, SERVICE, Prepared, prepare
from ivr.pbx.phone_book import PhoneBook, push_all
from ivr.pbx.pid_files import PidFile, ProcessIdentity
from ivr.pbx.plan import PbxPlan
from ivr.pbx.probe import SipProbe
from ivr.pbx.process import AsteriskProcess
from ivr.pbx.rescue import rescue_waiting
from ivr.pbx.spawning import spawn
from ivr.runtime import Runtime
from ivr.settings import CHECKOUT, Settings

log = structlog.get_logger(__name__)

LOOK_EVERY = 0.1  # seconds
FAILED_STARTS = 3  # of the service, then waiting callers go to the fail-safe
END_SECONDS = 10.0  # a child has to end by itself
LARGE_LOG = 10 * 1024 * 1024


class AlreadyRunning(MokedError):
    """Another supervisor looks after this instance."""


class NotStarted(MokedError):
    """The instance did not become ready; the text holds the last words of its log."""


class Supervisor:
    """The children of one instance and what watches them."""

    def __init__(
        self,
        prepared: Prepared,
        children: Iterable[Child],
        reactor: Any,
        on_ready: Callable[[], None],
    ) -> None:
        self._at = prepared
        self._reactor = reactor
        self._on_ready = on_ready
        self._background = Background()
        self._asterisk = AsteriskProcess(prepared.places)
        self._probe = SipProbe(reactor, prepared.runtime.sip_host, prepared.runtime.sip_port)
        self._keepers = {child.name: ChildKeeper(child) for child in children}
        self._watch = AsteriskWatch(self._probe, self._console_answers, self._kill_asterisk)
        self._loops: list[LoopingCall] = []
        self._told_ready = self._asking_service = self._rescued = False
        self._written = ""

    def start(self) -> None:
        """Begin to look after the children."""
        self._probe.start()
        self._loop(self._look, LOOK_EVERY)
        if ASTERISK in self._keepers:
            self._loop(self._ask_asterisk, ASK_EVERY)
            self._loop(self._rotate_logs, 600.0)

    async def stop(self) -> None:
        """End the children: the service first, so that it can hand over its calls."""
        for loop in self._loops:
            loop.stop()
        await self._background.stop()
        for name in (SERVICE, DEMO, ASTERISK):
            if name in self._keepers:
                await self._end(self._keepers[name])
        self._probe.stop()
        self._write_status()

    def _loop(self, what: Callable[[], object], every: float) -> None:
        loop = LoopingCall(_surely, what)
        loop.clock = self._reactor
        self._loops.append(loop)
        loop.start(every)

    def _look(self) -> None:
        for name, keeper in self._keepers.items():
            before = keeper.pid
            keeper.look()
            if keeper.pid != before and name == ASTERISK:
                self._watch.reset()
                if keeper.pid is not None:
                    self._background.start("asterisk boots", self._after_boot())
        self._look_at_service()
        if (demo := self._keepers.get(DEMO)) and demo.alive_for > 1.0:
            demo.became_ready()
        self._write_status()
        if not self._told_ready and self._is_ready():
            self._told_ready = True
            self._on_ready()

    def _look_at_service(self) -> None:
        service = self._keepers[SERVICE]
        if service.state is ChildState.STARTING and not self._asking_service:
            self._background.start("service ready?", self._ask_service())
        if service.state is ChildState.READY:
            self._rescued = False
        elif service.history.failed_starts >= FAILED_STARTS and not self._rescued:
            self._rescued = True
            self._background.start("rescue", self._rescue())

    async def _ask_service(self) -> None:
        """Let half a second pass between two questions."""
        self._asking_service = True
        try:
            url = f"{self._at.runtime.console_url}/api/health"
            answer = await treq.get(url, agent=Agent(self._reactor, connectTimeout=1), timeout=2)
            if (await answer.json()).get("ready") is True:
                self._keepers[SERVICE].became_ready()
        except Exception as error:  # whatever is wrong, it is not ready
            log.debug("service not ready", error=type(error).__name__)
        await deferLater(self._reactor, 0.3)
        self._asking_service = False

    async def _rescue(self) -> None:
        count = await deferToThread(rescue_waiting, self._asterisk)
        log.error("service does not start: waiting callers sent to the fail-safe", callers=count)

    async def _after_boot(self) -> None:
        """Push the phones again: Asterisk forgot them, and our service may be dead."""
        await deferToThread(self._asterisk.wait_booted)
        phones = PhoneBook(self._at.settings).load()
        await deferToThread(push_all, phones, self._at.runtime, self._at.ari_password)
        log.info("asterisk booted", pushed=len(phones))
        await self._ask_asterisk_once()

    async def _ask_asterisk_once(self) -> None:
        await self._watch.ask()
        if self._watch.answered:
            self._keepers[ASTERISK].became_ready()

    def _ask_asterisk(self) -> "Deferred[None]":
        return Deferred.fromCoroutine(self._ask_asterisk_once())

    async def _console_answers(self) -> bool:
        try:
            await deferToThread(self._asterisk.command, "core show uptime")
        except AsteriskUnavailable:
            return False
        return True

    def _kill_asterisk(self) -> None:
        self._keepers[ASTERISK].kill()

    def _rotate_logs(self) -> "Deferred[object] | None":
        files = (self._at.places.log / "messages.log", self._at.places.log / "security.log")
        if any(file.exists() and file.stat().st_size > LARGE_LOG for file in files):
            return deferToThread(self._asterisk.command, "logger rotate")
        return None

    async def _end(self, keeper: ChildKeeper) -> None:
        keeper.ask_to_end()
        deadline = self._reactor.seconds() + END_SECONDS
        while not keeper.has_ended:
            if self._reactor.seconds() > deadline:
                keeper.kill()
            await deferLater(self._reactor, 0.05)
        keeper.forget()

    def _is_ready(self) -> bool:
        return all(keeper.state is ChildState.READY for keeper in self._keepers.values())

    def _write_status(self) -> None:
        text = json.dumps(self._status())
        if text != self._written:
            self._written = text
            new = self._at.settings.run / f".status.{os.getpid()}"
            new.write_text(text)
            new.replace(self._at.settings.run / "status.json")

    def _status(self) -> dict[str, object]:
        now = time.monotonic()
        service = self._keepers[SERVICE].history
        native_only = service.failed_starts >= FAILED_STARTS or service.too_many(now)
        return {
            "ready": self._is_ready(),
            "mode": "native-only" if native_only else "normal",
            "alarm": "the service does not stay up: callers get the fail-safe"
            if native_only
            else "",
            "supervisor": os.getpid(),
            "children": {
                name: {
                    "state": keeper.state.value,
                    "pid": keeper.pid,
                    "restarts": keeper.history.total,
                    "failed_starts": keeper.history.failed_starts,
                    "started": keeper.started,
                    "spare": keeper.has_spare,
                }
                for name, keeper in self._keepers.items()
            },
        }


def _surely(what: Callable[[], object]) -> "Deferred[object]":
    """Do *what*; one failure (a full disk, say) never ends the watch."""

    def failed(failure: Failure) -> None:
        log.error("watching failed", what=what.__name__, error=type(failure.value).__name__)

    return maybeDeferred(what).addErrback(failed)


def children_of(at: Prepared) -> list[Child]:
    """Return what an instance consists of, in the order it is started."""
    run, folder = at.settings.run, at.settings.home / "log"
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT), "MOKED_HOME": str(at.settings.home),
           "MOKED_TOOLS": str(at.settings.tools)}  # fmt: skip

    def ours(name: str, command: str, beat: Path | None = None) -> Child:
        argv = (sys.executable, "-m", "ivr", command)
        return Child(name=name, argv=argv, run=run, log=folder / f"{name}.out",
                     cwd=at.settings.home, env=env, beat=beat, spare=name == SERVICE)  # fmt: skip

    children = []
    if not at.settings.asterisk_host:
        asterisk = AsteriskProcess(at.places)
        children.append(
            Child(name=ASTERISK, argv=tuple(asterisk.command_line), run=run, cwd=at.places.spool,
                  log=folder / "asterisk.out", before_start=asterisk.clear_socket)
        )  # fmt: skip
    children.append(ours(SERVICE, "serve", run / "service.beat"))
    if at.runtime.demo:
        children.append(ours(DEMO, "demo"))
    return children


def run_supervisor(
    settings: Settings,
    plan: PbxPlan,
    on_ready: Callable[[Runtime], None] = lambda _: None,
    children: Callable[[Prepared], list[Child]] = children_of,
) -> None:
    """Run in the foreground until SIGINT or SIGTERM, then end the children. Blocks.

    Raises:
        AlreadyRunning: another supervisor of this instance lives.
        SettingsInvalid: a port is taken, or no Asterisk is unpacked.
    """
    from twisted.internet import reactor

    pid_file = PidFile(settings.run / "supervisor.pid")
    if pid_file.living() is not None:
        raise AlreadyRunning("this instance is already up: ./moked status, ./moked down")
    logs.configure(settings.home / "log" / "supervisor.log")
    prepared = prepare(settings, plan)
    pid_file.write(os.getpid())
    supervisor = Supervisor(
        prepared, children(prepared), reactor, lambda: on_ready(prepared.runtime)
    )
    running: Any = reactor
    running.callWhenRunning(supervisor.start)
    running.addSystemEventTrigger(
        "before", "shutdown", lambda: Deferred.fromCoroutine(supervisor.stop())
    )
    try:
        running.run()
    finally:
        pid_file.remove()


def start_detached(settings: Settings, seconds: float = 60.0) -> Runtime:
    """Start ``moked up`` in the background; return when everything is ready. Blocks.

    Raises:
        AlreadyRunning: a supervisor of this instance lives.
        NotStarted: it ended, or was not ready within *seconds* (then it is left running).
    """
    if PidFile(settings.run / "supervisor.pid").living() is not None:
        raise AlreadyRunning("this instance is already up: ./moked status, ./moked down")
    settings.run.mkdir(parents=True, exist_ok=True)
    (settings.run / "status.json").unlink(missing_ok=True)
    output = settings.home / "log" / "up.out"
    env = {**os.environ, "PYTHONPATH": str(CHECKOUT), "MOKED_HOME": str(settings.home)}
    argv = [sys.executable, "-m", "ivr", "up"]
    process = spawn(argv, output, cwd=settings.home, env=env)
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise NotStarted(f"start failed:\n{_last_lines(output)}")
        status = read_status(settings)
        runtime = Runtime.load(settings.run)
        if status.get("ready") and runtime is not None:
            return runtime
        time.sleep(0.1)  # another process' file: there is no event to wait for
    raise NotStarted(f"not ready after {seconds:.0f} s: {json.dumps(read_status(settings))}")


def read_status(settings: Settings) -> dict[str, Any]:
    """Return what the supervisor last wrote; empty if nothing was started.

    When the supervisor itself is gone, ``ready`` is false and ``alarm`` says so: calls go on, but
    nothing that dies now is started again.
    """
    try:
        status: dict[str, Any] = json.loads((settings.run / "status.json").read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return {}
    if PidFile(settings.run / "supervisor.pid").living() is None:
        status |= {"ready": False, "alarm": "the supervisor is gone: ./moked up takes over"}
    return status


def stop(settings: Settings, seconds: float = 45.0) -> bool:
    """End the supervisor and its children, also those it left behind; say if anything ran."""
    names = ("supervisor", SERVICE, DEMO, ASTERISK)
    found = False
    for name in names:
        pid_file = PidFile(settings.run / f"{name}.pid")
        identity = pid_file.living()
        if identity is None:
            continue
        found = True
        alone = name == "supervisor"  # it may share its group with the shell it runs in
        _end_process(identity, seconds if alone else END_SECONDS, alone=alone)
        pid_file.remove()
    (settings.run / "status.json").unlink(missing_ok=True)
    return found


def _end_process(identity: ProcessIdentity, seconds: float, *, alone: bool) -> None:
    send = identity.signal if alone else identity.signal_group
    send(signal.SIGTERM)
    deadline = time.monotonic() + seconds
    while identity.lives:
        if time.monotonic() > deadline:
            send(signal.SIGKILL)
            return
        time.sleep(0.05)  # not our child: there is nothing to wait on


def _last_lines(path: Path) -> str:
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return "\n".join(lines[-8:])
