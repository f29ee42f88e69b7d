"""SIPp as caller and as desk phone, and a socket that listens to what Asterisk says to them."""

import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

SCENARIOS = Path(__file__).parent / "sipp"
RTP_HEADER = 12
SILENCE = frozenset({0xD5, 0x55, 0xD4, 0x54})  # A-law: zero and the smallest steps beside it


@dataclass
class Speech:
    """A UDP port that a party's SDP names; keeps when audible A-law first came."""

    host: str = "127.0.0.2"
    _socket: socket.socket = field(init=False)

    def __post_init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((self.host, 0))

    @property
    def port(self) -> int:
        return int(self._socket.getsockname()[1])

    def first_sound(self, seconds: float) -> float | None:
        """Wait for audible speech; return the monotonic moment it came, ``None`` if it did not."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                packet = self._socket.recv(2048)
            except TimeoutError:
                return None
            if any(byte not in SILENCE for byte in packet[RTP_HEADER:]):
                return time.monotonic()
        return None

    def close(self) -> None:
        self._socket.close()


@dataclass
class Sipp:
    """One SIPp process with one of our scenarios; ends with its call."""

    scenario: str
    target: tuple[str, int]
    service: str
    work: Path
    keys: dict[str, str]
    host: str = "127.0.0.2"
    port: int = 0
    seconds: int = 30
    password: str = ""
    user: str = ""

    def start(self) -> "Sipp":
        self.work.mkdir(parents=True, exist_ok=True)
        keys = [word for name, value in self.keys.items() for word in ("-key", name, value)]
        if self.password:
            keys += ["-au", self.user or self.service, "-ap", self.password]
        self._process = subprocess.Popen(
            ["sipp", f"{self.target[0]}:{self.target[1]}", "-sf", SCENARIOS / self.scenario,
             "-s", self.service, "-i", self.host, "-p", str(self.port or free_udp_port(self.host)),
             "-m", "1", "-timeout", f"{self.seconds}s", "-timeout_error", "-nostdin",
             "-trace_err", "-error_file", self.work / f"{self.scenario}.errors", *keys],
            cwd=self.work, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        return self

    def ended_well(self) -> bool:
        """Wait for the scenario's end; say whether every message came as written."""
        try:
            return self._process.wait(self.seconds + 10) == 0
        finally:
            self.end()

    def errors(self) -> str:
        path = self.work / f"{self.scenario}.errors"
        return path.read_text(errors="replace") if path.exists() else ""

    def end(self) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()


def free_udp_port(host: str = "127.0.0.2") -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
