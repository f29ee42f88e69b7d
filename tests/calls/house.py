"""The whole product in a folder of its own, as ``./moked up`` runs it, for tests with real calls.

SIPp plays the residents and the agents' phones; the demonstration's endpoint plays who is outside
(external centre, on-call phone). Callers are told apart by their numbers: each test takes its own.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any, TypeVar

import requests

from tests.calls.private_asterisk import asterisk_root
from tests.calls.sipp_runner import Phone, SippFarm

T = TypeVar("T")
CHECKOUT = Path(__file__).resolve().parents[2]
SLOW = float(os.environ.get("MOKED_TEST_SLOWNESS", "5"))  # time limits are so many times longer
PHONE_HOST = "127.0.0.3"
_callers = count(1)


def fresh_caller() -> str:
    """Return a number that no other test of this process calls from."""
    return f"+97258{os.getpid() % 1000:03d}{next(_callers):04d}"


@dataclass
class House:
    """One running instance."""

    home: Path
    farm: SippFarm
    runtime: dict[str, Any]
    sessions: dict[str, Person] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{self.runtime['http_host']}:{self.runtime['http_port']}"

    def secret(self, name: str) -> str:
        return (self.home / "secrets" / name).read_text().strip()

    def ask(self, path: str) -> Any:
        """Return the console's JSON for the machine's own token."""
        answer = requests.get(
            self.url + path, headers={"X-Moked-Service": self.secret("service-token")}, timeout=30
        )
        answer.raise_for_status()
        return answer.json()

    def agent(self, agent_id: str) -> Person:
        """Return the demo agent, signed in to the console."""
        if agent_id not in self.sessions:
            person = Person(self.url, agent_id, self.secret(f"demo-user-{agent_id}"))
            self.sessions[agent_id] = person
        return self.sessions[agent_id]

    def phone(self, agent_id: str) -> Phone:
        """Return the agent's desk phone, played by SIPp and registered."""
        phone = self.farm.phone(agent_id, self.secret(f"sip-{agent_id}"), PHONE_HOST)
        result = phone.sign_in()
        assert result.ok, result.errors
        return phone

    def demo(self, do: str, **fields: Any) -> dict[str, Any]:
        """Give the demonstration's endpoint one command and return its reply."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.home / "run" / "demo.sock"))
            connection.sendall(json.dumps({"do": do, **fields}).encode() + b"\n")
            reply: dict[str, Any] = json.loads(connection.makefile().readline())
        assert reply["ok"], reply
        return reply

    def behave(self, who: str, named: str) -> None:
        """Let a demo phone or number be ``busy``, ``reject``, ``ignore`` … from now on."""
        self.demo("behave", who=who, named=named)

    def calls_of(self, caller: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.ask(f"/api/calls?number={caller.replace('+', '%2B')}")
        return found

    def call_of(self, caller: str) -> dict[str, Any]:
        """Return the one call of *caller* with its trace, once it has an outcome."""

        def ended() -> dict[str, Any] | None:
            rows = self.calls_of(caller)
            return rows[0]["call"] if rows and rows[0]["call"]["outcome"] else None

        call = until(ended, 10, f"the outcome of {caller}'s call")
        found: dict[str, Any] = self.ask(f"/api/calls/{call['call_id']}")
        return found

    def moked(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run ``./moked`` with *words* against this instance."""
        return _moked(self.home, *words)

    def pid(self, child: str) -> int:
        status = json.loads((self.home / "run" / "status.json").read_text())
        return int(status["children"][child]["pid"])

    def kill(self, child: str, with_signal: int = signal.SIGKILL) -> int:
        """Send a signal to a child of the supervisor and return its pid."""
        pid = self.pid(child)
        os.kill(pid, with_signal)
        return pid

    def wait_ready(self, seconds: float = 20.0) -> None:
        def ready() -> bool:
            try:
                return bool(requests.get(f"{self.url}/api/health", timeout=2).json()["ready"])
            except requests.RequestException:
                return False

        until(ready, seconds, "the service to be ready")


class Person:
    """Somebody signed in to the console."""

    def __init__(self, url: str, name: str, password: str) -> None:
        self.url = url
        self.session = requests.Session()
        answer = self.session.post(
            f"{url}/api/sign-in", json={"name": name, "password": password}, timeout=30
        )
        answer.raise_for_status()
        self.me: dict[str, Any] = answer.json()
        self.session.headers["X-Moked-CSRF"] = self.me["csrf"]

    def get(self, path: str) -> Any:
        answer = self.session.get(self.url + path, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def post(self, path: str, body: Any = None) -> Any:
        answer = self.session.post(self.url + path, json=body, timeout=30)
        answer.raise_for_status()
        return answer.json() if answer.content else None

    def do(self, action: str, body: Any = None) -> None:
        """Do something as the agent one is: sign-in, sign-out, pause, resume …"""
        self.post(f"/api/agents/{self.me['agent_id']}/{action}", body)

    @property
    def state(self) -> str:
        return str(self.get(f"/api/agents/{self.me['agent_id']}")["state"])


def until(found: Callable[[], T | None], seconds: float, what: str) -> T:
    """Ask again and again, other processes have no event for us; fail after *seconds* × SLOW."""
    deadline = time.monotonic() + seconds * SLOW
    while True:
        value = found()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.1)


@contextmanager
def running_house(
    folder: Path, edit: Callable[[Path], None] = lambda _site: None, **environment: str
) -> Iterator[House]:
    """Start an instance in *folder* and stop it at the end; *edit* may change its site before."""
    home = folder / "home"
    site = home / "site"
    site.mkdir(parents=True)
    for name in ("dialplans", "prompts"):
        shutil.copytree(CHECKOUT / name, site / name, ignore=shutil.ignore_patterns("examples"))
    edit(site)
    started = _moked(home, "up", "--detach", **environment)
    try:
        assert started.returncode == 0, started.stdout + started.stderr + _logs(home)
        runtime = json.loads((home / "run" / "runtime.json").read_text())
        server = (runtime["sip_host"], runtime["sip_port"])
        with SippFarm(folder / "sipp", server, host=runtime["demo_host"]) as farm:
            yield House(home, farm, runtime)
    finally:
        _moked(home, "down", **environment)


def _moked(home: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    tools = os.environ.get("MOKED_TOOLS", str(CHECKOUT / ".moked" / "tools"))
    env = {
        **os.environ,
        "MOKED_HOME": str(home),
        "MOKED_TOOLS": tools,
        "MOKED_SIP_PORT": "0",
        "MOKED_HTTP_PORT": "0",
        "PYTHONPATH": str(CHECKOUT),
        "PYTHONUTF8": "1",
        "PYTHONPYCACHEPREFIX": f"{tools}/pycache",  # as the launcher does
        **environment,
    }
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    assert asterisk_root() is not None
    command = [sys.executable, "-m", "ivr", *words]
    return subprocess.run(
        command, env=env, cwd=home, capture_output=True, text=True, timeout=300, check=False
    )


def _logs(home: Path) -> str:
    files = sorted((home / "log").glob("*.out")) + sorted((home / "log").glob("*.log"))
    return "\n".join(f"== {file.name}\n{file.read_text()[-1500:]}" for file in files)
