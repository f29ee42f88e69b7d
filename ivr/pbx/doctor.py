"""``moked doctor``: everything an instance depends on, what is wrong, and how to mend it."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ivr.errors import MokedError
from ivr.pbx.configuring import ASTERISK, DEMO, SERVICE
from ivr.pbx.doctor_ari import ari_checks
from ivr.pbx.escaping import TextRefused, allow
from ivr.pbx.findings import Check
from ivr.pbx.pid_files import PidFile
from ivr.pbx.places import PbxPlaces
from ivr.pbx.process import AsteriskProcess
from ivr.pbx.versions import is_supported, version_of
from ivr.settings import Settings

_HOSTS = Path("/etc/hosts")
_LEAST_FREE_MIB = 500
_NEEDED_PROMPTS = ("failsafe_apology", "leave_message", "message_thanks")
_UP = "run ./moked up: it sets up what is missing"


@dataclass(frozen=True, slots=True)
class _Port:
    setting: str
    host: str
    number: int
    kind: socket.SocketKind


def examine(settings: Settings) -> list[Check]:
    """Look at everything; blocks for a second or two."""
    checks: list[Callable[[Settings], Iterator[Check]]] = [
        _python, _asterisk, _host_name, _time_zone, _folders, _disk, _prompts, _ports, ari_checks,
    ]  # fmt: skip
    return [check for look in checks for check in look(settings)]


def _python(_settings: Settings) -> Iterator[Check]:
    found = ".".join(map(str, sys.version_info[:3]))
    yield Check("python", sys.version_info >= (3, 11), found, "Moked needs Python 3.11 or later")


def _asterisk(settings: Settings) -> Iterator[Check]:
    if settings.asterisk_host:
        return  # ari_checks asks that one for its version
    try:
        found = AsteriskProcess(PbxPlaces.of(settings)).version()
    except (MokedError, OSError, subprocess.TimeoutExpired) as error:
        yield Check("asterisk", ok=False, found=str(error), remedy=_UP)
        return
    version = version_of(found)
    ok = version is not None and is_supported(version)
    yield Check(
        "asterisk",
        ok,
        found or "it does not start",
        "22.10.1 or a later 22 is needed: ./moked upgrade",
    )


def _host_name(_settings: Settings) -> Iterator[Check]:
    """Without this Asterisk asks DNS twice for every call (seen on 22.10.1)."""
    name = socket.gethostname()
    lines = _HOSTS.read_text().splitlines() if _HOSTS.exists() else []
    names = {word for line in lines for word in line.partition("#")[0].split()[1:]}
    remedy = f"add it, as root: echo '127.0.1.1 {name}' >> {_HOSTS}"
    yield Check("host name", name in names, f"{name} in {_HOSTS}: {name in names}", remedy)


def _time_zone(settings: Settings) -> Iterator[Check]:
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        remedy = "install tzdata, or set `timezone` to a name such as Asia/Jerusalem"
        yield Check("time zone", ok=False, found=settings.timezone, remedy=remedy)
    else:
        yield Check("time zone", ok=True, found=settings.timezone)


def _folders(settings: Settings) -> Iterator[Check]:
    home = settings.home
    try:
        allow(home, "path")
    except TextRefused:
        remedy = "set MOKED_HOME to a path of letters, digits, '/', '-', '_', '.'"
        yield Check("home's path", ok=False, found=str(home), remedy=remedy)
    existing = next(path for path in (home, *home.parents) if path.exists())
    writable = os.access(existing, os.W_OK | os.X_OK)
    yield Check("home", writable, str(home), f"make {existing} writable for {_user()}")
    secrets = home / "secrets"
    if secrets.exists():
        private = secrets.stat().st_mode & 0o077 == 0
        yield Check("secrets", private, f"{secrets}", f"chmod 700 {secrets}")


def _disk(settings: Settings) -> Iterator[Check]:
    existing = next(path for path in (settings.home, *settings.home.parents) if path.exists())
    free = shutil.disk_usage(existing).free // 2**20
    least = max(_LEAST_FREE_MIB, settings.recording_min_free_mib)
    remedy = f"free some space: under {least} MiB talks are not recorded"
    yield Check("disk", free >= least, f"{free} MiB free for {settings.home}", remedy)


def _prompts(settings: Settings) -> Iterator[Check]:
    folder = settings.home / "prompts" / "he"
    missing = [name for name in _NEEDED_PROMPTS if not any(folder.glob(f"{name}.*"))]
    found = f"missing: {', '.join(missing)}" if missing else "what the fail-safe says is there"
    yield Check("prompts", not missing, found, _UP)


def _ports(settings: Settings) -> Iterator[Check]:
    children = (PidFile(settings.run / f"{name}.pid") for name in (ASTERISK, SERVICE, DEMO))
    if any(child.living() for child in children):
        yield Check("ports", ok=True, found="in use by this instance, which is up")
        return
    udp, tcp = socket.SOCK_DGRAM, socket.SOCK_STREAM
    for port in (
        _Port("sip_port", settings.sip_host, settings.sip_port, udp),
        _Port("http_port", settings.http_host, settings.http_port, tcp),
    ):
        free = port.number == 0 or _is_free(port)
        name = f"MOKED_{port.setting.upper()}"
        remedy = f"stop what uses it, or set {name} to another port, or to 0 for any free one"
        shown = "any free one" if port.number == 0 else f"{port.host}:{port.number}"
        yield Check(port.setting, free, shown, remedy)


def _is_free(port: _Port) -> bool:
    with socket.socket(socket.AF_INET, port.kind) as probe:
        if port.kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((port.host, port.number))
        except OSError:
            return False
    return True


def _user() -> str:
    return os.environ.get("USER", str(os.getuid()))
