"""Starts a supervised instance as a process, looks at it from outside, and breaks it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.pbx.places import PbxPlaces
from ivr.pbx.private import PrivateAsterisk
from ivr.pbx.process import AsteriskProcess
from ivr.runtime import Runtime
from ivr.secret_files import SecretFiles
from ivr.settings import CHECKOUT, Settings

NOISE = float(os.environ.get("MOKED_TEST_NOISE", "5"))  # limits are that many times the figure

OPTIONS = (
    "OPTIONS sip:probe@127.0.0.1:{port} SIP/2.0\r\n"
    "Via: SIP/2.0/UDP 127.0.0.1:{ours};rport;branch=z9hG4bK{nonce}\r\n"
    "From: <sip:moked-probe@127.0.0.1>;tag={nonce}\r\nTo: <sip:probe@127.0.0.1>\r\n"
    "Call-ID: {nonce}\r\nCSeq: 1 OPTIONS\r\nMax-Forwards: 2\r\nContent-Length: 0\r\n\r\n"
)


@dataclass
class Instance:
    """One supervised instance with its state in *home*."""

    home: Path
    root: Path
    _process: subprocess.Popen[bytes] = field(init=False)

    def start(self, seconds: float = 60.0) -> None:
        """Start the supervisor; return when everything is ready."""
        tools = self.home / "tools"
        tools.mkdir(parents=True, exist_ok=True)
        if not (tools / "asterisk").exists():
            (tools / "asterisk").symlink_to(self.root)
        ports = dict.fromkeys(("MOKED_SIP_PORT", "MOKED_HTTP_PORT"), "0")
        env = {**os.environ, **ports, "MOKED_RTP_PORTS": "400", "MOKED_HOME": str(self.home),
               "MOKED_TOOLS": str(tools), "PYTHONPATH": str(CHECKOUT)}  # fmt: skip
        (self.home / "ready").unlink(missing_ok=True)
        with (self.home / "up.out").open("ab") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.drills.supervised"],
                env=env, cwd=self.home, stdout=output, stderr=output,
            )  # fmt: skip
        self.wait("ready", (self.home / "ready").exists, seconds)

    def stop(self) -> None:
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait(40)
        for name in ("service", "asterisk"):
            path = self.home / "run" / f"{name}.pid"
            if path.exists():
                self.signal(name, signal.SIGKILL)

    def kill_supervisor(self) -> None:
        self._process.kill()
        self._process.wait(10)

    def signal(self, name: str, sign: signal.Signals) -> None:
        os.killpg(self.pid(name), sign)

    def pid(self, name: str) -> int:
        return int((self.home / "run" / f"{name}.pid").read_text().split()[0])

    def status(self) -> dict[str, Any]:
        status: dict[str, Any] = json.loads((self.home / "run/status.json").read_text())
        return status

    @property
    def settings(self) -> Settings:
        return Settings.model_validate(
            {"home": self.home, "tools": self.home / "tools", "rtp_ports": 400}
        )

    @property
    def runtime(self) -> Runtime:
        runtime = Runtime.load(self.home / "run")
        assert runtime is not None
        return runtime

    @property
    def pbx(self) -> PrivateAsterisk:
        """The running Asterisk, as the PBX tests know one."""
        secrets = SecretFiles(self.home / "secrets")
        places = PbxPlaces.of(self.settings)
        return PrivateAsterisk(
            self.settings, self.runtime, places, AsteriskProcess(places),
            secrets.get("ari"), secrets.get("ami"),
        )  # fmt: skip

    def answers(self) -> bool:
        """Say whether a SIP OPTIONS is answered within half a second."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ask:
            ask.bind(("127.0.0.1", 0))
            ask.settimeout(0.5)
            port = self.runtime.sip_port
            nonce = f"{time.monotonic_ns():x}"
            text = OPTIONS.format(port=port, ours=ask.getsockname()[1], nonce=nonce)
            ask.sendto(text.encode(), ("127.0.0.1", port))
            try:
                return ask.recv(2048).startswith(b"SIP/2.0 ")
            except (TimeoutError, ConnectionRefusedError):
                return False

    def wait(self, what: str, is_so: Callable[[], bool], seconds: float) -> float:
        """Ask until *is_so*; return how long it took.

        Raises:
            AssertionError: it did not come true within *seconds*.
        """
        began = time.monotonic()
        while not is_so():
            took = time.monotonic() - began
            assert took < seconds, f"{what}: not within {seconds} s\n{self.words()}"
            assert self._process.poll() is None or what == "ended", self.words()
            time.sleep(0.05)  # another process' doing: nothing to wait on
        return time.monotonic() - began

    def words(self) -> str:
        files = [self.home / "up.out", *sorted((self.home / "log").glob("*.[ol]*"))]
        return "\n".join(f"{f.name}: {f.read_text()[-1500:]}" for f in files if f.is_file())
