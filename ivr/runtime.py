"""What a start really uses: every port resolved, free ones found, kept in ``run/runtime.json``."""

import os
import re
import socket
from pathlib import Path

import msgspec

from ivr.errors import SettingsInvalid
from ivr.settings import Settings


class Runtime(msgspec.Struct, frozen=True, kw_only=True):
    """What this start really uses: every port resolved."""

    instance: str
    sip_host: str
    sip_port: int
    http_host: str
    http_port: int
    asterisk_host: str
    ari_port: int
    ami_port: int
    agi_port: int
    rtp_start: int
    rtp_end: int
    demo: bool
    demo_host: str  # address the demo carrier sends from and listens on
    demo_port: int

    @property
    def console_url(self) -> str:
        return f"http://{self.http_host}:{self.http_port}"

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        new = folder / f"runtime.json.{os.getpid()}"
        new.write_bytes(msgspec.json.encode(self))
        new.replace(folder / "runtime.json")

    @classmethod
    def load(cls, folder: Path) -> "Runtime | None":
        """Return what the running instance uses, ``None`` if it was never started."""
        try:
            return msgspec.json.decode((folder / "runtime.json").read_bytes(), type=cls)
        except FileNotFoundError:
            return None


DEMO_HOST = "127.0.0.2"  # the demo carrier's own loopback address: Asterisk tells trunks by address


def resolve(settings: Settings, before: Runtime | None = None) -> Runtime:
    """Choose a free port wherever the setting is 0; keep those of *before* that are still free.

    Raises:
        SettingsInvalid: a port that was asked for is taken by somebody else.
    """

    def port(name: str, host: str, kind: socket.SocketKind = socket.SOCK_STREAM) -> int:
        wanted: int = getattr(settings, name)
        kept: int = getattr(before, name) if before and not wanted else 0
        for candidate in (wanted or kept, 0):
            found = _bindable(host, candidate, kind)
            if found:
                return found
            if wanted:
                env = f"MOKED_{name.upper()}"
                raise SettingsInvalid(
                    f"port {wanted} on {host} ({name}) is taken: stop what uses it, or set "
                    f"{env} to another port, or to 0 for any free one"
                )
        raise SettingsInvalid(f"no free port left on {host} for {name}")

    asterisk = settings.asterisk_host or "127.0.0.1"
    rtp_start = settings.rtp_start or _free_range(settings.rtp_ports)
    return Runtime(
        instance=settings.instance,
        sip_host=settings.sip_host,
        sip_port=port("sip_port", settings.sip_host, socket.SOCK_DGRAM),
        http_host=settings.http_host,
        http_port=port("http_port", settings.http_host),
        asterisk_host=asterisk,
        ari_port=settings.ari_port if settings.asterisk_host else port("ari_port", asterisk),
        ami_port=settings.ami_port if settings.asterisk_host else port("ami_port", asterisk),
        agi_port=port("agi_port", "127.0.0.1"),
        rtp_start=rtp_start,
        rtp_end=rtp_start + settings.rtp_ports - 1,
        demo=settings.demo_wanted,
        demo_host=DEMO_HOST,
        demo_port=port("demo_port", DEMO_HOST, socket.SOCK_DGRAM),
    )


def _bindable(host: str, port: int, kind: socket.SocketKind) -> int:
    """Return the port bound for a moment, 0 if it cannot be had."""
    with socket.socket(socket.AF_INET, kind) as probe:
        if kind is socket.SOCK_STREAM:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return 0
        return int(probe.getsockname()[1])


def _free_range(size: int) -> int:
    """Return an even start of *size* UDP ports, a few of which were seen free."""
    ports = Path("/proc/sys/net/ipv4/ip_local_port_range")
    low = int(re.split(r"\s+", ports.read_text())[0]) if ports.exists() else 32768
    seed = os.getpid() * 97
    span = max(2, low - 10000 - size)
    for attempt in range(64):
        start = 10000 + (seed + attempt * size) % span // 2 * 2
        tries = range(start, start + size, max(2, size // 16))
        if all(_bindable("127.0.0.1", candidate, socket.SOCK_DGRAM) for candidate in tries):
            return start
    raise SettingsInvalid("no free range of UDP ports for speech: set MOKED_RTP_START")
