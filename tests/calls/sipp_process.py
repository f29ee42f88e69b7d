"""One SIPp process, its result, and the ports that it needs."""

from __future__ import annotations

import csv
import random
import re
import socket
import subprocess
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

_PLACE = re.compile(r"c=IN IP4 (\S+).*?m=audio (\d+)", re.DOTALL)
_given: deque[int] = deque(maxlen=300)  # ports whose SIPp has perhaps not bound them yet


def free_port(host: str, *, media: bool = False) -> int:
    """Return a UDP port of *host* that nobody uses now.

    A *media* port is even and the two after it are free: SIPp binds the second one for video. All
    lie outside of the range from which the kernel deals out ports to everybody else, who would
    else take one between our look at it and SIPp's; none is given twice in a row.

    Raises:
        OSError: none was found.
    """
    for _ in range(100):
        port = 4 * _any(1500, 2400) if media else _any(61000, 65500)
        if port in _given:
            continue
        _given.append(port)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            try:
                probe.bind((host, port))
            except OSError:
                continue
            if not media or (_is_free(host, port + 1) and _is_free(host, port + 2)):
                return port
    raise OSError(f"no free UDP port on {host}")


def _any(first: int, last: int) -> int:
    return random.randrange(first, last)  # noqa: S311 - no secret


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.bind((host, port))
        except OSError:
            return False
        return True


@dataclass(frozen=True)
class SippResult:
    """How a SIPp process ended: 0 all calls went as written, 1 some did not, 97 out of time."""

    exit_code: int
    errors: str
    messages: str
    created: int
    successful: int
    failed: int
    response_times: Mapping[str, str] = field(default_factory=dict)

    @property
    def ok(self) -> bool:
        return self.exit_code == 0 and self.failed == 0

    @property
    def statuses(self) -> list[int]:
        """Every SIP status that came in or went out, in order."""
        return [int(found) for found in re.findall(r"^SIP/2\.0 (\d{3})", self.messages, re.M)]


@dataclass
class RunningSipp:
    """One SIPp process."""

    process: subprocess.Popen[bytes]
    work: Path
    seconds: float
    host: str
    port: int

    def wait(self) -> SippResult:
        """Wait for the scenario's end; SIPp itself gives up after its time."""
        try:
            code = self.process.wait(self.seconds + 15)
        except subprocess.TimeoutExpired:
            self.stop()
            code = 97
        return self._result(code)

    @property
    def is_running(self) -> bool:
        return self.process.poll() is None

    def speech_place(self, wait: float = 10.0) -> tuple[str, int]:
        """Return where the server wants our speech, from the SDP that came; see ``speak_to``.

        Raises:
            TimeoutError: no SDP came within *wait* seconds.
        """
        deadline = time.monotonic() + wait
        while time.monotonic() < deadline:
            received = _read(self.work / "messages.log").split("message received")[1:]
            for message in reversed(received):
                found = _PLACE.search(message)
                if found:
                    return found[1], int(found[2])
            time.sleep(0.05)  # SIPp tells nobody when it writes its log
        raise TimeoutError("no SDP came from the server")

    def stop(self) -> None:
        """End the process without a word to the other side."""
        if self.is_running:
            self.process.kill()
        self.process.wait(10)

    def _result(self, code: int) -> SippResult:
        row = self._last_row()
        return SippResult(
            exit_code=code,
            errors=_read(self.work / "errors.log"),
            messages=_read(self.work / "messages.log"),
            created=int(row.get("TotalCallCreated", 0) or 0),
            successful=int(row.get("SuccessfulCall(C)", 0) or 0),
            failed=int(row.get("FailedCall(C)", 0) or 0),
            response_times={k: v for k, v in row.items() if k and k.startswith("ResponseTime")},
        )

    def _last_row(self) -> dict[str, str]:
        text = _read(self.work / "stat.csv")
        rows = list(csv.DictReader(text.splitlines(), delimiter=";"))
        return rows[-1] if rows else {}


def _read(path: Path) -> str:
    return path.read_text(errors="replace") if path.exists() else ""
