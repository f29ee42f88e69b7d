"""A throw-away SMTP server, the real Exim: own folder, free port, never root, mail into files."""

from __future__ import annotations

import email
import email.policy
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from email.message import EmailMessage
from pathlib import Path

_PROGRAM = "/usr/sbin/exim4"  # Debian: exim4-daemon-light
_BOOT_SECONDS = 15.0
_CONFIGURATION = """
spool_directory = {folder}/spool
log_file_path = {folder}/log-%s
pid_file_path = {folder}/exim.pid
primary_hostname = mail.example.org
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
exim_user = {user}
exim_group = {group}
tls_advertise_hosts =
keep_environment =
host_lookup =
rfc1413_hosts =
allow_utf8_domains = true
smtputf8_advertise_hosts = *
acl_smtp_rcpt = rcpt
acl_smtp_data = accept

begin acl
rcpt:
  deny    local_parts = nobody-here
          message = no such person here
  defer   local_parts = come-back
          message = try again later
  accept

begin routers
everybody:
  driver = accept
  transport = files

begin transports
files:
  driver = appendfile
  directory = {folder}/mail
  maildir_format
  user = {user}
  group = {group}
"""


def program() -> str | None:
    """Where Exim is, if it is installed."""
    return _PROGRAM if Path(_PROGRAM).exists() else None


class SmtpServer:
    """Takes mail for everybody but ``nobody-here@`` (550) and ``come-back@`` (451)."""

    host = "127.0.0.1"

    def __init__(self) -> None:
        self.port = _free_port()
        self._folder = Path(tempfile.mkdtemp(prefix="moked-smtp-"))
        self._server: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it takes connections.

        Raises:
            TimeoutError: it did not, with what Exim said.
        """
        root = os.geteuid() == 0
        user = pwd.getpwnam("nobody") if root else pwd.getpwuid(os.geteuid())
        configuration = self._folder / "exim.conf"
        configuration.write_text(
            _CONFIGURATION.format(
                folder=self._folder, port=self.port, user=user.pw_uid, group=user.pw_gid
            )
        )
        self._folder.chmod(0o755)
        if root:
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        command = [_PROGRAM, "-C", str(configuration), "-bdf"]
        if root:
            command = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                       "--clear-groups", *command]  # fmt: skip
        with (self._folder / "words").open("wb") as words:
            self._server = subprocess.Popen(command, stdout=words, stderr=words)
        self._wait_for_greeting()

    def stop(self) -> None:
        if self._server is not None:
            self._server.terminate()
            self._server.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def mails(self, count: int, within: float = 15.0) -> list[EmailMessage]:
        """Wait until *count* mails lie in the files and return them, oldest first."""
        deadline = time.monotonic() + within
        while True:
            files = sorted((self._folder / "mail" / "new").glob("*"), key=_written)
            if len(files) >= count or time.monotonic() > deadline:
                return [_read(file) for file in files]
            time.sleep(0.05)  # Exim delivers in a process of its own and tells nobody

    def _wait_for_greeting(self) -> None:
        deadline = time.monotonic() + _BOOT_SECONDS
        while time.monotonic() < deadline:
            try:
                with socket.create_connection((self.host, self.port), 1) as connection:
                    if connection.recv(3) == b"220":
                        return
            except OSError:
                time.sleep(0.05)  # not listening yet
        words = (self._folder / "words").read_text(errors="replace")
        self.stop()
        raise TimeoutError(f"Exim does not answer: {words}")


def _written(file: Path) -> int:
    return file.stat().st_mtime_ns


def _read(file: Path) -> EmailMessage:
    with file.open("rb") as content:
        mail = email.message_from_binary_file(content, policy=email.policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
