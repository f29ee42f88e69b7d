"""A throw-away PostgreSQL server: a folder and a socket of its own, run as its package's user."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

import psycopg
from psycopg import sql

_PROGRAMS = Path("/usr/lib/postgresql")
_PACKAGE_USER = "postgres"


def programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl`` of the newest installed version, if any."""
    found = sorted(_PROGRAMS.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


class Postgres:
    """One server; ``url(name)`` makes a fresh, empty database in it."""

    def __init__(self) -> None:
        folder = programs()
        if folder is None:
            raise FileNotFoundError("no PostgreSQL server here: apt-get install postgresql")
        self._programs = folder
        self._folder = Path(tempfile.mkdtemp(prefix="moked-pg-"))
        self._data = self._folder / "data"

    def start(self) -> None:
        if os.geteuid() == 0:
            owner = pwd.getpwnam(_PACKAGE_USER)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._run("initdb", "-D", str(self._data), "-U", "moked", "-A", "trust", "-E", "UTF8",
                  "--locale=C", "--no-sync")  # fmt: skip
        self.start_again()

    def start_again(self) -> None:
        """Start the server over the data it has."""
        options = (
            f"-k {self._folder} -c listen_addresses= -c max_connections=60"  # no port to collide on
            " -c fsync=off"  # nothing here has to survive a power cut
        )
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", str(self._data), "-w", "-t", "60", "-l", log,
                  "-o", options, "start")  # fmt: skip

    def crash(self) -> None:
        """Stop it without a word to anybody: connections break, new ones are refused."""
        self._run("pg_ctl", "-D", str(self._data), "-w", "-m", "immediate", "stop")

    def stop(self) -> None:
        if (self._data / "postmaster.pid").exists():
            self.crash()
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, name: str, *, like: str = "template1") -> str:
        """Make the database *name* anew, a copy of *like*; return its SQLAlchemy address."""
        address = f"host={self._folder} user=moked dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            known, template = sql.Identifier(name), sql.Identifier(like)
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(known))
            connection.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY FILE_COPY").format(known, template)
            )
        return f"postgresql+psycopg://moked@/{name}?host={self._folder}"

    def freeze(self) -> None:
        """Stop every process of the server where it stands: it hangs, it does not refuse."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, which: signal.Signals) -> None:
        postmaster = int((self._data / "postmaster.pid").read_text().split()[0])
        for process in (*_children(postmaster), postmaster):
            os.kill(process, which)

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            command = ["setpriv", f"--reuid={_PACKAGE_USER}", f"--regid={_PACKAGE_USER}",
                       "--clear-groups", *command]  # fmt: skip
        # pg_ctl leaves the server with our pipes open, so its words go to a file.
        with tempfile.TemporaryFile() as output:
            ended = subprocess.run(
                command, stdout=output, stderr=output, stdin=subprocess.DEVNULL, check=False,
                cwd=self._folder,
            )  # fmt: skip
            if ended.returncode:
                output.seek(0)
                words = output.read().decode(errors="replace")
                raise RuntimeError(f"{program} failed ({ended.returncode}): {words}")


def _children(process: int) -> list[int]:
    listed = Path(f"/proc/{process}/task/{process}/children").read_text()
    return [int(child) for child in listed.split()]
